"""The dashboard card with the newest announcements."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ebok.ports import DashboardCard
from page_types.announcements import board_for_payers

ON_CARD = 3


def board(request: HttpRequest) -> dict[str, Any] | None:
    """The newest announcements for payers; no card while there is none."""
    site = Site.find_for_request(request)
    found = list(board_for_payers(site, get_language()).defer("body")[:ON_CARD]) if site else []
    return {"announcements": found} if found else None


cards = [
    DashboardCard(
        zone="client",
        key="board",
        title=_("Notice board"),
        template="client_zone/cards/board.html",
        context=board,
        order=90,
        width=6,
        queries=1,
    )
]
