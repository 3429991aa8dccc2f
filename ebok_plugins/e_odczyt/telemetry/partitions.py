"""Monthly partitions of remote states on PostgreSQL; elsewhere nothing to do.

The key (meter, moment) covers value, alarms and customer, so that the chart of a meter reads a dozen pages
of one index and no table. There is always a DEFAULT
partition, so a state is never refused for want of a month. Names: `e_odczyt_remotestate_m202605`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.db import connections, transaction

TABLE = "e_odczyt_remotestate"
FIRST_YEAR = 2000
MONTHS_AHEAD = 2
_LOCK = 0x74656C65  # one maker of partitions at a time
_NAME = re.compile(rf"{TABLE}_m(\d{{4}})(\d{{2}})")


def split_by_month(cursor: Any) -> None:
    """Replace the empty plain table by a partitioned one with a covering key."""
    cursor.execute(f"ALTER TABLE {TABLE} RENAME TO {TABLE}_plain")
    cursor.execute(
        f"CREATE TABLE {TABLE} (LIKE {TABLE}_plain INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
        " PARTITION BY RANGE (moment)"
    )
    cursor.execute(f"DROP TABLE {TABLE}_plain")
    cursor.execute(
        f"ALTER TABLE {TABLE} ADD PRIMARY KEY (meter_id, moment) INCLUDE (value, flags, customer_id)"
    )
    cursor.execute(f"CREATE TABLE {TABLE}_default PARTITION OF {TABLE} DEFAULT")


def create_missing(moments: Iterable[datetime] = (), using: str = "default") -> list[str]:
    """Create the partitions of the months of these moments and of the coming ones; returns the new names."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return []
    wanted = {_month(moment) for moment in moments if moment.year >= FIRST_YEAR}
    month = _month(datetime.now(UTC))
    for _number in range(MONTHS_AHEAD):
        wanted.add(month)
        month = _next(month)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        there = _partitions(cursor)
        if wanted <= there:
            return []
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        there = _partitions(cursor)
        return [_create(cursor, month) for month in sorted(wanted - there)]


def drop_before(moment: datetime, using: str = "default") -> int:
    """Drop the partitions that end before this moment; how many. What lies elsewhere the caller deletes."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return 0
    dropped = 0
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        for month in sorted(_partitions(cursor)):
            if _next(month) <= moment.astimezone(UTC).date():
                cursor.execute(f"DROP TABLE {_name(month)}")
                dropped += 1
    return dropped


def _month(moment: datetime) -> date:
    return moment.astimezone(UTC).date().replace(day=1)


def _next(month: date) -> date:
    years, number = divmod(month.month, 12)
    return date(month.year + years, number + 1, 1)


def _name(month: date) -> str:
    return f"{TABLE}_m{month:%Y%m}"


def _partitions(cursor: Any) -> set[date]:
    cursor.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = %s::regclass",
        [TABLE],
    )
    found = (_NAME.fullmatch(name) for (name,) in cursor.fetchall())
    return {date(int(match[1]), int(match[2]), 1) for match in found if match}


def _create(cursor: Any, month: date) -> str:
    # The name and the bounds are made from a date; DDL takes no parameters.
    name, first, end = _name(month), f"{month} 00:00+00", f"{_next(month)} 00:00+00"
    cursor.execute(f"CREATE TABLE {name} (LIKE {TABLE} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
    cursor.execute(
        f"WITH moved AS (DELETE FROM {TABLE}_default WHERE moment >= %s AND moment < %s RETURNING *)"  # noqa: S608 (own names)
        f" INSERT INTO {name} SELECT * FROM moved",
        [first, end],
    )
    cursor.execute(f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES FROM ('{first}') TO ('{end}')")
    return name
