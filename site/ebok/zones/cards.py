"""Dashboard cards of a zone as its front page draws them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
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


@dataclass(frozen=True)
class OfferedCard:
    """A card this person may have on the dashboard; nothing of it has been asked for yet."""

    owner: str
    card: DashboardCard

    @property
    def key(self) -> str:
        """Its name among all cards: "client_zone-board"."""
        return f"{self.owner}-{self.card.key}"


def offered_cards(request: HttpRequest, zone: str) -> list[OfferedCard]:
    """Cards of the enabled plugins that this person may see, in the order their owners gave them."""
    enabled = EnabledPlugins.of(request)
    found = [
        OfferedCard(owner.key, card)
        for owner, card in registry.contributions("cards")
        if card.zone == zone
        and owner.key in enabled
        and (card.permission is None or allowed(request.user, card.permission))
        and within_scopes(request, card.scopes)
    ]
    return sorted(found, key=lambda offered: (offered.card.order, offered.owner, offered.card.key))


def cards_of_zone(zone: str) -> list[OfferedCard]:
    """Every card that loaded plugins have for the zone, for people who arrange them."""
    found = [
        OfferedCard(owner.key, card) for owner, card in registry.contributions("cards") if card.zone == zone
    ]
    return sorted(found, key=lambda offered: (offered.card.order, offered.owner, offered.card.key))


def drawn_cards(request: HttpRequest, placed: Iterable[tuple[OfferedCard, int]]) -> list[DrawnCard]:
    """The cards, each with its width, that have something to show; in the order given."""
    drawn = []
    for offered, width in placed:
        context = offered.card.context(request)
        if context is not None:
            card = offered.card
            drawn.append(DrawnCard(offered.key, str(card.title), card.template, width, context))
    return drawn


def dashboard_cards(request: HttpRequest, zone: str) -> list[DrawnCard]:
    """The cards of a dashboard nobody has arranged."""
    return drawn_cards(request, [(offered, offered.card.width) for offered in offered_cards(request, zone)])


def queries_of(cards: Iterable[DashboardCard], asked: Collection[str] = ()) -> int:
    """How many queries these cards send for each page, at most.

    Those that share one count it once; `asked` are words of `shares` of which the page around the cards has
    asked already. What is kept between publications is not counted.
    """
    counted = [card for card in cards if not card.kept]
    shared = Counter(card.shares for card in counted if card.shares)
    saved = sum(number - (word not in asked) for word, number in shared.items())
    return sum(card.queries for card in counted) - saved
