"""What a customer may see of the journal: the events about themselves whose kind says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ebok.journal import kinds, queries
from ebok.journal.devices import device_name, masked_address, masked_login
from ebok.journal.queries import Cursor, Row, Wanted


@dataclass(frozen=True)
class PersonalRow:
    """An event as the customer reads it; `text` is empty when the detail was erased."""

    moment: datetime
    kind: str
    title: str
    text: str
    who: str
    """A name without its sign-in name; empty when nobody signed in."""
    by_viewer: bool
    """Whether the person who looks did it themselves."""
    address: str
    """Masked."""
    device: str
    cursor: Cursor


@dataclass(frozen=True)
class PersonalPage:
    """One page, newest first; the cursors lead on."""

    rows: list[PersonalRow]
    older: Cursor | None = None
    newer: Cursor | None = None


def events_of_customer(
    customer_id: int,
    *,
    viewer_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    older_than: Cursor | None = None,
    newer_than: Cursor | None = None,
    size: int = queries.PAGE,
) -> PersonalPage:
    """The part of the journal about one customer, whoever did it: the customer, a delegate, the office.

    Only kinds with `visible_to_customer`. The caller has checked that the viewer may act for the customer.
    Two queries at any depth (three on the way back to the top).
    """
    visible = [kind.key for kind in kinds.declared() if kind.visible_to_customer]
    events = queries.events_of(Wanted(customer_id=customer_id, since=since, until=until))
    page = queries.paged(
        events.filter(customer_id=customer_id, kind__in=visible),
        older_than=older_than,
        newer_than=newer_than,
        size=size,
    )
    return PersonalPage([_row(row, viewer_id) for row in page.rows], page.older, page.newer)


def _row(row: Row, viewer_id: int | None) -> PersonalRow:
    event, detail = row.event, row.detail
    by_viewer = viewer_id is not None and event.actor_id == viewer_id
    # Where somebody of the office sat is none of the customer's business.
    theirs = detail if detail and (by_viewer or event.actor_id is None) else None
    return PersonalRow(
        moment=event.moment,
        kind=event.kind,
        title=row.kind_title,
        text=detail.text if detail else "",
        who=masked_login(detail.actor_label) if detail else "",
        by_viewer=by_viewer,
        address=masked_address(theirs.address) if theirs else "",
        device=device_name(theirs.device) if theirs and theirs.device else "",
        cursor=row.cursor,
    )
