"""Employees look after the board."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.models import Site

from ebok.zones.views import ZoneMixin
from ebok_sample_noticeboard.queries import notices_to_moderate
from ebok_sample_noticeboard.services import take_down


class Moderate(ZoneMixin, TemplateView):
    """Everything that hangs on the board."""

    template_name = "noticeboard/list.html"
    permission_required = "noticeboard.moderate"
    title = _("Notice board")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the page of notices."""
        notices = notices_to_moderate(Site.find_for_request(self.request))
        return super().get_context_data(
            page=Paginator(notices, 20).get_page(self.request.GET.get("page")), **kwargs
        )


class TakeDown(ZoneMixin, TemplateView):
    """Ask, then take a notice down."""

    template_name = "noticeboard/take_down.html"
    permission_required = "noticeboard.moderate"
    title = _("Take a notice down")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the notice."""
        notices = notices_to_moderate(Site.find_for_request(self.request))
        return super().get_context_data(
            notice=get_object_or_404(notices, public_id=kwargs.pop("public_id")), **kwargs
        )

    def post(self, request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
        """Take it down and go back to the board."""
        notices = notices_to_moderate(Site.find_for_request(request))
        take_down(notice=get_object_or_404(notices, public_id=public_id), actor=request.user)
        return redirect("employee:noticeboard:moderate")
