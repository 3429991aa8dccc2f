"""Which places of the portal are open to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.plugins.activation import enabled_keys
from ebok.plugins.registry import registry


@dataclass(frozen=True)
class Door:
    """A place one may enter: its title and its address in the active language."""

    title: Any
    url: str


def doors_of(request: HttpRequest) -> list[Door]:
    """The zones that are on here and let the person in, then the Wagtail admin; empty for nobody."""
    if not request.user.is_authenticated:
        return []
    on = _enabled(request)
    found = [
        Door(zone.title, reverse(f"{zone.key}:{plugin.key}:dashboard"))
        for zone, plugin in registry.zones.values()
        if plugin.key in on and zone.may_enter(request)
    ]
    if request.user.has_perm("wagtailadmin.access_admin"):
        found.append(Door(_("Administration"), reverse("wagtailadmin_home")))
    return found


def _enabled(request: HttpRequest) -> frozenset[str]:
    # The gate has usually asked already; a request that did not pass it is asked for here.
    known: frozenset[str] | None = getattr(request, "ebok_enabled", None)
    return known if known is not None else enabled_keys(Site.find_for_request(request))
