"""The session journal: who signed in and out, how, from where, and which tries failed.

The events are recorded by `ebok.accounts`; the journal knows them by their names and reads from their
payload: `methods` (proofs of a sign-in), `manner` (how a session ended), `login` (a fingerprint of what was
typed) and `shown` (what may be shown of it). A password is in none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ebok.journal import queries
from ebok.journal.devices import device_name, masked_address
from ebok.journal.models import Detail, Event
from ebok.journal.queries import Cursor, Page, Row, Wanted

SIGNED_IN = "accounts.signed_in"
SIGNED_OUT = "accounts.signed_out"
FAILED = "accounts.sign_in_failed"
KINDS = (SIGNED_IN, SIGNED_OUT, FAILED)

METHODS: dict[str, str | Promise] = {
    "password": _("password"),
    "mfa": _("second factor"),
    "totp": _("code from an application"),
    "webauthn": _("security key"),
    "recovery_codes": _("recovery code"),
    "password_reset": _("link from an e-mail"),
    "code": _("code from an e-mail"),
    "socialaccount": _("another service"),
    "login_gov_pl": "login.gov.pl",
}
"""Proofs in words, by allauth's names for them."""
MANNERS: dict[str, str | Promise] = {
    "manual": _("by the person"),
    "idle": _("after a time without activity"),
    "too-old": _("at the end of the longest session"),
    "revoked": _("ended from the list of sessions"),
}


@dataclass(frozen=True)
class SessionRow:
    """One line of the session journal; what was erased is empty."""

    moment: datetime
    kind: str
    title: str
    account_id: str
    """The account it is about; empty for a failed try with a name nobody has."""
    login: str
    """The account's e-mail, or what may be shown of a name nobody has."""
    way: str
    """With which proofs, or how the session ended."""
    address: str
    device: str
    device_full: str
    """What the browser said it is, for staff."""
    cursor: Cursor


@dataclass(frozen=True)
class SessionPage:
    """One page, newest first; the cursors lead on."""

    rows: list[SessionRow]
    older: Cursor | None = None
    newer: Cursor | None = None


def sessions_of(
    user: models.Model,
    *,
    older_than: Cursor | None = None,
    newer_than: Cursor | None = None,
    size: int = queries.PAGE,
) -> SessionPage:
    """The session journal of one account, as the person sees it: addresses masked, no raw device.

    Holds failed tries with the account's name, too. Two queries at any depth (three on the way back).
    """
    page = queries.paged(
        _about(user.pk).filter(kind__in=KINDS), older_than=older_than, newer_than=newer_than, size=size
    )
    return _page(page, masked=True)


def sessions(
    wanted: Wanted | None = None,
    *,
    user_id: int | None = None,
    kinds: Iterable[str] = KINDS,
    older_than: Cursor | None = None,
    newer_than: Cursor | None = None,
    size: int = queries.PAGE,
) -> SessionPage:
    """The session journal of everybody, for staff: whole addresses, typed names as far as they are kept.

    `kinds` narrows to sign-ins, sign-outs or failed tries (`FAILED`), `user_id` to one account, `wanted`
    by period, address and text. The caller has checked the permission.
    """
    events = queries.events_of(wanted or Wanted()).filter(kind__in=tuple(kinds))
    if user_id is not None:
        events = _narrowed(events, user_id)
    page = queries.paged(events, older_than=older_than, newer_than=newer_than, size=size)
    return _page(page, masked=False)


def login_of(detail: Detail) -> str:
    """Whose sign-in it was, as far as it may be shown."""
    # Events recorded before `shown` was kept have it only at the end of their sentence.
    return str(detail.payload.get("shown") or "") or detail.text.partition(": ")[2]


def way_of(kind: str, detail: Detail) -> str:
    """How it was done, in words."""
    if kind == SIGNED_OUT:
        manner = str(detail.payload.get("manner", ""))
        return str(MANNERS.get(manner, manner))
    methods = detail.payload.get("methods") or []
    return ", ".join(str(METHODS.get(str(method), method)) for method in methods)


def _about(user_id: int) -> QuerySet[Event]:
    return _narrowed(Event.objects.all(), user_id)


def _narrowed(events: QuerySet[Event], user_id: int) -> QuerySet[Event]:
    return events.filter(object_type=settings.AUTH_USER_MODEL.lower(), object_id=str(user_id))


def _page(page: Page, *, masked: bool) -> SessionPage:
    return SessionPage([_row(row, masked=masked) for row in page.rows], page.older, page.newer)


def _row(row: Row, *, masked: bool) -> SessionRow:
    event, detail = row.event, row.detail
    address = (detail.address or "") if detail else ""
    return SessionRow(
        moment=event.moment,
        kind=event.kind,
        title=row.kind_title,
        account_id=event.object_id,
        login=login_of(detail) if detail else "",
        way=way_of(event.kind, detail) if detail else "",
        address=masked_address(address) if masked else address,
        device=device_name(detail.device) if detail and detail.device else "",
        device_full=detail.device if detail and not masked else "",
        cursor=row.cursor,
    )
