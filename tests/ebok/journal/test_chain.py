"""One chain, one writer, and whoever tampers is named."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from ebok.journal import chain
from ebok.journal.digests import event_seal
from ebok.journal.erasing import erase_details
from ebok.journal.models import Event, Link
from ebok.journal.services import record
from tests.ebok.journal.test_guards import drop_guards

NOON = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)


def write(count: int) -> list[Event]:
    return [
        record(
            "journal.item_changed",
            text=f"Zmiana {number}",
            actor="portal",
            customer_id=number,
            payload={"n": number},
        )
        for number in range(1, count + 1)
    ]


@pytest.mark.django_db
def test_an_untouched_chain_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "BATCH", 3)
    events = write(7)
    assert chain.write_pending() == 7
    assert chain.write_pending() == 0
    verdict = chain.verify()
    assert (verdict.whole, verdict.links, verdict.unsealed, verdict.erased) == (True, 7, 0, 0)
    assert verdict.head == chain.head()
    assert list(Link.objects.order_by("seq").values_list("seq", "event_id")) == list(
        enumerate([event.id for event in events], start=1)
    )


@pytest.mark.django_db
def test_an_empty_journal_is_whole() -> None:
    assert chain.verify() == chain.Verdict(0, chain.Head(), 0, 0, None)


TAMPERINGS: dict[str, tuple[str, str]] = {
    "kind": (
        "UPDATE journal_event SET kind = 'journal.item_deleted' WHERE id = %(event)s",
        "zdarzenie lub jego skrót",
    ),
    "actor": ("UPDATE journal_event SET actor_id = 1 WHERE id = %(event)s", "zdarzenie lub jego skrót"),
    "customer": (
        "UPDATE journal_event SET customer_id = 1000 WHERE id = %(event)s",
        "zdarzenie lub jego skrót",
    ),
    "digest": ("UPDATE journal_event SET digest = 'x' WHERE id = %(event)s", "zdarzenie lub jego skrót"),
    "event gone": ("DELETE FROM journal_event WHERE id = %(event)s", "brakuje jego zdarzenia"),
    "text": (
        "UPDATE journal_detail SET text = 'Nic' WHERE event_id = %(event)s",
        "jego szczegóły zostały zmienione",
    ),
    "address": ("UPDATE journal_detail SET address = '192.0.2.1' WHERE event_id = %(event)s", "szczegóły"),
    "hash": ("UPDATE journal_chain SET hash = 'x' WHERE seq = %(seq)s", "zdarzenie lub jego skrót"),
    "previous": ("UPDATE journal_chain SET previous_hash = 'x' WHERE seq = %(seq)s", "nie kontynuuje"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", TAMPERINGS)
@pytest.mark.parametrize("seq", [1, 4, 7])
def test_tampering_is_found_and_named(name: str, seq: int) -> None:
    events = write(7)
    chain.write_pending()
    drop_guards()
    sql, reason = TAMPERINGS[name]
    execute(sql, event=events[seq - 1].id, seq=seq)
    broken = chain.verify().broken
    assert broken is not None
    assert (broken.seq, broken.event_id) == (seq, events[seq - 1].id)
    assert reason in broken.reason


@pytest.mark.django_db
def test_a_link_cut_out_is_missed() -> None:
    write(5)
    chain.write_pending()
    drop_guards()
    execute("DELETE FROM journal_chain WHERE seq = 3")
    broken = chain.verify().broken
    assert broken is not None
    assert (broken.seq, broken.reason) == (4, "brakuje przed nim ogniwa 3")


@pytest.mark.django_db
def test_swapped_links_are_found() -> None:
    events = write(5)
    chain.write_pending()
    drop_guards()
    for seq, event in ((99, events[1]), (2, events[2]), (3, events[1])):
        execute(
            "UPDATE journal_chain SET event_id = %(other)s WHERE event_id = %(event)s",
            other=uuid.uuid4(),
            event=event.id,
        )
        execute("UPDATE journal_chain SET event_id = %(event)s WHERE seq = %(seq)s", event=event.id, seq=seq)
    broken = chain.verify().broken
    assert broken is not None
    assert broken.seq == 2


@pytest.mark.django_db
def test_a_forged_chain_without_the_key_is_found(settings: Any) -> None:
    write(3)
    chain.write_pending()
    drop_guards()
    execute("DELETE FROM journal_chain")
    execute("UPDATE journal_event SET kind = 'journal.item_deleted'")
    key, settings.EBOK_JOURNAL_KEY = settings.EBOK_JOURNAL_KEY, "guessed"
    for event in Event.objects.all():
        execute(
            "UPDATE journal_event SET seal = %(seal)s WHERE id = %(event)s",
            seal=event_seal(event),
            event=event.id,
        )
    chain.write_pending(everywhere=True)
    assert chain.verify().whole
    settings.EBOK_JOURNAL_KEY = key
    broken = chain.verify().broken
    assert broken is not None
    assert broken.seq == 1


@pytest.mark.django_db
def test_a_cut_or_rewritten_end_is_found_by_a_noted_head() -> None:
    write(5)
    chain.write_pending()
    noted = chain.head()
    write(2)
    chain.write_pending()
    assert chain.verify(expected=[noted]).whole
    other = chain.Head(noted.seq, "f" * 64)
    rewritten = chain.verify(expected=[other]).broken
    assert rewritten is not None
    assert rewritten.seq == 5
    drop_guards()
    execute("DELETE FROM journal_chain WHERE seq > 3")
    cut = chain.verify(expected=[noted]).broken
    assert cut is not None
    assert (cut.seq, cut.reason) == (4, "brakuje końca łańcucha")


@pytest.mark.django_db
def test_erasing_details_leaves_the_chain_whole() -> None:
    events = write(4)
    chain.write_pending()
    assert erase_details([event.id for event in events[1:3]]) == 2
    verdict = chain.verify()
    assert (verdict.whole, verdict.erased) == (True, 2)


@pytest.mark.django_db
def test_an_event_that_committed_late_is_sealed_after_the_newer_ones() -> None:
    with time_machine.travel(NOON - timedelta(minutes=30), tick=False):
        late = record("journal.item_changed", text="stary")
    # Taking the row away and bringing it back is what a transaction that commits late looks like.
    rows = [execute_all(f"SELECT * FROM {table}") for table in ("journal_event", "journal_detail")]
    drop_guards()
    execute("DELETE FROM journal_event")
    execute("DELETE FROM journal_detail")
    with time_machine.travel(NOON, tick=False):
        newer = record("journal.item_changed", text="nowy")
        assert chain.write_pending() == 1
        for table, stored in zip(("journal_event", "journal_detail"), rows, strict=True):
            for row in stored:
                insert(table, row)
        assert chain.write_pending() == 1
        assert list(Link.objects.order_by("seq").values_list("event_id", flat=True)) == [newer.id, late.id]
        assert chain.verify().whole


@pytest.mark.django_db
def test_the_daily_sweep_finds_what_committed_days_late() -> None:
    with time_machine.travel(NOON, tick=False):
        newer = record("journal.item_changed", text="nowy")
        chain.write_pending()
    with time_machine.travel(NOON - timedelta(days=3), tick=False):
        late = record("journal.item_changed", text="sprzed trzech dni")
    with time_machine.travel(NOON, tick=False):
        assert chain.write_pending() == 0
        waiting = chain.verify()
        assert waiting.broken is not None
        assert (waiting.unsealed, waiting.broken.event_id) == (1, late.id)
        assert chain.write_pending(everywhere=True) == 1
        assert chain.verify().whole
    assert list(Link.objects.order_by("seq").values_list("event_id", flat=True)) == [newer.id, late.id]


@pytest.mark.django_db
def test_the_command_tells_and_its_status_says_whether_it_is_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    events = write(3)
    chain.write_pending()
    call_command("journal_verify")
    assert capsys.readouterr().out.splitlines() == [
        "links: 3",
        "waiting for a link: 0",
        "details erased: 0",
        "noted heads compared: 0",
        f"head: {chain.head()}",
        "whole",
    ]
    drop_guards()
    execute("UPDATE journal_event SET kind = 'x' WHERE id = %(event)s", event=events[1].id)
    with pytest.raises(SystemExit) as ended:
        call_command("journal_verify")
    said = capsys.readouterr().out
    assert ended.value.code == 1
    assert f"broken at link 2 (event {events[1].id})" in said
    assert "missing guard: journal_event_no_update" in said
    with pytest.raises(CommandError):
        call_command("journal_verify", head="nonsense")


@pytest.mark.usefixtures("restored_db")
def test_writers_at_the_same_time_make_one_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "BATCH", 5)
    failures: list[BaseException] = []
    stop = threading.Event()

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    def tell(name: str) -> None:
        for number in range(25):
            record("journal.item_changed", text=f"{name} {number}")

    def seal() -> None:
        while not stop.is_set():
            chain.write_pending()
            stop.wait(0.01)

    sealers = [threading.Thread(target=run, args=(seal,)) for _ in range(2)]
    tellers = [threading.Thread(target=run, args=(lambda name=name: tell(name),)) for name in "abc"]
    for thread in (*sealers, *tellers):
        thread.start()
    for thread in tellers:
        thread.join(60)
    stop.set()
    for thread in sealers:
        thread.join(60)
    chain.write_pending()
    verdict = chain.verify()
    assert failures == []
    assert (verdict.whole, verdict.links, verdict.unsealed) == (True, 75, 0)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.usefixtures("restored_db")
def test_a_transaction_still_open_is_sealed_when_it_commits() -> None:
    told, go_on = threading.Event(), threading.Event()
    ids: list[uuid.UUID] = []

    def slow() -> None:
        with transaction.atomic():
            ids.append(record("journal.item_changed", text="długi import").id)
            told.set()
            go_on.wait(30)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert told.wait(30)
    quick = record("journal.item_changed", text="szybka zmiana")
    assert chain.write_pending() == 1
    go_on.set()
    thread.join(30)
    assert chain.write_pending() == 1
    assert list(Link.objects.order_by("seq").values_list("event_id", flat=True)) == [quick.id, ids[0]]
    assert chain.verify().whole


def execute(sql: str, **params: Any) -> None:
    if connection.vendor == "sqlite":
        params = {key: value.hex if isinstance(value, uuid.UUID) else value for key, value in params.items()}
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)


def execute_all(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def insert(table: str, row: tuple[Any, ...]) -> None:
    marks = ", ".join("%s" for _value in row)
    if connection.vendor == "postgresql" and table == "journal_detail":
        marks = "%s, %s, %s, %s, %s, %s, %s::jsonb, %s"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} VALUES ({marks})", row)
