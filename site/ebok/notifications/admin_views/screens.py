"""What all screens of the messages share: the door, the crumbs, the site."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site

from ebok.plugins.permissions import allowed


class MessageScreen(WagtailAdminTemplateMixin, View):
    """Only for people with the right `needed`; never kept by a cache."""

    header_icon = "mail"
    needed: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse people without the right."""
        if not allowed(request.user, self.needed):
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def crumbs(self) -> list[tuple[str, str]]:
        """What lies between home and here, as addresses and titles."""
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, then the way, then here."""
        way = [{"url": url, "label": label} for url, label in self.crumbs()]
        return [*self.breadcrumbs_items, *way, {"url": "", "label": self.page_title}]


def wanted_site(request: HttpRequest) -> Site:
    """The site that `?serwis=` names, or the default one. Raises `Http404`."""
    typed = request.GET.get("serwis", "")
    sites = Site.objects.order_by("pk")
    if typed:
        found = (
            sites.filter(pk=int(typed)).first()
            if typed.isascii() and typed.isdecimal() and len(typed) < 10
            else None
        )
    else:
        found = sites.filter(is_default_site=True).first() or sites.first()
    if found is None:
        raise Http404
    return found
