"""The database itself refuses what must not happen."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from ebok.journal import chain, guards, partitions
from ebok.journal.checks import check_guards, check_key
from ebok.journal.erasing import erase_details
from ebok.journal.models import Event
from ebok.journal.services import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed() -> Event:
    event = record("journal.item_changed", text="Zmieniono: cennik", payload={"a": 1})
    chain.write_pending()
    # A statement of a removal, so that every table has a row.
    erase_details([record("journal.item_changed", text="Zapomniane").id])
    return event


def refused(sql: str, params: list[Any] | None = None) -> bool:
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(sql, params or [])
        except DatabaseError as error:
            return "insert-only" in str(error)
    return False


def test_every_guard_is_there() -> None:
    assert guards.missing() == set()
    assert len(guards.expected(connection.vendor)) == 11


@pytest.mark.parametrize("table", guards.TABLES)
def test_update_is_refused_everywhere(sealed: Event, table: str) -> None:
    column = {
        "journal_event": "kind",
        "journal_detail": "text",
        "journal_chain": "hash",
        "journal_removal": "said",
    }[table]
    assert refused(f"UPDATE {table} SET {column} = 'x'")


@pytest.mark.parametrize("table", ["journal_event", "journal_chain", "journal_removal"])
def test_delete_is_refused_where_nothing_may_be_erased(sealed: Event, table: str) -> None:
    assert refused(f"DELETE FROM {table}")


def test_a_detail_may_be_deleted(sealed: Event) -> None:
    assert not refused("DELETE FROM journal_detail")


@pytest.mark.parametrize("table", guards.TABLES)
def test_truncate_is_refused(sealed: Event, table: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    assert refused(f"TRUNCATE {table}")
    if table in partitions.PARTITIONED:
        name = f"{table}_y{sealed.moment:%Y}m{sealed.moment:%m}"
        assert refused(f"TRUNCATE {name}")
        assert refused(f"TRUNCATE {table}_default")
        assert refused(f"UPDATE {name} SET moment = moment")


@pytest.mark.parametrize("table", guards.TABLES)
def test_a_row_cannot_be_replaced(sealed: Event, table: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite replaces rows past DELETE triggers")
    assert refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_lost_guards_come_back_with_the_next_migrate(sealed: Event) -> None:
    drop_guards()
    lost = guards.missing()
    assert lost == guards.expected(connection.vendor)
    assert len(check_guards(None, databases=["default"])) == len(lost)
    guards.restore_after_migrate(using="default")
    assert guards.missing() == set()
    assert check_guards(None, databases=["default"]) == []
    assert refused("UPDATE journal_event SET kind = 'x'")


def test_a_table_rebuilt_by_sqlite_gets_its_guards_back() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps triggers")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE new__journal_chain AS SELECT * FROM journal_chain")
        cursor.execute("DROP TABLE journal_chain")
        cursor.execute("ALTER TABLE new__journal_chain RENAME TO journal_chain")
    assert {table for table, _name in guards.missing()} == {"journal_chain"}
    call_command("migrate", "journal", verbosity=0, skip_checks=True)
    assert guards.missing() == set()


def test_an_empty_key_is_no_key(settings: Any) -> None:
    assert check_key(None) == []
    settings.EBOK_JOURNAL_KEY = ""
    assert [error.id for error in check_key(None)] == ["ebok.E201"]


def drop_guards() -> None:
    """What a thief with the rights of the tables' owner would do first."""
    with connection.cursor() as cursor:
        for table, name in guards.expected(connection.vendor):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")
