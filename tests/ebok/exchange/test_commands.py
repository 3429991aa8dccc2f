"""`manage.py ebok_import`: exit codes, the report, sentences instead of tracebacks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ebok.customers.models import Customer
from ebok.exchange import exit_codes
from ebok.exchange.locking import import_lock
from ebok.exchange.models import Delivery, Outcome, Phase
from ebok.journal.models import Event
from tests.ebok.exchange.deliveries import CUSTOMERS, LEDGER, changed, write

NUMBERS = {"rows", "new", "changed", "unchanged", "rejected", "conflicts", "orphans", "vanished"}


@pytest.fixture
def delivery(tmp_path: Path, restored_db: None) -> Path:
    """A folder with ten customers and their entries."""
    return write(tmp_path / "delivery", customers=CUSTOMERS, ledger=LEDGER)


def run(*paths: Path, **options: Any) -> int:
    """The exit code of the command."""
    try:
        call_command("ebok_import", *map(str, paths), **options)
    except SystemExit as ended:
        return int(str(ended.code))
    except CommandError as refused:
        return refused.returncode
    return 0


def refusal(*paths: Path, **options: Any) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("ebok_import", *map(str, paths), **options)
    assert refused.value.returncode == exit_codes.REFUSED
    return str(refused.value)


@pytest.mark.feature("L11")
def test_the_report_tells_every_number(delivery: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert run(delivery, report=report) == exit_codes.TAKEN_OVER
    told = json.loads(report.read_text())
    assert told["outcome"] == "done"
    assert {key: set(numbers) for key, numbers in told["datasets"].items()} == {
        "customers": NUMBERS,
        "ledger": NUMBERS,
    }
    assert told["datasets"]["customers"] == dict.fromkeys(NUMBERS, 0) | {"rows": 10, "new": 10}
    assert told["balance"] == {"before": "0.00", "after": "60.00"}


def test_the_same_delivery_again(delivery: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(delivery) == exit_codes.TAKEN_OVER
    assert run(delivery) == exit_codes.TAKEN_OVER_BEFORE
    assert "customers" in capsys.readouterr().out


def test_a_trial_run_changes_nothing(delivery: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert run(delivery, dry_run=True, report=report) == exit_codes.TAKEN_OVER
    assert not Customer.objects.exists()
    assert json.loads(report.read_text())["datasets"]["ledger"]["new"] == 10


def test_too_much_change_waits_unless_approved(delivery: Path, tmp_path: Path) -> None:
    run(delivery)
    names = {f"K-{number:06d}": f"Klient {number}=Inny {number}" for number in range(1, 11)}
    other = write(tmp_path / "other", customers=changed(CUSTOMERS, **names))
    assert run(other) == exit_codes.WAITING
    assert Customer.objects.filter(name__startswith="Inny").count() == 0
    waiting = Delivery.objects.latest("pk")
    assert run(delivery=waiting.pk, approve=True) == exit_codes.TAKEN_OVER
    assert Customer.objects.filter(name__startswith="Inny").count() == 10
    back = write(tmp_path / "back", customers=CUSTOMERS)
    assert run(back, approve=True) == exit_codes.TAKEN_OVER
    assert Event.objects.filter(kind="exchange.delivery_approved").count() == 2


def test_changes_do_not_make_rows_vanish(delivery: Path, tmp_path: Path) -> None:
    run(delivery)
    some = write(tmp_path / "some", customers=CUSTOMERS[:3])
    assert run(some, changes=True) == exit_codes.TAKEN_OVER
    assert Delivery.objects.latest("pk").parts.get().vanished == 0


def test_as_of(delivery: Path) -> None:
    assert run(delivery, as_of="2026-05-14T06:00") == exit_codes.TAKEN_OVER
    assert Delivery.objects.get().as_of == datetime(2026, 5, 14, 4, 0, tzinfo=UTC)


def test_busy_is_told_and_the_delivery_is_kept(delivery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with import_lock():
        assert run(delivery) == exit_codes.BUSY
    kept = Delivery.objects.get()
    assert (kept.outcome, kept.phase) == (Outcome.OPEN, Phase.RECEIVED)
    assert run(delivery=kept.pk) == exit_codes.TAKEN_OVER


def test_waiting_for_the_end_of_another(delivery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[bool] = []

    @contextmanager
    def lock(*, wait: bool = False) -> Iterator[None]:
        waited.append(wait)
        yield

    monkeypatch.setattr("ebok.exchange.pipeline.import_lock", lock)
    assert run(delivery, wait=True) == exit_codes.TAKEN_OVER
    assert waited == [True]


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (None, {}, "gone"),
        (b"", {}, "customers.csv"),
        (b"\x00\x01\x02\x03" * 100, {}, "customers.csv"),
        (b"code;name\n", {"profile": "nobody"}, "nobody"),
        (b"code;name\n", {"as_of": "jutro"}, "jutro"),
        (b"code;name\n", {"as_of": "2026-02-30"}, "2026-02-30"),
        (b"code;name\n", {"delivery": 99}, "99"),
        (b"code;name\n", {"customer": "K-1\x00"}, "K-1"),
    ],
)
def test_what_is_wrong_is_said(
    restored_db: None, tmp_path: Path, content: bytes | None, options: dict[str, Any], words: str
) -> None:
    path = tmp_path / ("customers.csv" if content is not None else "gone.csv")
    if content is not None:
        path.write_bytes(content)
    report = tmp_path / "report.json"
    try:
        call_command("ebok_import", str(path), report=report, **options)
    except CommandError as refused:
        said, code = str(refused), refused.returncode
    except SystemExit as ended:
        said, code = Delivery.objects.get().sentence, int(str(ended.code))
    assert (code, words in said) == (exit_codes.REFUSED, True), said
    told = json.loads(report.read_text())
    assert (told["outcome"], words in told["sentence"], told["datasets"]) == ("refused", True, {})


def test_a_dataset_nobody_knows(restored_db: None, tmp_path: Path) -> None:
    write(tmp_path / "x", dragons=["name;heads", "Smok;3"])
    assert run(tmp_path / "x") == exit_codes.REFUSED
    assert "dragons" in Delivery.objects.get().sentence


def test_without_files_it_asks_for_them(restored_db: None) -> None:
    assert refusal()


def test_a_report_that_cannot_be_written_stops_nothing(
    delivery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(delivery, report=Path("/nowhere/at/all/report.json")) == exit_codes.TAKEN_OVER
    assert "/nowhere/at/all/report.json" in capsys.readouterr().err
    assert Customer.objects.count() == 10
