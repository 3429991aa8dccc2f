"""Months on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection

from ebok.journal import chain, guards, partitions, tasks
from ebok.journal.models import Detail, Event
from ebok.journal.services import record

pytestmark = pytest.mark.django_db
postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no partitions")
FAR = datetime(2031, 11, 30, 23, 30, tzinfo=UTC)


def partition_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tableoid::regclass::text FROM {table} ORDER BY moment")
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has partitions")
def test_elsewhere_there_is_nothing_to_do() -> None:
    assert partitions.create_missing() == []
    assert tasks.prepare_months() is None


@postgresql
def test_this_month_and_the_next_three_are_made_once() -> None:
    names = partitions.create_missing(now=FAR)
    assert names == [
        f"{table}_{month}"
        for table in ("journal_event", "journal_detail")
        for month in ("y2031m11", "y2031m12", "y2032m01", "y2032m02")
    ]
    assert partitions.create_missing(now=FAR) == []
    with time_machine.travel(FAR, tick=False):
        record("journal.item_changed", text="x")
    assert partition_of("journal_event") == ["journal_event_y2031m11"]
    assert partition_of("journal_detail") == ["journal_detail_y2031m11"]


@postgresql
def test_rows_of_an_unprepared_month_wait_in_the_default_and_move() -> None:
    texts = []
    for day in (
        datetime(2031, 11, 30, tzinfo=UTC),
        datetime(2032, 1, 5, tzinfo=UTC),
        datetime(2040, 1, 1, tzinfo=UTC),
    ):
        with time_machine.travel(day, tick=False):
            record("journal.item_changed", text=f"{day:%Y-%m}")
            texts.append(f"{day:%Y-%m}")
    assert chain.write_pending() == 3
    assert set(partition_of("journal_event")) == {"journal_event_default"}
    assert len(partitions.create_missing(now=FAR)) == 8
    assert partition_of("journal_event") == [
        "journal_event_y2031m11",
        "journal_event_y2032m01",
        "journal_event_default",
    ]
    assert [detail.text for detail in Detail.objects.order_by("moment")] == texts
    assert guards.missing() == set()
    assert chain.verify().whole
    # And once more: the DEFAULT partition that was made anew can be made anew again.
    assert len(partitions.create_missing(now=datetime(2040, 1, 1, tzinfo=UTC))) == 8
    assert Event.objects.count() == 3


@postgresql
def test_the_minute_timer_tells_what_it_made() -> None:
    with time_machine.travel(FAR, tick=False):
        told = tasks.prepare_months()
    assert told is not None
    assert told.startswith("Utworzono: journal_event_y2031m11, ")
