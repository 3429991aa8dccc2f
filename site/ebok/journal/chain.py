"""The chain: every event sealed to the one before, by one writer at a time.

Events commit in any order, some long after others; the writer takes those that are committed and
have no link yet, oldest first, and gives them the next numbers. So the chain's order is the order in
which events became visible to the writer, and nothing can slip in between afterwards.
"""

from __future__ import annotations

import hmac
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.utils.translation import gettext as _

from ebok.journal.digests import GENESIS, detail_digest, link_hash
from ebok.journal.identifiers import moment_of
from ebok.journal.models import Detail, Event, Link

BATCH = 2000
LATE = timedelta(hours=2)
"""How far behind the newest link the minute's run looks for events that committed late. Whatever
committed still later (a day-long import) is found by the daily sweep, which looks everywhere."""
OVERDUE = timedelta(days=2)
"""An event this old without a link means that the writer has not been running: not whole."""
_LOCK = 0x656A6368  # "ejch": the advisory lock of the one writer


@dataclass(frozen=True)
class Head:
    """The end of the chain: everything before it is sealed by this one hash."""

    seq: int = 0
    hash: str = GENESIS

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


@dataclass(frozen=True)
class Broken:
    """The first link that does not hold, and what is wrong with it."""

    seq: int
    event_id: uuid.UUID | None
    reason: str


@dataclass(frozen=True)
class Verdict:
    """What `verify()` found."""

    links: int
    head: Head
    unsealed: int
    """Committed events the writer has not reached yet; a few are normal."""
    erased: int
    """Sealed events whose detail was erased."""
    broken: Broken | None

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.broken is None


def head(*, using: str = DEFAULT_DB_ALIAS) -> Head:
    """The last link written so far."""
    last = Link.objects.using(using).order_by("-seq").first()
    return Head(last.seq, last.hash) if last else Head()


def write_pending(*, everywhere: bool = False, using: str = DEFAULT_DB_ALIAS) -> int:
    """Seal committed events that have no link yet; returns how many links were written.

    Only one writer works at a time: on PostgreSQL whoever does not get the advisory lock returns
    at once, on SQLite the write transaction itself is the lock. A writer that dies takes its
    unfinished transaction with it, and the next one goes on from the last whole batch.
    `everywhere` looks at all events instead of the recent ones.
    """
    written = 0
    since = None if everywhere else _look_back(using)
    while True:
        with transaction.atomic(using=using):
            count = _seal_batch(since, using) if _locked(using) else 0
        written += count
        if count < BATCH:
            return written


def oldest_waiting(*, using: str = DEFAULT_DB_ALIAS) -> Event | None:
    """The oldest recent event without a link, or None when the writer has reached them all."""
    return _pending(_look_back(using), using).order_by("moment", "id").first()


def verify(*, expected: Head | None = None, using: str = DEFAULT_DB_ALIAS) -> Verdict:
    """Recompute the whole chain from the events and name the first link that does not hold.

    `expected` is a head noted earlier (outside the database); if the chain no longer contains it,
    its end was cut off or rewritten.
    """
    last, erased, broken = Head(), 0, None
    for links in _batches(using):
        events, details = _belonging(links, using)
        for link in links:
            reason = _fault(link, last, events[link.event_id], details[link.event_id])
            if not reason and expected and expected.seq == link.seq and expected.hash != link.hash:
                reason = _("the chain was rewritten: its hash differs from the one noted")
            if reason:
                broken = Broken(link.seq, link.event_id, reason)
                break
            erased += not details[link.event_id]
            last = Head(link.seq, link.hash)
        if broken:
            break
    if not broken and expected and expected.seq > last.seq:
        broken = Broken(last.seq + 1, None, _("the end of the chain is missing"))
    unsealed, oldest = _unsealed(using)
    if not broken and oldest and oldest.moment < datetime.now(UTC) - OVERDUE:
        broken = Broken(last.seq + 1, oldest.id, _("the event waits for its link for more than two days"))
    return Verdict(last.seq, last, unsealed, erased, broken)


def _locked(using: str) -> bool:
    connection = connections[using]
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _look_back(using: str) -> datetime | None:
    last = Link.objects.using(using).order_by("-seq").first()
    newest = moment_of(last.event_id) if last else None
    # A clock that was ahead for a while must not hide what was recorded after it was set right.
    return min(newest, datetime.now(UTC)) - LATE if newest else None


def _pending(since: datetime | None, using: str) -> models.QuerySet[Event]:
    sealed = Link.objects.using(using).filter(event_id=models.OuterRef("id"))
    events = Event.objects.using(using).filter(~models.Exists(sealed))
    return events.filter(moment__gte=since) if since else events


def _seal_batch(since: datetime | None, using: str) -> int:
    last = head(using=using)
    links: list[Link] = []
    for event in _pending(since, using).order_by("moment", "id")[:BATCH]:
        seq = last.seq + 1
        sealed = Head(seq, link_hash(seq, last.hash, event))
        links.append(Link(seq=seq, event_id=event.id, previous_hash=last.hash, hash=sealed.hash))
        last = sealed
    Link.objects.using(using).bulk_create(links)
    return len(links)


def _batches(using: str) -> Iterator[list[Link]]:
    after = 0
    while links := list(Link.objects.using(using).filter(seq__gt=after).order_by("seq")[:BATCH]):
        yield links
        after = links[-1].seq


def _belonging(
    links: list[Link], using: str
) -> tuple[defaultdict[uuid.UUID, list[Event]], defaultdict[uuid.UUID, list[Detail]]]:
    ids = [link.event_id for link in links]
    # Lists, because a forger could add a second row of the same identifier in another month.
    events = _grouped(Event.objects.using(using).filter(id__in=ids), "id")
    details = _grouped(Detail.objects.using(using).filter(event_id__in=ids), "event_id")
    return events, details


def _grouped(rows: Iterable[Any], key: str) -> defaultdict[uuid.UUID, list[Any]]:
    groups: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups


def _fault(link: Link, last: Head, events: list[Event], details: list[Detail]) -> str:
    """What is wrong with the link, or an empty string."""
    if link.seq != last.seq + 1:
        return _("link %(seq)s is missing before it") % {"seq": last.seq + 1}
    if link.previous_hash != last.hash:
        return _("it does not continue the link before it")
    return _fault_of_content(link, events, details)


def _fault_of_content(link: Link, events: list[Event], details: list[Detail]) -> str:
    if len(events) != 1:
        return _("its event is there twice") if events else _("its event is missing")
    if not hmac.compare_digest(link.hash, link_hash(link.seq, link.previous_hash, events[0])):
        return _("its event or its hash was changed")
    if len(details) > 1:
        return _("its detail is there twice")
    if details and (details[0].moment != events[0].moment or detail_digest(details[0]) != events[0].digest):
        return _("its detail was changed")
    return ""


def _unsealed(using: str) -> tuple[int, Event | None]:
    pending = _pending(None, using).order_by("moment", "id")
    return pending.count(), pending.first()
