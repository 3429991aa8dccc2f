"""Arrangements of the dashboard: read for a request, stored for an administrator and for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import IntegerField, Q, Value
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.customers.models import Customer, GroupMember
from ebok.journal.services import record
from ebok.plugins.activation import enabled_keys
from ebok.plugins.site import site_of
from ebok.zones.acting import acting_of
from ebok.zones.cards import OfferedCard, cards_of_zone, offered_cards, queries_of
from ebok_plugins.client_zone import placing
from ebok_plugins.client_zone.models import CardArrangement, OwnCards
from ebok_plugins.client_zone.placing import Move, Place

ZONE = "client"
MOST_QUERIES = 6
"""All cards of a dashboard together, for each page, the question how they are arranged included."""
ARRANGEMENT = "client_zone-arrangement"
"""What the question is called among shared queries (`DashboardCard.shares`)."""
REPORT_CARD = "client_zone-report"
_GROUPS, _OWN = 0, 1


class TooManyQueries(Exception):
    """The cards chosen would ask the database too often; `sentence` says by how much."""

    def __init__(self, needed: int) -> None:
        self.sentence = ngettext(
            "These cards together ask the database %(needed)d time, and %(most)d is the most. Hide some.",
            "These cards together ask the database %(needed)d times, and %(most)d is the most. Hide some.",
            needed,
        ) % {"needed": needed, "most": MOST_QUERIES}
        super().__init__(self.sentence)


@dataclass(frozen=True)
class Arrangement:
    """What holds for the person at the screen."""

    group: tuple[Place, ...] = ()
    own: tuple[Place, ...] = ()
    report: str = ""


def arrangement_of(request: HttpRequest) -> Arrangement:
    """The arrangement of the current customer's group and the person's own; one query, once for a request."""
    kept: Arrangement | None = request.__dict__.get("_ebok_arrangement")
    if kept is None:
        kept = request.__dict__["_ebok_arrangement"] = _read(request)
    return kept


def placed_cards(request: HttpRequest) -> list[tuple[OfferedCard, Place]]:
    """The cards this person may have with their places, hidden ones too."""
    offered = {card.key: card for card in offered_cards(request, ZONE)}
    arrangement = arrangement_of(request)
    places = placing.of_person([*offered], arrangement.group, arrangement.own)
    return [(offered[place.card], place) for place in places]


def shown_cards(request: HttpRequest) -> list[tuple[OfferedCard, int]]:
    """The cards to draw with their widths."""
    return [
        (offered, place.width or offered.card.width)
        for offered, place in placed_cards(request)
        if place.is_shown
    ]


# Writing ------------------------------------------------------------------------------------


def move_card(request: HttpRequest, card: str, move: Move) -> bool:
    """Change the person's own dashboard by one button; False, and nothing changes, where it cannot be."""
    user, site = request.user, site_of(request)
    if isinstance(user, AnonymousUser) or site is None:
        return False
    with transaction.atomic():
        # Two windows of one person wait for each other here, and neither change is lost.
        own, _is_new = OwnCards.objects.select_for_update().get_or_create(user=user, site=site)
        request.__dict__.pop("_ebok_arrangement", None)
        offered = placed_cards(request)
        before = [place for _card, place in offered]
        after = placing.moved(before, card, move)
        if after == before:
            return False
        # Cards that are not offered now (a module is off, another customer is chosen) keep their state.
        absent = [p for p in placing.read_places(own.places) if p.card not in {q.card for q in after}]
        own.places = placing.written_places([*(replace(place, width=0) for place in after), *absent])
        own.save(update_fields=["places"])
        title = next((str(found.card.title) for found, place in offered if place.card == card), card)
        _record_own(request, _("Dashboard: card “%(card)s” %(move)s"), title, move)
    request.__dict__.pop("_ebok_arrangement", None)
    return True


def reset_cards(request: HttpRequest) -> bool:
    """Back to how the utility arranged the dashboard; False when nothing had been changed."""
    user, site = request.user, site_of(request)
    if isinstance(user, AnonymousUser) or site is None:
        return False
    with transaction.atomic():
        deleted, _by_model = OwnCards.objects.filter(user=user, site=site).delete()
        if deleted:
            _record_own(request, _("Dashboard as the utility arranged it"), "", "reset")
    request.__dict__.pop("_ebok_arrangement", None)
    return bool(deleted)


def store_arrangement(
    arrangement: CardArrangement, places: Sequence[Place], *, actor: Any, request: HttpRequest | None = None
) -> CardArrangement:
    """Store what an administrator arranged. Raises `TooManyQueries`."""
    check_queries(shown_after(arrangement.site, places, arrangement.report))
    arrangement.places = placing.written_places(places)
    with transaction.atomic():
        arrangement.save()
        record(
            "client_zone.cards_arranged",
            text=_("Cards of the dashboard arranged for: %(group)s") % {"group": arrangement},
            actor=actor,
            request=request,
            site=arrangement.site,
            obj=arrangement,
            payload={"places": arrangement.places, "report": arrangement.report},
        )
    return arrangement


def delete_arrangement(
    arrangement: CardArrangement, *, actor: Any, request: HttpRequest | None = None
) -> None:
    """Let the group's dashboard be as the cards' owners wanted it."""
    with transaction.atomic():
        record(
            "client_zone.cards_arranged",
            text=_("Arrangement of cards deleted for: %(group)s") % {"group": arrangement},
            actor=actor,
            request=request,
            site=arrangement.site,
            obj=arrangement,
        )
        arrangement.delete()


def shown_after(site: Site, places: Iterable[Place], report: str) -> list[OfferedCard]:
    """The cards of enabled plugins that stand on a dashboard arranged so; those not named are shown."""
    enabled = enabled_keys(site)
    cards = {card.key: card for card in cards_of_zone(ZONE) if card.owner in enabled}
    arranged = placing.arranged([*cards], places)
    return [
        cards[place.card] for place in arranged if place.is_shown and (place.card != REPORT_CARD or report)
    ]


def check_queries(cards: Iterable[OfferedCard]) -> None:
    """Raise `TooManyQueries` when these cards do not fit the limit of a dashboard."""
    needed = 1 + queries_of([offered.card for offered in cards], asked={ARRANGEMENT})
    if needed > MOST_QUERIES:
        raise TooManyQueries(needed)


# Reading ------------------------------------------------------------------------------------


def _read(request: HttpRequest) -> Arrangement:
    site, acting = site_of(request), acting_of(request)
    if site is None or isinstance(request.user, AnonymousUser):
        return Arrangement()
    rows = _of_groups(site, acting.customer if acting else None)
    if acting is None or not acting.is_view_as:
        # An employee who looks as the client sees what the utility arranged, not the employee's own order.
        rows = rows.union(_own(site, request.user), all=True)
    group: tuple[Place, ...] | None = None
    own: tuple[Place, ...] = ()
    report = ""
    for whose, _order, _code, places, chosen in rows.order_by("whose", "rank", "code"):
        if whose == _OWN:
            own = tuple(placing.read_places(places))
        elif group is None:
            group, report = tuple(placing.read_places(places)), chosen
    return Arrangement(group or (), own, report)


_COLUMNS = ("whose", "rank", "code", "places", "chosen")


def _of_groups(site: Site, customer: Customer | None) -> models.QuerySet[Any, Any]:
    groups = Q(group_code="")
    if customer is not None:
        groups |= Q(group_code__in=GroupMember.objects.filter(customer=customer).values("group__code"))
    return (
        CardArrangement.objects.filter(groups, site=site)
        .order_by()
        .annotate(
            whose=Value(_GROUPS, IntegerField()),
            rank=models.F("order"),
            code=models.F("group_code"),
            chosen=models.F("report"),
        )
        .values_list(*_COLUMNS)
    )


def _own(site: Site, user: User) -> models.QuerySet[Any, Any]:
    empty = Value("", models.CharField())
    return (
        OwnCards.objects.filter(site=site, user=user)
        .annotate(whose=Value(_OWN, IntegerField()), rank=Value(0, IntegerField()), code=empty, chosen=empty)
        .values_list(*_COLUMNS)
    )


MOVES: dict[str, Any] = {
    "up": lambda: _("moved up"),
    "down": lambda: _("moved down"),
    "hide": lambda: _("hidden"),
    "show": lambda: _("shown again"),
}


def _record_own(request: HttpRequest, text: str, card: str, move: str) -> None:
    words = MOVES[move]() if move in MOVES else ""
    record(
        "client_zone.own_cards_changed",
        text=text % {"card": card, "move": words} if card else text,
        request=request,
        payload={"card": card, "move": move},
    )
