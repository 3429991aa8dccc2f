"""Signed statements of what was rightly removed from the journal, and what they excuse.

Whoever deletes a detail or drops a month says so here in the same transaction, signed with the journal's
key. What is missing without a statement was taken by somebody else.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from ebok.journal.digests import statement_seal
from ebok.journal.identifiers import as_moment, moment_of, uuid7
from ebok.journal.models import Event, Link, Removal

ERASED = "details-erased"
EXPIRED = "details-expired"
DROPPED = "month-dropped"
_AT_ONCE = 1000


@dataclass
class LinksDigest:
    """A digest over links, given in their order; with it the links of a dropped month are anchored."""

    links: int = 0
    first: int = 0
    last: int = 0
    _sum: Any = field(default_factory=hashlib.sha256)

    def add(self, link: Link) -> None:
        """The next link."""
        self.first = self.first or link.seq
        self.last = link.seq
        self.links += 1
        self._sum.update(f"{link.seq} {link.event_id.hex} {link.previous_hash} {link.hash}\n".encode())

    def hexdigest(self) -> str:
        """The digest so far."""
        return str(self._sum.hexdigest())


@dataclass(frozen=True)
class Anchor:
    """A month whose events were dropped; its links stay and must be what they were."""

    since: datetime
    until: datetime
    first: int
    last: int
    links: int
    digest: str

    def holds(self, event_id: uuid.UUID, seq: int) -> bool:
        """Whether the anchor speaks of this event; not of one that came after the drop."""
        moment = moment_of(event_id)
        return seq <= self.last and moment is not None and self.since <= moment < self.until


@dataclass(frozen=True)
class Excused:
    """Everything the statements excuse."""

    forged: Removal | None = None
    """The first statement whose signature does not hold."""
    erased: frozenset[uuid.UUID] = frozenset()
    expired: Mapping[str, datetime] = field(default_factory=dict)
    """Kind to the moment before which its details may be missing."""
    anchors: tuple[Anchor, ...] = ()

    def lacks_detail(self, event: Event) -> bool:
        """Whether the event's detail may be missing."""
        until = self.expired.get(event.kind)
        return event.id in self.erased or (until is not None and event.moment < until)

    def anchor_of(self, link: Link) -> Anchor | None:
        """The anchor that speaks of this link's event."""
        return next((one for one in self.anchors if one.holds(link.event_id, link.seq)), None)


def state_erased(event_ids: Iterable[uuid.UUID], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """The details of these events are erased."""
    ids = sorted(event_id.hex for event_id in event_ids)
    for start in range(0, len(ids), _AT_ONCE):
        _state(ERASED, {"events": ids[start : start + _AT_ONCE]}, using)


def state_expired(kinds: Iterable[str], until: datetime, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """The details of these kinds recorded before `until` are gone."""
    _state(EXPIRED, {"kinds": sorted(kinds), "until": _written(until)}, using)


def state_dropped(
    since: datetime, until: datetime, links: LinksDigest, *, using: str = DEFAULT_DB_ALIAS
) -> None:
    """The events and details of a month are gone; `links` are what sealed them."""
    said = {
        "since": _written(since),
        "until": _written(until),
        "first": links.first,
        "last": links.last,
        "links": links.links,
        "digest": links.hexdigest(),
    }
    _state(DROPPED, said, using)


def excused(*, using: str = DEFAULT_DB_ALIAS) -> Excused:
    """What all statements together excuse; a forged one excuses nothing."""
    forged: Removal | None = None
    erased: set[uuid.UUID] = set()
    expired: dict[str, datetime] = {}
    anchors: list[Anchor] = []
    for removal in Removal.objects.using(using).order_by("pk").iterator(chunk_size=_AT_ONCE):
        if not hmac.compare_digest(removal.seal, statement_seal(removal)):
            forged = forged or removal
            continue
        said = json.loads(removal.said)
        if removal.what == ERASED:
            erased.update(uuid.UUID(hex=event_id) for event_id in said["events"])
        elif removal.what == EXPIRED:
            until = datetime.fromisoformat(said["until"])
            expired.update({kind: max(until, expired.get(kind, until)) for kind in said["kinds"]})
        elif removal.what == DROPPED:
            since, until = (datetime.fromisoformat(said[name]) for name in ("since", "until"))
            anchors.append(Anchor(since, until, said["first"], said["last"], said["links"], said["digest"]))
    return Excused(forged, frozenset(erased), expired, tuple(anchors))


def expired_until(*, using: str = DEFAULT_DB_ALIAS) -> Mapping[str, datetime]:
    """Kind to the moment up to which retention has worked through it."""
    return excused(using=using).expired


def _state(what: str, said: dict[str, Any], using: str) -> None:
    at = time.time_ns()
    removal = Removal(
        id=uuid7(at), moment=as_moment(at), what=what, said=json.dumps(said, separators=(",", ":"))
    )
    removal.seal = statement_seal(removal)
    removal.save(using=using)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
