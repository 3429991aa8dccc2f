"""The zone's own dashboard cards: what is happening to the water, and the newest announcements."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ebok.pagecache.kept import kept
from ebok.plugins.site import site_of
from ebok.ports import DashboardCard
from ebok_plugins.client_zone import money_cards, requesting
from page_types.announcements import board_for_payers
from page_types.chrome import Chrome
from page_types.outage_pages import row_of
from snippets.outages import board as outages

ON_CARD = 3
ON_EMPLOYEES_CARD = 5


def board(request: HttpRequest) -> dict[str, Any] | None:
    """The newest announcements for payers; no card while there is none."""
    site, language = site_of(request), get_language() or settings.LANGUAGE_CODE
    if site is None:
        return None
    found = kept(
        ("board for payers", site.pk, language),
        lambda: tuple(board_for_payers(site, language).defer("body")[:ON_CARD]),
    )
    return {"announcements": found} if found else None


def happening(request: HttpRequest) -> dict[str, Any] | None:
    """Outages that go on and works that are announced; no card while water flows everywhere."""
    site, now = site_of(request), timezone.now()
    found = outages.coming(site, ON_CARD, now) if site else []
    if not found:
        return None
    chrome = Chrome.of(request)
    listed = chrome.landmark("outages") if chrome else None
    return (
        {"outages": [row_of(outage, now) for outage in found], "outages_url": listed.url} if listed else None
    )


def requests(request: HttpRequest) -> dict[str, Any]:
    """The oldest requests nobody has decided on."""
    return {"requests": list(requesting.queue()[:ON_EMPLOYEES_CARD])}


cards = [
    *money_cards.cards,
    DashboardCard(
        zone="employee",
        key="requests",
        title=_("Requests of clients"),
        template="client_zone/cards/requests.html",
        context=requests,
        order=30,
        queries=1,
        permission="client_zone.handle_requests",
    ),
    DashboardCard(
        zone="client",
        key="outages",
        title=_("Outages and works"),
        template="client_zone/cards/outages.html",
        context=happening,
        order=80,
        width=12,
        queries=2,
        kept=True,
    ),
    DashboardCard(
        zone="client",
        key="board",
        title=_("Notice board"),
        template="client_zone/cards/board.html",
        context=board,
        order=90,
        width=6,
        queries=1,
        kept=True,
    ),
]
