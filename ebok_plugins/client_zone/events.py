"""What the client zone writes into the journal by itself."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind

YEARS = timedelta(days=6 * 365)
"""Claims from a contract of supply expire within three years, at the year's end; twice that is kept."""

YEAR = timedelta(days=365)
"""How a person arranges a dashboard concerns nobody later."""


def _kind(name: str, title: object) -> EventKind:
    return EventKind(key=f"client_zone.{name}", title=title, erasure=Erasure.KEEP, retention=YEARS)  # type: ignore[arg-type]


events = [
    _kind("request_sent", _("Request about the account sent")),
    _kind("request_withdrawn", _("Request about the account withdrawn")),
    _kind("request_approved", _("Request about the account approved")),
    _kind("request_refused", _("Request about the account refused")),
    _kind("statement_downloaded", _("Statement of account downloaded")),
    EventKind(
        key="client_zone.own_cards_changed",
        title=_("Own dashboard arranged"),
        erasure=Erasure.ERASE_DETAIL,
        retention=YEAR,
    ),
    EventKind(
        key="client_zone.cards_arranged",
        title=_("Cards of the dashboard arranged for a group"),
        erasure=Erasure.KEEP,
        retention=YEARS,
        visible_to_customer=False,
    ),
]
