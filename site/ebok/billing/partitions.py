"""Yearly partitions of the mirrored readings on PostgreSQL; elsewhere nothing to do.

There is always a DEFAULT partition, so a reading is never refused for want of a year. The import and a
periodic task create what is missing. Names: `billing_reading_y2026`, `billing_reading_default`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connections, transaction

TABLE = "billing_reading"
YEARS_AHEAD = 1
FIRST_YEAR = 1990
"""Older readings, and dates that are plainly wrong, stay in the DEFAULT partition."""
_LOCK = 0x656A6F76  # one maker of partitions at a time


def split_by_year(cursor: Any) -> None:
    """Replace the empty plain table by a partitioned one with the same columns, key and checks."""
    cursor.execute(f"ALTER TABLE {TABLE} RENAME TO {TABLE}_plain")
    cursor.execute(
        f"CREATE TABLE {TABLE} (LIKE {TABLE}_plain INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
        " PARTITION BY RANGE (read_on)"
    )
    cursor.execute(f"DROP TABLE {TABLE}_plain")
    cursor.execute(f"ALTER TABLE {TABLE} ADD PRIMARY KEY (customer_id, meter_id, read_on, register, kind)")
    cursor.execute(f"CREATE TABLE {TABLE}_default PARTITION OF {TABLE} DEFAULT")


def create_missing(years: Iterable[int] = (), using: str = "default") -> list[str]:
    """Create the partitions of these years, of this year and the next; returns the new names.

    Readings of such a year that already lie in the DEFAULT partition move to where they belong.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return []
    today = date.today().year  # noqa: DTZ011 (a year too early or late at midnight harms nothing)
    wanted = {year for year in years if FIRST_YEAR <= year <= today + YEARS_AHEAD}
    wanted |= {today, today + YEARS_AHEAD}
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        there = _partitions(cursor)
        created = []
        for year in sorted(wanted):
            if f"{TABLE}_y{year}" not in there:
                created.append(_create(cursor, year))
    return created


def for_days(spans: Mapping[str, tuple[date, date]]) -> None:
    """Create what readings of these days need; the import calls it before it applies them."""
    if "read_on" in spans:
        first, last = spans["read_on"]
        create_missing(range(first.year, last.year + 1))


def _partitions(cursor: Any) -> set[str]:
    cursor.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = %s::regclass",
        [TABLE],
    )
    return {name for (name,) in cursor.fetchall()}


def _create(cursor: Any, year: int) -> str:
    # The name and the bounds are made from a number; DDL takes no parameters.
    name = f"{TABLE}_y{year}"
    first, end = f"{year}-01-01", f"{year + 1}-01-01"
    cursor.execute(f"CREATE TABLE {name} (LIKE {TABLE} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
    cursor.execute(
        f"WITH moved AS (DELETE FROM {TABLE}_default WHERE read_on >= %s AND read_on < %s RETURNING *)"  # noqa: S608 (own names)
        f" INSERT INTO {name} SELECT * FROM moved",
        [first, end],
    )
    cursor.execute(f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES FROM ('{first}') TO ('{end}')")
    return name
