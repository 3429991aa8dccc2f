"""Base views of zone pages: who may enter, what the shell needs, how the front page is made."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from django.views.generic.base import ContextMixin, View

from ebok.plugins.permissions import allowed
from ebok.plugins.registry import registry
from ebok.ports import Zone
from ebok.zones.cards import DrawnCard, dashboard_cards
from ebok.zones.navigation import zone_navigation

Crumb = tuple[Any, str]
"""Title and address; the last crumb's address is empty."""
LARGEST_ID = 2**63 - 1
"""The largest number a key can be; what an address asks beyond it is not there, and no database is asked."""


class ZoneMixin(ContextMixin, View):
    """For every page inside a zone.

    1. Anonymous visitors go to sign-in and come back.
    2. People the zone does not let in, or who lack `permission_required`, see 404.
    3. The page gets `zone`, `zone_navigation`, `crumbs` and `help_url`, and is never stored
       by a cache.
    """

    permission_required: str = ""
    is_personal: bool = False
    """Whether the permission alone opens nothing, because `refusal` also asks who the person is."""
    title: Any = ""
    help_topic: str = ""

    @property
    def zone(self) -> Zone:
        """The zone in whose namespace this page was reached."""
        match = self.request.resolver_match
        if match is None or not match.namespaces or match.namespaces[0] not in registry.zones:
            raise Http404
        return registry.zones[match.namespaces[0]][0]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in, send to sign-in, or deny that the page exists."""
        zone = self.zone
        if not request.user.is_authenticated:
            response: HttpResponseBase = redirect_to_login(request.get_full_path())
        elif not zone.may_enter(request) or (
            self.permission_required and not allowed(request.user, self.permission_required)
        ):
            raise Http404
        else:
            refusal = self.refusal(request)
            response = super().dispatch(request, *args, **kwargs) if refusal is None else refusal
        if isinstance(response, HttpResponse):
            response["Cache-Control"] = "no-store"
        return response

    def refusal(self, request: HttpRequest) -> HttpResponseBase | None:
        """What is answered instead of the page to a person the zone let in; None goes on. May raise 404."""
        return None

    def crumbs(self) -> list[Crumb]:
        """The way here inside the zone; a page below a list adds the list."""
        return [(self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the zone's shell needs, beside what the page adds."""
        zone = self.zone
        context = super().get_context_data(**kwargs)
        context.setdefault("title", self.title)
        context.update(
            zone=zone,
            zone_navigation=zone_navigation(self.request, zone.key),
            crumbs=[(zone.title, zone_front(zone)), *self.crumbs()],
            help_topic=self.help_topic,
        )
        return context


class ZoneDashboard(ZoneMixin, TemplateView):
    """The zone's front page: the cards of enabled plugins, or a friendly empty state."""

    template_name = "zones/dashboard.html"
    title = _("Start")
    help_topic = "dashboard"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the cards."""
        return super().get_context_data(cards=self.cards(), **kwargs)

    def cards(self) -> list[DrawnCard]:
        """The cards to draw; a zone that lets people arrange them answers otherwise."""
        return dashboard_cards(self.request, self.zone.key)


def zone_front(zone: Zone) -> str:
    """Address of the zone's front page in the active language."""
    return reverse(f"{zone.key}:{registry.zones[zone.key][1].key}:dashboard")
