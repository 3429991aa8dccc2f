"""Which cards stand where: the arrangement of a group, changed by the person's own. Pure, no Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

ROW = 12
WIDTHS = (4, 5, 6, 7, 8, 12)
"""Widths the look knows, of twelve columns."""
MOST_PLACES = 100
"""More cards than any portal has; what is stored beyond is not read."""

Move = Literal["up", "down", "hide", "show"]


@dataclass(frozen=True)
class Place:
    """A card, whether it is shown, and its width (0: the card's own)."""

    card: str
    is_shown: bool = True
    width: int = 0


def read_places(stored: Any) -> list[Place]:
    """The places of a stored list, each card once; whatever cannot be read is passed over."""
    found: dict[str, Place] = {}
    for item in stored[:MOST_PLACES] if isinstance(stored, list) else []:
        card = item.get("card") if isinstance(item, Mapping) else None
        if isinstance(card, str) and card and card not in found:
            width = item.get("width")
            found[card] = Place(card, bool(item.get("shown", True)), width if width in WIDTHS else 0)
    return list(found.values())


def written_places(places: Iterable[Place]) -> list[dict[str, Any]]:
    """The list as it is stored."""
    return [{"card": place.card, "shown": place.is_shown, "width": place.width} for place in places]


def arranged(own_order: Sequence[str], places: Iterable[Place]) -> list[Place]:
    """All cards of `own_order` as `places` want them: those named first, the others after them."""
    wanted = [place for place in places if place.card in own_order]
    named = {place.card for place in wanted}
    return [*wanted, *(Place(card) for card in own_order if card not in named)]


def of_person(own_order: Sequence[str], group: Iterable[Place], own: Iterable[Place]) -> list[Place]:
    """The cards a person may have, in the order to draw them; those the utility hides are not among them."""
    offered = [place for place in arranged(own_order, group) if place.is_shown]
    widths = {place.card: place.width for place in offered}
    return [
        Place(place.card, place.is_shown, widths[place.card])
        for place in arranged([place.card for place in offered], own)
    ]


def moved(places: Sequence[Place], card: str, move: Move) -> list[Place]:
    """The places after one button was pressed; unchanged for a card that is not there or cannot move."""
    changed = list(places)
    at = next((number for number, place in enumerate(changed) if place.card == card), None)
    if at is None:
        return changed
    if move in ("hide", "show"):
        changed[at] = Place(card, move == "show", changed[at].width)
        return changed
    to = at - 1 if move == "up" else at + 1
    if 0 <= to < len(changed):
        changed[at], changed[to] = changed[to], changed[at]
    return changed


def filled(widths: Sequence[int]) -> list[int]:
    """The widths with the last card of each row stretched, so that no row ends with a hole."""
    found: list[int] = []
    left = ROW
    for width in widths:
        if width > left:
            found[-1] += left
            left = ROW
        found.append(width)
        left -= width
        left = left or ROW
    if found and left != ROW:
        found[-1] += left
    return found
