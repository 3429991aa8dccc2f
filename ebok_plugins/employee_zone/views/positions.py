"""What each position may do: a matrix of declared permissions and groups (H01, K07, K13)."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from ebok.accounts.models import User
from ebok.zones.views import Crumb, ZoneMixin
from ebok_plugins.employee_zone import queries, services
from ebok_plugins.employee_zone.forms import PositionForm

LARGEST_ID = 2**31 - 1
"""Groups are numbered by Django's own 32-bit keys."""


class PositionsMixin(ZoneMixin):
    """For both pages about positions."""

    permission_required = "employee_zone.manage_positions"
    title: Any = gettext_lazy("Positions")


class Positions(PositionsMixin, TemplateView):
    """All positions and groups with the number of people and of rights; a new one is added here."""

    template_name = "employee_zone/positions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Three queries whatever their number."""
        kwargs.setdefault("form", PositionForm())
        return super().get_context_data(positions=queries.positions(), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Add one."""
        form = PositionForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        made = services.add_position(
            form.cleaned_data["name"], actor=cast("User", request.user), request=request
        )
        return redirect("employee:employee_zone:position", pk=made.pk)


class PositionPage(PositionsMixin, TemplateView):
    """One position's column of the matrix, grouped by the part of the portal."""

    template_name = "employee_zone/position.html"

    @cached_property
    def position(self) -> Group:
        """The group of the address."""
        key = self.kwargs["pk"]
        found = Group.objects.filter(pk=key).first() if key <= LARGEST_ID else None
        if found is None:
            raise Http404
        return found

    def crumbs(self) -> list[Crumb]:
        """The list, then here."""
        return [
            (gettext_lazy("Positions"), reverse("employee:employee_zone:positions")),
            (self.position.name, ""),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each right with whether the position has it and whether the person at work may give it."""
        return super().get_context_data(
            title=self.position.name,
            position=self.position,
            parts=queries.rights_of(self.position, cast("User", self.request.user)),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save the column."""
        actor = cast("User", request.user)
        # Boxes the actor may not change are not sent; what stands there stays.
        kept = {
            right.name
            for part in queries.rights_of(self.position, actor)
            for right in part.rights
            if right.is_held and not right.may_be_changed
        }
        try:
            services.set_rights(
                self.position, {*request.POST.getlist("right"), *kept}, actor=actor, request=request
            )
        except services.NotAllowed as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Saved. It holds from the next page on."))
        return redirect("employee:employee_zone:position", pk=self.position.pk)
