"""Navigation of a zone as its shell draws it.

The file name is also that of the contribution, so the empty list says: this room adds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse

from ebok.plugins.gate import EnabledPlugins
from ebok.plugins.permissions import allowed
from ebok.plugins.registry import registry
from ebok.ports import NavItem
from ebok.zones.acting import within_scopes

navigation: list[NavItem] = []


@dataclass(frozen=True)
class NavLink:
    """One drawn entry: address, words, icon, whether we are there, and a number or None."""

    url: str
    title: str
    icon: str
    is_current: bool
    badge: int | None


def zone_navigation(request: HttpRequest, zone: str) -> list[NavLink]:
    """Entries of the enabled plugins that this person may see, in order; at most one of them is current."""
    enabled = EnabledPlugins.of(request)
    items = [
        (item.order, str(item.title), owner.key, item)
        for owner, item in registry.contributions("navigation")
        if item.zone == zone
        and owner.key in enabled
        and (item.permission is None or allowed(request.user, item.permission))
        and within_scopes(request, item.scopes)
        and not (item.unless and within_scopes(request, item.unless))
        and (item.offered is None or item.offered(request))
    ]
    links = [
        _link(request, key, item) for _order, _title, key, item in sorted(items, key=lambda entry: entry[:3])
    ]
    # Of an entry and one below it, the one below is where we are.
    nearest = max((len(link.url) for link in links if link.is_current), default=0)
    return [replace(link, is_current=link.is_current and len(link.url) == nearest) for link in links]


def _link(request: HttpRequest, key: str, item: NavItem) -> NavLink:
    url = reverse(f"{item.zone}:{key}:{item.view}")
    match = request.resolver_match
    front = match is not None and item.view == "dashboard"
    current = request.path == url if front or url.count("/") <= 2 else request.path.startswith(url)
    return NavLink(url, str(item.title), item.icon, current, item.badge(request) if item.badge else None)
