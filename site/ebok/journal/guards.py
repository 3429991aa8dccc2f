"""Guards inside the database: triggers that refuse what the journal must never suffer.

| table            | UPDATE  | DELETE  | TRUNCATE (PostgreSQL) | INSERT OR REPLACE (SQLite) |
|------------------|---------|---------|-----------------------|----------------------------|
| journal_event    | refused | refused | refused               | refused                    |
| journal_detail   | refused | allowed | refused               | refused                    |
| journal_chain    | refused | refused | refused               | refused                    |
| journal_removal  | refused | refused | refused               | refused                    |

SQLite rebuilds a table for many schema changes and silently loses its triggers, so `install()` also
runs after every migrate. On PostgreSQL row triggers of a partitioned table reach its partitions by
themselves, TRUNCATE triggers do not: whoever makes a partition calls `guard_partition()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("journal_event", "journal_detail", "journal_chain", "journal_removal")
_KEYS = {
    "journal_event": ("id",),
    "journal_detail": ("event_id",),
    "journal_chain": ("seq", "event_id"),
    "journal_removal": ("id",),
}
_DELETABLE = ("journal_detail",)
_REFUSE = "ebok_journal_refuse"


def expected(vendor: str) -> set[tuple[str, str]]:
    """Every (table, trigger) that must be there on this kind of database."""
    return {(table, f"{table}_no_{what}") for table in TABLES for what in _refused(table, vendor)}


def missing(using: str = "default") -> set[tuple[str, str]]:
    """The guards that are not there, or are there and switched off."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'"
                " AND pg_catalog.pg_table_is_visible(c.oid)"
            )
        there = {(table, name) for table, name in cursor.fetchall()}
    return expected(connection.vendor) - there


def install(using: str = "default") -> None:
    """Put every missing guard back, on the tables that are there: early migrations know fewer."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    lacking = {(table, name) for table, name in missing(using) if table in there}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        for table, name in sorted(lacking):
            what = name.rsplit("_", 1)[1]
            if connection.vendor == "sqlite":
                cursor.execute(_sqlite_trigger(table, name, what))
            else:
                cursor.execute(_postgres_trigger(table, name, what))


def guard_partition(cursor: Any, partition: str) -> None:
    """Refuse TRUNCATE on one partition (PostgreSQL); its row triggers come from its parent."""
    cursor.execute(_postgres_trigger(partition, f"{partition}_no_truncate", "truncate"))


def restore_after_migrate(using: str = "default", **_kwargs: object) -> None:
    """Receiver of `post_migrate`: the guards are back whatever a migration did to the tables."""
    connection = connections[using]
    if connection.vendor in ("sqlite", "postgresql") and _tables_exist(connection) and missing(using):
        install(using)


def _tables_exist(connection: BaseDatabaseWrapper) -> bool:
    return set(TABLES) <= set(connection.introspection.table_names())


def _refused(table: str, vendor: str) -> Iterator[str]:
    yield "update"
    if table not in _DELETABLE:
        yield "delete"
    yield "truncate" if vendor == "postgresql" else "replace"


def _sqlite_trigger(table: str, name: str, what: str) -> str:
    if what == "replace":
        # INSERT OR REPLACE deletes without firing DELETE triggers, so the insert itself is refused.
        same = " OR ".join(f"{column} = NEW.{column}" for column in _KEYS[table])
        return (  # the names come from TABLES and _KEYS above
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table}"  # noqa: S608
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
            f" BEGIN SELECT RAISE(ABORT, '{table} is insert-only: the row is already there'); END"
        )
    return (
        f"CREATE TRIGGER {name} BEFORE {what.upper()} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is insert-only: {what} refused'); END"
    )


_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {_REFUSE}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only: % refused', TG_TABLE_NAME, lower(TG_OP)
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""


def _postgres_trigger(table: str, name: str, what: str) -> str:
    level = "STATEMENT" if what == "truncate" else "ROW"
    return (
        f"CREATE TRIGGER {name} BEFORE {what.upper()} ON {table}"
        f" FOR EACH {level} EXECUTE FUNCTION {_REFUSE}()"
    )
