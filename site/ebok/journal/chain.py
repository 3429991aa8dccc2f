"""The chain: every event sealed to the one before, by one writer at a time.

Events commit in any order, some long after others; the writer takes those that are committed and
have no link yet, oldest first, and gives them the next numbers. So the chain's order is the order in
which events became visible to the writer, and nothing can slip in between afterwards.
"""

from __future__ import annotations

import hmac
import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.utils.translation import gettext as _

from ebok.journal.digests import event_seal, link_hash
from ebok.journal.faults import Verification
from ebok.journal.identifiers import moment_of
from ebok.journal.models import Detail, Event, Link
from ebok.journal.verdicts import Broken, Head, Verdict

__all__ = ["Broken", "Head", "Verdict", "head", "oldest_waiting", "verify", "write_pending"]

BATCH = 2000
LATE = timedelta(hours=2)
"""How far behind the newest link the minute's run looks for events that committed late. Whatever
committed still later (a day-long import) is found by the daily sweep, which looks everywhere."""
OVERDUE = timedelta(days=2)
"""An event this old without a link means that the writer has not been running: not whole."""
_LOCK = 0x656A6368  # "ejch": the advisory lock of the one writer


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


def verify(*, expected: Iterable[Head] = (), using: str = DEFAULT_DB_ALIAS) -> Verdict:
    """Recompute the whole chain from the events and name the first link that does not hold.

    `expected` are heads noted earlier (outside the database); if the chain no longer contains one of
    them, its end was cut off or rewritten.
    """
    verification = Verification(expected, using)
    last = Head()
    for links in _batches(using):
        events, details = _belonging(links, using)
        for link in links:
            reason = verification.fault(link, last, events[link.event_id], details[link.event_id])
            if reason:
                broken = Broken(link.seq, link.event_id, reason)
                return Verdict(last.seq, last, _pending(None, using).count(), verification.erased, broken)
            last = Head(link.seq, link.hash)
    waiting, fault = _waiting(verification, last, using)
    return Verdict(last.seq, last, waiting, verification.erased, fault or verification.rest(last))


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
    for event in _pending(since, using).order_by("moment", "id").iterator(chunk_size=BATCH):
        if not hmac.compare_digest(event.seal, event_seal(event)):
            continue  # somebody else put it there; `verify` names it
        seq = last.seq + 1
        sealed = Head(seq, link_hash(seq, last.hash, event))
        links.append(Link(seq=seq, event_id=event.id, previous_hash=last.hash, hash=sealed.hash))
        last = sealed
        if len(links) == BATCH:
            break
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


def _waiting(verification: Verification, last: Head, using: str) -> tuple[int, Broken | None]:
    """How many events wait for their link, and the first that should not."""
    count, overdue = 0, datetime.now(UTC) - OVERDUE
    events = _pending(None, using).order_by("moment", "id").iterator(chunk_size=BATCH)
    while piece := list(itertools.islice(events, BATCH)):
        details = _grouped(
            Detail.objects.using(using).filter(event_id__in=[event.id for event in piece]), "event_id"
        )
        for event in piece:
            count += 1
            reason = verification.fault_of_waiting(event, details[event.id])
            if not reason and event.moment < overdue:
                reason = _("the event waits for its link for more than two days")
            if reason:
                return _pending(None, using).count(), Broken(last.seq + 1, event.id, reason)
    return count, None
