"""Dashboard cards of a zone as its front page draws them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from ebok.plugins.gate import EnabledPlugins
from ebok.plugins.permissions import allowed
from ebok.plugins.registry import registry
from ebok.ports import DashboardCard
from ebok.zones.acting import within_scopes

cards: list[DashboardCard] = []


@dataclass(frozen=True)
class DrawnCard:
    """A card with the variables its template asked for."""

    key: str
    title: str
    template: str
    width: int
    context: Mapping[str, Any]


def dashboard_cards(request: HttpRequest, zone: str) -> list[DrawnCard]:
    """Cards of the enabled plugins that have something to show to this person, in order."""
    enabled = EnabledPlugins.of(request)
    found = [
        (card.order, owner.key, card)
        for owner, card in registry.contributions("cards")
        if card.zone == zone
        and owner.key in enabled
        and (card.permission is None or allowed(request.user, card.permission))
        and within_scopes(request, card.scopes)
    ]
    drawn = []
    for _order, key, card in sorted(found, key=lambda entry: (*entry[:2], entry[2].key)):
        context = card.context(request)
        if context is not None:
            drawn.append(DrawnCard(f"{key}-{card.key}", str(card.title), card.template, card.width, context))
    return drawn
