"""The watched folder: what is ready is taken in, what is not is left alone, nothing twice."""

from __future__ import annotations

import fcntl
import json
import os
import time
from pathlib import Path

import pytest

from ebok.customers.models import Customer
from ebok.exchange import pipeline, watched_folder
from ebok.exchange.models import Delivery, Outcome
from ebok.exchange.tasks import resume, watch
from tests.ebok.exchange.deliveries import CUSTOMERS, LEDGER, configure, write

pytestmark = pytest.mark.usefixtures("restored_db")


@pytest.fixture
def incoming(runtime_dir: Path) -> Path:
    """The folder that is watched by default."""
    watched_folder.look()
    return runtime_dir / "exchange" / "incoming"


def quiet(folder: Path) -> None:
    """As though nobody had written for a minute, and the timer had looked before."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_file() and "working" not in path.parts:
            os.utime(path, (time.time() - 60, time.time() - 60))
    watched_folder.look()


def reports(folder: Path) -> list[dict[str, object]]:
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*/report.json"))]


def test_loose_files_are_one_delivery(incoming: Path) -> None:
    write(incoming, customers=CUSTOMERS, ledger=LEDGER)
    quiet(incoming)
    assert Delivery.objects.count() == 0
    look = watched_folder.look()
    delivery = Delivery.objects.get()
    assert (look.taken, delivery.outcome, delivery.way_in) == (
        ["customers.csv, ledger.csv"],
        Outcome.DONE,
        "folder",
    )
    assert Customer.objects.count() == 10
    assert [report["delivery"] for report in reports(incoming / "done")] == [delivery.pk]
    assert sorted(path.name for path in incoming.iterdir()) == ["done", "working"]
    assert list((incoming / "working").iterdir()) == []


def test_folders_and_archives_are_deliveries_of_their_own(incoming: Path) -> None:
    write(incoming / "nocna", customers=CUSTOMERS)
    write(incoming / "ksiega", ledger=LEDGER)
    quiet(incoming)
    watch()
    assert sorted(Delivery.objects.values_list("name", flat=True)) == ["ksiega", "nocna"]


def test_what_is_still_written_is_left_alone(incoming: Path) -> None:
    write(incoming, customers=CUSTOMERS)
    watched_folder.look()
    watched_folder.look()
    assert Delivery.objects.count() == 0
    (incoming / "ledger.csv.part").write_text("half")
    quiet(incoming)
    watched_folder.look()
    assert Delivery.objects.count() == 0
    (incoming / "ledger.csv.part").unlink()
    with (incoming / "customers.csv").open("a") as file:
        file.write("K-000011;Klient 11;;;;\n")
    os.utime(incoming / "customers.csv", (time.time() - 60, time.time() - 60))
    assert watched_folder.look().taken == []
    assert watched_folder.look().taken == ["customers.csv"]


def test_what_cannot_be_read_is_put_away_with_the_reason(incoming: Path) -> None:
    (incoming / "customers.csv").write_bytes(b"")
    quiet(incoming)
    look = watched_folder.look()
    (told,) = reports(incoming / "refused")
    assert (look.refused + look.finished != [], told["outcome"]) == (True, "refused")
    assert str(told["sentence"]) != ""


def test_what_waits_stays_until_somebody_decided(incoming: Path) -> None:
    configure(approval_threshold=0)
    write(incoming, customers=CUSTOMERS)
    quiet(incoming)
    watch()
    changed = [line.replace("Klient", "Inny") for line in CUSTOMERS]
    write(incoming, customers=changed)
    quiet(incoming)
    watch()
    waiting = Delivery.objects.latest("pk")
    assert (waiting.outcome, reports(incoming / "refused")) == (Outcome.WAITING, [])
    waiting.outcome = Outcome.REFUSED
    waiting.save()
    watch()
    assert [report["delivery"] for report in reports(incoming / "refused")] == [waiting.pk]


def test_two_timers_at_once(incoming: Path, runtime_dir: Path) -> None:
    write(incoming, customers=CUSTOMERS)
    quiet(incoming)
    with (runtime_dir / "exchange" / "watched.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert watched_folder.look().sentence == ""
    assert Delivery.objects.count() == 0
    watched_folder.look()
    assert Delivery.objects.count() == 1


def test_a_timer_killed_while_it_moved_files(incoming: Path) -> None:
    write(incoming, customers=CUSTOMERS, ledger=LEDGER)
    claim = incoming / "working" / "20260514-060000-abcdef"
    claim.mkdir(parents=True)
    (incoming / "customers.csv").rename(claim / "customers.csv")
    claim.with_suffix(".json").write_text(json.dumps({"names": ["customers.csv", "ledger.csv"]}))
    watched_folder.look()
    assert sorted(Delivery.objects.get().parts.values_list("dataset", flat=True)) == ["customers", "ledger"]
    assert Customer.objects.count() == 10


def test_a_configured_folder(incoming: Path, tmp_path: Path) -> None:
    folder = tmp_path / "z bilingu"
    configure(watched_folder=str(folder))
    with pytest.raises(OSError, match="z bilingu"):
        watch()
    write(folder, customers=CUSTOMERS)
    quiet(folder)
    watch()
    assert Delivery.objects.get().outcome == Outcome.DONE


def test_the_timer_goes_on_with_what_was_interrupted(incoming: Path, tmp_path: Path) -> None:

    received = pipeline.receive([write(tmp_path / "x", customers=CUSTOMERS)], profile="neutral")
    assert resume() is None
    Delivery.objects.update(received_at="2026-01-01T00:00Z")
    assert resume() == "1 dostawa nie jest skończona."
    received.refresh_from_db()
    assert received.outcome == Outcome.DONE
    assert resume() is None
