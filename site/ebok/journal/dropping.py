"""Dropping months of the journal (PostgreSQL): only when every kind in them has expired.

The links of such a month stay in the chain. An anchor, a signed digest over them, is written in the same
transaction, so the chain can still be verified, and whoever drops a month without one is found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils.translation import gettext as _

from ebok.journal import kinds, partitions, removals
from ebok.journal.identifiers import moment_of
from ebok.journal.models import Link
from ebok.journal.services import record

_PARTITION = re.compile(r"journal_event_y(\d{4})m(\d{2})")
_PATIENCE = "5s"
"""How long a drop waits for its lock; a long import must not hold up everybody else behind it."""


@dataclass(frozen=True)
class Month:
    """A partition of events, with the bounds of its month in UTC."""

    since: datetime
    until: datetime

    @property
    def name(self) -> str:
        """As in the names of the partitions: 2026-11."""
        return f"{self.since:%Y-%m}"

    def table(self, of: str) -> str:
        """The partition of `journal_event` or `journal_detail`."""
        return f"{of}_y{self.since:%Y}m{self.since:%m}"


def due(now: datetime, *, using: str = DEFAULT_DB_ALIAS) -> list[Month]:
    """Months of which nothing is kept any more, oldest first; none where there are no partitions."""
    if connections[using].vendor != "postgresql":
        return []
    with connections[using].cursor() as cursor:
        found = sorted(partitions.names(cursor, "journal_event"))
        months = [month for name in found if (month := _month(name)) and month.until <= now]
        return [month for month in months if _expired(cursor, month, now)]


def drop(month: Month, *, actor: str, using: str = DEFAULT_DB_ALIAS) -> bool:
    """Anchor the month's links, then drop its events and details; False when it is not due after all."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
        cursor.execute("LOCK TABLE journal_event, journal_detail IN ACCESS EXCLUSIVE MODE")
        if not _expired(cursor, month, datetime.now(UTC)) or _unsealed(cursor, month):
            return False
        links = removals.LinksDigest()
        for link in Link.objects.using(using).raw(
            "SELECT c.* FROM journal_chain c"  # noqa: S608 (the table's name is made of numbers)
            f" JOIN {month.table('journal_event')} e ON e.id = c.event_id ORDER BY c.seq"
        ):
            moment = moment_of(link.event_id)
            if moment is None or not month.since <= moment < month.until:
                # An identifier that does not tell its month could not be anchored.
                return False
            links.add(link)
        if links.links:
            removals.state_dropped(month.since, month.until, links, using=using)
        for table in partitions.PARTITIONED:
            cursor.execute(f"DROP TABLE IF EXISTS {month.table(table)}")
        record(
            "journal.month_dropped",
            text=_("Removed the month %(month)s, past its time, from the journal (%(count)d events)")
            % {"month": month.name, "count": links.links},
            actor=actor,
            payload={"month": month.name, "events": links.links, "digest": links.hexdigest()},
            using=using,
        )
    return True


def _month(name: str) -> Month | None:
    found = _PARTITION.fullmatch(name)
    if not found:
        return None
    since = datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC)
    return Month(since, (since + timedelta(days=32)).replace(day=1))


def _expired(cursor: Any, month: Month, now: datetime) -> bool:
    gone = [
        kind.key
        for kind in kinds.declared()
        if kind.retention is not None and month.until + kind.retention <= now
    ]
    # An empty month is left as it is: it holds nothing, and may be one that was just prepared.
    cursor.execute(
        f"SELECT EXISTS (SELECT 1 FROM {month.table('journal_event')}),"  # noqa: S608 (made of numbers)
        f" EXISTS (SELECT 1 FROM {month.table('journal_event')} WHERE kind <> ALL(%s))",
        [gone],
    )
    anything, kept = cursor.fetchone()
    return bool(anything and not kept)


def _unsealed(cursor: Any, month: Month) -> bool:
    cursor.execute(
        f"SELECT EXISTS (SELECT 1 FROM {month.table('journal_event')} e"  # noqa: S608 (made of numbers)
        " WHERE NOT EXISTS (SELECT 1 FROM journal_chain c WHERE c.event_id = e.id))"
    )
    return bool(cursor.fetchone()[0])
