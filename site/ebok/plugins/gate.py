"""The gate: one middleware that answers 404 for every URL of a plugin that is off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation

from ebok.plugins.activation import enabled_keys
from ebok.plugins.registry import registry
from ebok.plugins.site import site_of

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
        needed = needed_plugins(match.namespaces if match else ())
        if needed and not needed <= EnabledPlugins.of(request):
            raise Http404
        return None


def needed_plugins(namespaces: Sequence[str]) -> frozenset[str]:
    """Keys of the plugins that must be on for a URL of these namespaces; empty when it needs none."""
    if len(namespaces) < 2 or namespaces[0] not in (*ZONE_NAMESPACES, *registry.zones):
        return frozenset()
    zone, plugin = namespaces[0], namespaces[1]
    opened_by = {registry.zones[zone][1].key} if zone in registry.zones else set()
    return frozenset({plugin, *opened_by})


def leads_somewhere(request: HttpRequest, address: str) -> bool:
    """False when the address is one of this portal's and belongs to a plugin that is off on this site.

    For links that people type in settings: they are left out while the module is off and are back with
    it. `address` is a path ("/dokumenty/?q=a"); everything else (https:, tel:) leads outside and is True.
    """
    path = urlsplit(address).path if address.startswith("/") and not address.startswith("//") else ""
    if not path:
        return True
    needed = _needed_at(path, settings.ROOT_URLCONF)
    return needed <= EnabledPlugins.of(request) if needed else True


@lru_cache(maxsize=512)
def _needed_at(path: str, urls: str) -> frozenset[str]:
    """What a path needs. Kept: resolving is slow, every public page asks, and addresses do not move."""
    try:
        # Addresses of a language are found only while it is active.
        with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
            return needed_plugins(resolve(path, urls).namespaces)
    except Resolver404:
        return frozenset()


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
            cached = enabled_keys(site_of(request))
            request.ebok_enabled = cached  # type: ignore[attr-defined]  # our own attribute
        return cached
