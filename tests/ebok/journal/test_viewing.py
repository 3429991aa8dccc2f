"""Viewings are gathered, written in batches, and neither lost nor doubled."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import RequestFactory

from ebok.accounts.models import User
from ebok.journal import kinds, shipping, spool, tasks
from ebok.journal.digests import detail_digest
from ebok.journal.models import Detail, Event
from ebok.journal.status import viewings
from ebok.journal.viewing import flush, record_view
from ebok.ports import StatusLight
from tests.database import ROOT, process_environment

KIND = "journal.item_changed"


@pytest.fixture
def gathering(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[shipping.Gatherer]:
    """Viewings are gathered and only `flush()` writes them."""
    settings.EBOK_JOURNAL_GATHER = True
    mine = shipping.Gatherer()
    monkeypatch.setattr(shipping, "gatherer", mine)
    monkeypatch.setattr(mine, "start", lambda: None)
    yield mine
    mine.forget()


def files() -> list[Path]:
    return sorted(spool.folder().glob(f"*{spool.ENDING}"))


def texts() -> list[str]:
    return list(Detail.objects.order_by("moment", "event_id").values_list("text", flat=True))


@pytest.mark.django_db
@pytest.mark.feature("K01")
def test_a_viewing_is_gathered_and_written_with_everything_about_it(
    gathering: shipping.Gatherer, client_user: User, rf: RequestFactory
) -> None:
    request = rf.get("/", headers={"user-agent": "Firefox\x00 ż"}, REMOTE_ADDR="192.0.2.7")
    request.user = client_user
    made = record_view(
        KIND,
        text="Obejrzano fakturę \n FV/1 \ud800",
        request=request,
        customer_id=7,
        obj=client_user,
        payload={"n": [1, "ż"]},
    )
    assert not Event.objects.exists()
    assert flush() == 1
    assert files() == []
    event, detail = Event.objects.get(), Detail.objects.get()
    assert (event.id, event.kind, event.customer_id) == (made, KIND, 7)
    assert (event.actor_id, event.object_id) == (client_user.pk, str(client_user.pk))
    assert (detail.text, detail.device) == ("Obejrzano fakturę \n FV/1 ?", "Firefox ż")
    assert (detail.address, detail.payload) == ("192.0.2.7", {"n": [1, "ż"]})
    assert (detail.actor_label, detail.moment) == ("Anna Klient (klient@example.org)", event.moment)
    assert event.digest == detail_digest(detail)
    assert flush() == 0


@pytest.mark.django_db
def test_without_gathering_it_is_written_at_once() -> None:
    made = record_view(KIND, text="od razu")
    assert Event.objects.get().id == made
    assert not spool.folder().exists()


@pytest.mark.django_db
def test_an_undeclared_kind_is_refused_at_once(gathering: shipping.Gatherer) -> None:
    with pytest.raises(kinds.UnknownKind):
        record_view("journal.nothing_such", text="x")
    assert files() == []


@pytest.mark.django_db
def test_what_was_seen_stays_seen_when_the_page_is_rolled_back(gathering: shipping.Gatherer) -> None:
    with transaction.atomic():
        record_view(KIND, text="widziane")
        transaction.set_rollback(True)
    assert flush() == 1
    assert texts() == ["widziane"]


@pytest.mark.django_db
def test_many_are_written_in_few_statements(
    gathering: shipping.Gatherer, django_assert_num_queries: Any
) -> None:
    for number in range(80):
        record_view(KIND, text=str(number))
    with django_assert_num_queries(4):  # a savepoint (in production a transaction) around two inserts
        assert flush() == 80
    assert texts() == [str(number) for number in range(80)]


@pytest.mark.django_db
def test_a_failed_batch_is_kept_and_tried_again_without_doubling(
    gathering: shipping.Gatherer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipping, "ROWS", 2)
    for number in range(5):
        record_view(KIND, text=str(number))
    honest, calls = Detail.objects.none().__class__.bulk_create, []

    def fails_the_second_time(queryset: Any, rows: list[Any], **options: Any) -> Any:
        calls.append(rows)
        if len(calls) == 4:
            raise DatabaseError("gone")
        return honest(queryset, rows, **options)

    with monkeypatch.context() as patched:
        patched.setattr(type(Detail.objects.none()), "bulk_create", fails_the_second_time)
        with pytest.raises(DatabaseError):
            flush()
    assert texts() == ["0", "1"]
    record_view(KIND, text="5")  # goes into a file of its own while the first one waits
    assert len(files()) == 2
    assert flush() == 4
    assert texts() == [str(number) for number in range(6)]
    assert files() == []


@pytest.mark.django_db
def test_files_of_the_living_are_left_alone_and_those_of_the_dead_taken(gathering: shipping.Gatherer) -> None:
    record_view(KIND, text="żyje")
    assert shipping.ship_left_behind() == 0
    assert tasks.gather() is None
    assert len(files()) == 1
    gathering.forget()  # what the kernel does when a process is killed
    assert tasks.gather() == "Przejęto 1 wgląd."
    assert texts() == ["żyje"]
    assert files() == []


@pytest.mark.django_db
def test_an_erased_detail_does_not_come_back_with_a_batch_shipped_twice(
    gathering: shipping.Gatherer,
) -> None:
    from ebok.journal.erasing import erase_details

    made = record_view(KIND, text="zapomnij")
    (file,) = files()
    kept = file.read_bytes()
    flush()
    erase_details([made])
    file.write_bytes(kept)
    assert shipping.ship_left_behind() == 0
    assert (Event.objects.count(), Detail.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_half_a_line_at_the_end_is_a_page_nobody_saw(gathering: shipping.Gatherer) -> None:
    for text in ("cały", "urwany"):
        record_view(KIND, text=text)
    gathering.forget()
    (file,) = files()
    file.write_bytes(file.read_bytes()[:-5])
    assert shipping.ship_left_behind() == 1
    assert texts() == ["cały"]
    assert not spool.damaged()


@pytest.mark.django_db
def test_a_line_somebody_changed_is_put_aside_and_told(gathering: shipping.Gatherer) -> None:
    for text in ("faktura A", "faktura B", "faktura C"):
        record_view(KIND, text=text)
    gathering.forget()
    (file,) = files()
    file.write_bytes(file.read_bytes().replace(b"faktura B", b"faktura X"))
    assert shipping.ship_left_behind() == 2
    assert texts() == ["faktura A", "faktura C"]
    assert b"faktura X" in (spool.folder() / spool.DAMAGED).read_bytes()
    assert viewings(None).light is StatusLight.ERROR


@pytest.mark.django_db
def test_waiting_files_are_told_after_five_minutes(gathering: shipping.Gatherer) -> None:
    assert viewings(None).light is StatusLight.OK
    record_view(KIND, text="czeka")
    assert viewings(None).light is StatusLight.OK
    os.utime(files()[0], (time.time() - 301,) * 2)
    assert viewings(None).light is StatusLight.WARNING


@pytest.mark.django_db
@pytest.mark.parametrize("written", [0, 7, None])
def test_a_full_disk_loses_nothing(
    gathering: shipping.Gatherer, monkeypatch: pytest.MonkeyPatch, written: int | None
) -> None:
    record_view(KIND, text="przed")
    real = os.write

    def full(handle: int, line: bytes) -> int:
        if written is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, line[:written])

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        record_view(KIND, text="pełny dysk")
    assert texts() == ["pełny dysk"]  # at once
    record_view(KIND, text="po")
    assert flush() == 2
    assert texts() == ["przed", "pełny dysk", "po"]
    assert not spool.damaged()


@pytest.mark.django_db
def test_a_folder_nobody_may_write_loses_nothing(gathering: shipping.Gatherer, runtime_dir: Path) -> None:
    (runtime_dir / "journal").write_text("a file where the folder should be")
    record_view(KIND, text="mimo to")
    assert texts() == ["mimo to"]


@pytest.mark.usefixtures("restored_db")
def test_the_thread_ships_by_itself(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EBOK_JOURNAL_GATHER = True
    monkeypatch.setattr(shipping, "gatherer", shipping.Gatherer())
    monkeypatch.setattr(shipping, "_IDLE", 0.1)
    record_view(KIND, text="samo")
    deadline = time.monotonic() + 20
    while not Event.objects.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert texts() == ["samo"]
    time.sleep(0.5)  # long enough for the thread to give its connection back before the database is restored
    assert files() == []


def start(database: str, runtime: Path, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ebok.journal.recording", str(runtime), *map(str, arguments)],
        cwd=ROOT,
        env=process_environment(database),
        stdout=subprocess.PIPE,
        text=True,
    )


def promised(process: subprocess.Popen[str], most: int = sys.maxsize) -> list[uuid.UUID]:
    """The events the process said are kept."""
    assert process.stdout is not None
    found = []
    for line in process.stdout:
        if len(line) == 33:
            found.append(uuid.UUID(hex=line.strip()))
        if len(found) >= most:
            break
    return found


@pytest.mark.usefixtures("restored_db")
@pytest.mark.feature("K01")
def test_a_killed_process_loses_nothing_and_doubles_nothing(test_database: Any, runtime_dir: Path) -> None:
    from django.db import connection

    database = test_database.url(connection.settings_dict["NAME"])
    process = start(database, runtime_dir, "zabity", 100_000)
    found = promised(process, 400)
    os.kill(process.pid, signal.SIGKILL)
    found += promised(process)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()
    shipping.ship_left_behind()
    ids = list(Event.objects.values_list("id", flat=True))
    assert set(found) - set(ids) == set()
    assert len(ids) == len(set(ids))
    # The line in which the killer struck may have been kept without having been told.
    assert len(set(ids) - set(found)) <= 1
    assert set(Detail.objects.values_list("event_id", flat=True)) == set(ids)
    assert files() == []


@pytest.mark.usefixtures("restored_db")
def test_a_process_that_ends_in_good_order_leaves_nothing(test_database: Any, runtime_dir: Path) -> None:
    from django.db import connection

    process = start(test_database.url(connection.settings_dict["NAME"]), runtime_dir, "koniec", 12)
    told, _nothing = process.communicate(timeout=60)
    assert process.returncode == 0
    assert Event.objects.count() == len(told.split()) == 12
    assert files() == []


def test_a_forked_process_does_not_hold_the_lock_of_its_parent(gathering: shipping.Gatherer) -> None:
    gathering.add(b"x\n")
    child = os.fork()
    if child == 0:
        gathering.forget()
        time.sleep(0.5)
        os._exit(0)
    gathering.forget()
    time.sleep(0.1)
    try:
        assert [batch.path for batch in spool.Batch.left_behind()] == files()
    finally:
        os.waitpid(child, 0)
