"""The screens of arrangements in the Wagtail admin: a list, a form, and the question before deleting."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ebok.customers.models import CustomerGroup
from ebok.plugins.activation import enabled_anywhere
from ebok.plugins.permissions import allowed
from ebok.zones.views import LARGEST_ID
from ebok_plugins.client_zone.arrangement_form import ArrangementForm
from ebok_plugins.client_zone.arranging import delete_arrangement, store_arrangement
from ebok_plugins.client_zone.models import CardArrangement
from ebok_plugins.client_zone.reports import REPORTS

KEY = "client_zone"
RIGHT = "client_zone.arrange_cards"
LIST = "client_zone_arrangements"


def may_arrange(user: Any) -> bool:
    """Whether this person sees the screens."""
    return allowed(user, RIGHT)


class ArrangingMixin(WagtailAdminTemplateMixin, View):
    """Only for those who may, and only while the zone is on somewhere."""

    header_icon = "grip"
    page_title: Any = gettext_lazy("Dashboards of clients")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 while the zone is off on every site."""
        if not enabled_anywhere(KEY, request):
            raise Http404
        if not may_arrange(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def arrangement(self) -> CardArrangement:
        """The one in the address, or a new one."""
        key = self.kwargs.get("pk")
        if key is None:
            return CardArrangement()
        found: Model | None = CardArrangement.objects.filter(pk=key).first() if key <= LARGEST_ID else None
        if not isinstance(found, CardArrangement):
            raise Http404
        return found

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The list, then here."""
        here: list[dict[str, Any]] = [{"url": reverse(LIST), "label": _("Dashboards of clients")}]
        if self.page_title != ArrangingMixin.page_title:
            here.append({"url": "", "label": self.page_title})
        return [*self.breadcrumbs_items, *here]


class Arrangements(ArrangingMixin):
    """Every arrangement, in the order in which they count."""

    template_name = "client_zone/admin/arrangements.html"

    def get(self, _request: HttpRequest) -> HttpResponseBase:
        """With the names of their groups."""
        names = dict(CustomerGroup.objects.values_list("code", "name"))
        rows = [
            (
                arrangement,
                names.get(arrangement.group_code, arrangement.group_code) or _("everybody"),
                sum(1 for place in arrangement.places if place.get("shown", True)),
                REPORTS[arrangement.report].title if arrangement.report in REPORTS else "",
            )
            for arrangement in CardArrangement.objects.select_related("site")
        ]
        return self.render_to_response(self.get_context_data(rows=rows))


class EditArrangement(ArrangingMixin):
    """A new arrangement, or a changed one."""

    template_name = "client_zone/admin/arrangement.html"

    @property
    def page_title(self) -> Any:
        """New, or whose."""
        return str(self.arrangement) if self.arrangement.pk else _("New arrangement")

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        """The form."""
        return self._shown(ArrangementForm(instance=self.arrangement))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        """Store it, or say what is wrong."""
        form = ArrangementForm(request.POST, instance=self.arrangement)
        if not form.is_valid():
            return self._shown(form)
        try:
            store_arrangement(form.save(commit=False), form.places, actor=request.user, request=request)
        except IntegrityError:
            # Somebody else made one for the same group a moment ago.
            form.add_error("group_code", _("This group has an arrangement already. Change that one."))
            return self._shown(form)
        messages.success(request, _("The dashboard is arranged."))
        return redirect(LIST)

    def _shown(self, form: ArrangementForm) -> HttpResponseBase:
        return self.render_to_response(self.get_context_data(form=form, arrangement=self.arrangement))


class DeleteArrangement(ArrangingMixin):
    """Asks, then deletes."""

    template_name = "client_zone/admin/delete.html"
    page_title = gettext_lazy("Delete the arrangement")

    def get(self, _request: HttpRequest, pk: int) -> HttpResponseBase:
        """The question."""
        return self.render_to_response(self.get_context_data(arrangement=self.arrangement))

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Done; clients see the cards as the modules want them."""
        delete_arrangement(self.arrangement, actor=request.user, request=request)
        messages.success(request, _("The arrangement is deleted."))
        return redirect(LIST)
