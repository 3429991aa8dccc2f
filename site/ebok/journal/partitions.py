"""Monthly partitions of events and details on PostgreSQL; elsewhere nothing to do.

There is always a DEFAULT partition, so an event is never refused for want of a month. Months are
counted in UTC. Names: `journal_event_y2026m11`, `journal_event_default`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connections, transaction

from ebok.journal import guards

PARTITIONED = ("journal_event", "journal_detail")
MONTHS_AHEAD = 3
_LOCK = 0x656A6F75  # "ejou": one maker of partitions at a time


def create_missing(
    using: str = "default", *, now: datetime | None = None, ahead: int = MONTHS_AHEAD
) -> list[str]:
    """Create the partitions of this month and the `ahead` following ones; returns the new names.

    Rows of such a month that already lie in the DEFAULT partition move to where they belong.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return []
    created: list[str] = []
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        for table in PARTITIONED:
            there = names(cursor, table)
            wanted = list(_months(now or datetime.now(UTC), ahead))
            lacking = [(start, end) for start, end in wanted if _name(table, start) not in there]
            if not lacking:
                continue
            if _default_reaches(cursor, table, lacking):
                created += _rebuild_default(cursor, table, lacking)
            else:
                created += [_create(cursor, table, start, end) for start, end in lacking]
    return created


def create_default(cursor: Any, table: str) -> None:
    """Make the DEFAULT partition of a table that has none."""
    cursor.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")
    guards.guard_partition(cursor, f"{table}_default")


def _months(now: datetime, ahead: int) -> Iterator[tuple[datetime, datetime]]:
    year, month = now.astimezone(UTC).year, now.astimezone(UTC).month
    for offset in range(ahead + 1):
        yield _first_day(year, month + offset), _first_day(year, month + offset + 1)


def _first_day(year: int, month: int) -> datetime:
    return datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, 1, tzinfo=UTC)


def _name(table: str, start: datetime) -> str:
    return f"{table}_y{start:%Y}m{start:%m}"


def names(cursor: Any, table: str) -> set[str]:
    """Names of a table's partitions."""
    cursor.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = %s::regclass",
        [table],
    )
    return {name for (name,) in cursor.fetchall()}


def _create(cursor: Any, table: str, start: datetime, end: datetime) -> str:
    name = _name(table, start)
    # Names and bounds are made above from numbers only; DDL takes no parameters.
    cursor.execute(
        f"CREATE TABLE {name} PARTITION OF {table}"
        f" FOR VALUES FROM ('{start.isoformat()}') TO ('{end.isoformat()}')"
    )
    guards.guard_partition(cursor, name)
    return name


def _default_reaches(cursor: Any, table: str, months: list[tuple[datetime, datetime]]) -> bool:
    cursor.execute(
        f"SELECT EXISTS (SELECT 1 FROM {table}_default WHERE moment >= %s AND moment < %s)",  # noqa: S608 (own name)
        [months[0][0], months[-1][1]],
    )
    return bool(cursor.fetchone()[0])


def _rebuild_default(cursor: Any, table: str, months: list[tuple[datetime, datetime]]) -> list[str]:
    # Rows may not be deleted from the old DEFAULT partition, so it is taken off, its rows are inserted
    # anew where they belong, and it is dropped; all in one transaction that locks the table.
    aside = f"{table}_aside"
    cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
    cursor.execute(f"ALTER TABLE {table} DETACH PARTITION {table}_default")
    cursor.execute(f"ALTER TABLE {table}_default RENAME TO {aside}")
    cursor.execute(f"ALTER TRIGGER {table}_default_no_truncate ON {aside} RENAME TO {aside}_no_truncate")
    _free_index_names(cursor, aside)
    created = [_create(cursor, table, start, end) for start, end in months]
    create_default(cursor, table)
    cursor.execute(f"INSERT INTO {table} SELECT * FROM {aside}")  # noqa: S608 (own names)
    cursor.execute(f"DROP TABLE {aside}")
    return created


def _free_index_names(cursor: Any, aside: str) -> None:
    cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass", [aside])
    for number, (index,) in enumerate(cursor.fetchall()):
        cursor.execute(f"ALTER INDEX {index} RENAME TO {aside}_index_{number}")
