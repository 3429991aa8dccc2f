"""Reading the journal: newest first, page by page, never counted."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ebok.journal import kinds
from ebok.journal.identifiers import moment_of
from ebok.journal.models import Detail, Event, Link
from ebok.journal.staff import administrator_ids

PAGE = 50
SCAN = timedelta(days=90)
"""How far back words are looked for when no beginning is given: text is read row by row."""


@dataclass(frozen=True)
class Cursor:
    """A place in the journal: just after (or before) this event."""

    moment: datetime
    event_id: uuid.UUID

    def __str__(self) -> str:
        return f"{int(self.moment.timestamp() * 1_000_000)}.{self.event_id.hex}"

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """The cursor written as this text, or None when it is none."""
        micros, _dot, identifier = text.partition(".")
        if not (micros.isascii() and micros.isdecimal() and len(micros) <= 17):
            return None
        try:
            seconds, rest = divmod(int(micros), 1_000_000)
            moment = datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=rest)
            return cls(moment, uuid.UUID(hex=identifier))
        except (ValueError, OverflowError, OSError):
            return None


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; everything empty means all."""

    kind: str = ""
    who: str = ""
    text: str = ""
    address: str = ""
    customer_id: int | None = None
    actor_id: int | None = None
    administrators: bool = False
    """Only what people did who may enter the administration."""
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""

    @property
    def reads_text(self) -> bool:
        """Whether details must be read one by one."""
        return bool(self.who or self.text)


@dataclass(frozen=True)
class Row:
    """An event as a list shows it; `detail` is None when it was erased."""

    event: Event
    detail: Detail | None
    kind_title: str

    @property
    def cursor(self) -> Cursor:
        """The place of this row."""
        return Cursor(self.event.moment, self.event.id)


@dataclass(frozen=True)
class Page:
    """One page of the list, newest first."""

    rows: list[Row] = field(default_factory=list)
    older: Cursor | None = None
    newer: Cursor | None = None


def events_of(wanted: Wanted) -> QuerySet[Event]:
    """The events somebody looks for, in no order."""
    events: QuerySet[Event] = Event.objects.all()
    if wanted.kind:
        events = events.filter(kind=wanted.kind)
    if wanted.customer_id:
        events = events.filter(customer_id=wanted.customer_id)
    if wanted.actor_id:
        events = events.filter(actor_id=wanted.actor_id)
    if wanted.administrators:
        events = events.filter(actor_id__in=administrator_ids())
    since = wanted.since
    if since is None and wanted.reads_text:
        since = datetime.now(UTC) - SCAN
    if since:
        events = events.filter(moment__gte=since)
    if wanted.until:
        events = events.filter(moment__lt=wanted.until)
    if conditions := _of_detail(wanted):
        # The moment is repeated, so that PostgreSQL looks into one month only.
        same = {"event_id": OuterRef("id"), "moment": OuterRef("moment")}
        events = events.filter(Exists(Detail.objects.filter(**same, **conditions)))
    return events


def page(wanted: Wanted, *, older_than: Cursor | None = None, newer_than: Cursor | None = None) -> Page:
    """One page of what somebody looks for; see `paged`."""
    return paged(events_of(wanted), older_than=older_than, newer_than=newer_than)


def paged(
    events: QuerySet[Event],
    *,
    older_than: Cursor | None = None,
    newer_than: Cursor | None = None,
    size: int = 0,
) -> Page:
    """One page of these events: the newest, or what lies on one side of a cursor.

    Two queries at any depth, three on the way back to the top.
    """
    size = size or PAGE
    if newer_than:
        found = list(events.filter(_after(newer_than)).order_by("moment", "id")[: size + 1])
        if len(found) <= size:
            # Near the top the newest page is shown whole instead of a short one.
            return paged(events, size=size)
        rows = _rows(found[:size][::-1])
        return Page(rows, older=rows[-1].cursor, newer=rows[0].cursor)
    if older_than:
        events = events.filter(_before(older_than))
    found = list(events.order_by("-moment", "-id")[: size + 1])
    more, rows = len(found) > size, _rows(found[:size])
    return Page(
        rows, older=rows[-1].cursor if more else None, newer=rows[0].cursor if rows and older_than else None
    )


def every(wanted: Wanted, *, most: int) -> Iterator[Row]:
    """All rows somebody looks for, newest first, at most `most`; read in pieces."""
    given, place = 0, None
    while given < most:
        piece = page(wanted, older_than=place)
        yield from piece.rows[: most - given]
        given += len(piece.rows)
        place = piece.older
        if place is None:
            return


def one(event_id: uuid.UUID) -> Row | None:
    """One event with its detail, or None when there is none."""
    moment = moment_of(event_id)
    if moment is None:
        return None
    # The identifier tells the moment to a millisecond, so only one month is opened.
    near = {
        "moment__gte": moment - timedelta(milliseconds=1),
        "moment__lt": moment + timedelta(milliseconds=2),
    }
    rows = _rows(list(Event.objects.filter(id=event_id, **near)[:1]))
    return rows[0] if rows else None


def _of_detail(wanted: Wanted) -> dict[str, Any]:
    conditions: dict[str, Any] = {}
    if wanted.address:
        conditions["address"] = wanted.address
    if wanted.who:
        conditions["actor_label__icontains"] = wanted.who
    if wanted.text:
        conditions["text__icontains"] = wanted.text
    return conditions


def _before(place: Cursor) -> Q:
    return Q(moment__lte=place.moment) & (Q(moment__lt=place.moment) | Q(id__lt=place.event_id))


def _after(place: Cursor) -> Q:
    return Q(moment__gte=place.moment) & (Q(moment__gt=place.moment) | Q(id__gt=place.event_id))


def _rows(events: list[Event]) -> list[Row]:
    if not events:
        return []
    moments = [event.moment for event in events]
    details = Detail.objects.filter(
        event_id__in=[event.id for event in events], moment__gte=min(moments), moment__lte=max(moments)
    )
    found = {detail.event_id: detail for detail in details}
    return [Row(event, found.get(event.id), kinds.title_of(event.kind)) for event in events]


def link_of(event: Event) -> Link | None:
    """The event's link in the chain, or None while the writer has not reached it."""
    return Link.objects.filter(event_id=event.id).first()
