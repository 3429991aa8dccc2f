"""Public pages that modules contribute to menu, site map and sitemap."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from ebok.pagecache.kept import kept
from ebok.plugins.gate import EnabledPlugins
from ebok.plugins.registry import registry
from ebok.plugins.site import site_of
from ebok.ports import NavItem

PUBLIC_ZONE = "public"


def module_pages(request: HttpRequest, language: str) -> list[tuple[NavItem, str, str]]:
    """(item, title, path) of the public pages of modules that are on; asks nothing when none has any."""
    items = [
        (owner, item) for owner, item in registry.contributions("navigation") if item.zone == PUBLIC_ZONE
    ]
    enabled = EnabledPlugins.of(request) if items else frozenset()
    with translation.override(language):
        return [
            (item, str(item.title), reverse(f"{PUBLIC_ZONE}:{owner.key}:{item.view}"))
            for owner, item in sorted(items, key=lambda entry: entry[1].order)
            if owner.key in enabled
        ]


def is_offered(request: HttpRequest, item: NavItem) -> bool:
    """Whether the public page of a module that is on is there on this site; asked once for a generation."""
    if item.offered is None:
        return True
    site, asked = site_of(request), item.offered
    key = ("offered", site.pk if site else 0, asked.__module__, asked.__qualname__)
    return kept(key, lambda: asked(request))
