"""The gate: one middleware that answers 404 for every URL of a plugin that is off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.models import Site

from ebok.plugins.activation import enabled_keys
from ebok.plugins.registry import registry

ZONE_NAMESPACES = ("public",)
"""Namespaces besides the zones' own whose second part names a plugin."""


class GateMiddleware:
    """Looks at the URL namespace `<zone>:<plugin>` and lets only enabled plugins through.

    1. The site is found from the host; `request.ebok_enabled` lists what is on there, read
       when first asked for and once for the request.
    2. `public:<plugin>`, `client:<plugin>` and so on: 404 when the plugin, or the plugin that
       opens the zone, is off. This comes before sign-in and permission checks, so a switched-off
       module looks as if it had never been there.
    3. `webhooks:<plugin>` always passes: money in flight must land.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        EnabledPlugins.attach(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer 404 (by raising) when the URL belongs to a plugin that is off."""
        match = request.resolver_match
        namespaces = match.namespaces if match else []
        if len(namespaces) < 2 or namespaces[0] not in (*ZONE_NAMESPACES, *registry.zones):
            return None
        zone, plugin = namespaces[0], namespaces[1]
        enabled = EnabledPlugins.of(request)
        if plugin not in enabled:
            raise Http404
        if zone in registry.zones and registry.zones[zone][1].key not in enabled:
            raise Http404
        return None


class EnabledPlugins:
    """The set of enabled keys on a request, read from the database when first asked for."""

    @staticmethod
    def attach(request: HttpRequest) -> None:
        """Forget what an earlier use of this request object may have left."""
        request.__dict__.pop("ebok_enabled", None)

    @staticmethod
    def of(request: HttpRequest) -> frozenset[str]:
        """Keys that are on for the request's site; at most one query for each request."""
        cached = getattr(request, "ebok_enabled", None)
        if cached is None:
            cached = enabled_keys(Site.find_for_request(request))
            request.ebok_enabled = cached  # type: ignore[attr-defined]  # our own attribute
        return cached
