"""`manage.py demo_town`: same seed, same bytes; what cannot be done is said in a sentence."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError

from ebok.customers.models import Customer
from ebok.exchange.declared import declared_datasets
from ebok.exchange.models import Delivery
from ebok.exchange.validation import canonical
from ebok.operations import demo_loading
from ebok.operations.town.months import Calendar, last_full_month
from ebok.operations.town.rows import BY_DATASET
from ebok.operations.town.stories import DEMO_CLIENT, code_of
from ebok.operations.town.town import Town, TownRefused
from ebok.operations.town.writer import columns_of, write_neutral
from ebok.ports.datasets import Column, Dataset, Stored

ALL = sorted(["manifest.json", *(f"{key}.csv" for key in BY_DATASET)])


def written(folder: Path, *options: str) -> str:
    """What the command says when it writes a town into the folder."""
    out = io.StringIO()
    call_command("demo_town", "--out", str(folder), *options, stdout=out)
    return out.getvalue()


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_same_seed_same_bytes_on_any_day(tmp_path: Path) -> None:
    with time_machine.travel("2026-11-22T10:00:00+01:00"):
        written(tmp_path / "one", "--customers", "60")
    with time_machine.travel("2031-02-03T23:59:00+01:00"):
        written(tmp_path / "other", "--customers", "60")
    assert list(hashes(tmp_path / "one")) == ALL
    assert hashes(tmp_path / "one") == hashes(tmp_path / "other")


def test_bytes_depend_on_no_locale_and_no_order_of_sets(tmp_path: Path) -> None:
    """Two processes with other hash seeds and other languages write the same."""
    for name, seed, locale in (("one", "1", "C"), ("other", "999", "pl_PL.UTF-8")):
        subprocess.run(
            [sys.executable, "-c", _WRITE, str(tmp_path / name)],
            check=True,
            env={
                "PYTHONHASHSEED": seed,
                "LC_ALL": locale,
                "TZ": "Pacific/Auckland" if seed == "1" else "UTC",
                "PYTHONPATH": ":".join(sys.path),
            },
        )
    assert hashes(tmp_path / "one") == hashes(tmp_path / "other")


_WRITE = """
import sys
from pathlib import Path
from ebok.operations.town.portions import Sheet, portions
from ebok.operations.town.rows import BY_DATASET
from ebok.operations.town.town import Town
folder = Path(sys.argv[1])
folder.mkdir()
for portion in portions(Town(customers=40), [Sheet(key, ()) for key in BY_DATASET]):
    for key, text in portion.items():
        with (folder / key).open("ab") as file:
            file.write(text.content)
"""


def test_another_seed_is_another_town(tmp_path: Path) -> None:
    written(tmp_path / "one", "--customers", "40", "--seed", "1")
    written(tmp_path / "other", "--customers", "40", "--seed", "2")
    assert hashes(tmp_path / "one")["readings.csv"] != hashes(tmp_path / "other")["readings.csv"]


def test_several_processes_write_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(customers=250, months=3)
    write_neutral(town, tmp_path / "one", declared_datasets())
    monkeypatch.setattr("ebok.operations.town.portions._ALONE_UP_TO", 100)
    write_neutral(town, tmp_path / "two", declared_datasets(), processes=2)
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")


def test_manifest_says_what_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "town"
    written(folder, "--customers", "40", "--until", "2026-05-14")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["as_of"], manifest["complete"]) == ("2026-04-30T23:59:59+02:00", True)
    assert sorted(manifest["files"]) == [name for name in ALL if name != "manifest.json"]
    found = hashes(folder)
    for name, said in manifest["files"].items():
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        assert (said["rows"], said["sha256"]) == (len(lines) - 1, found[name]), name
    header, *lines = (folder / "payments.csv").read_text(encoding="utf-8").splitlines()
    place = header.split(";").index("amount")
    paid = sum((Decimal(line.split(";")[place]) for line in lines), Decimal(0))
    assert manifest["files"]["payments.csv"]["totals"] == {"amount": str(paid)}


def test_files_appear_only_when_they_are_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ebok.operations.town.writer._Files.add", broken)
    with pytest.raises(CommandError, match="cannot be written: No space left on device"):
        written(tmp_path / "town", "--customers", "5")
    assert list((tmp_path / "town").iterdir()) == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--customers", "0"], r"A town has from 1 to 1000000 customers; --customers 0 is not possible\."),
        (["--customers", "-3"], r"--customers -3 is not possible\."),
        (["--customers", "1000001"], r"--customers 1000001 is not possible\."),
        (["--months", "-1"], r"The past of a town has from 1 to 120 months; --months -1 is not possible\."),
        (["--months", "0"], r"--months 0 is not possible\."),
        (["--until", "2026-02-31"], r"“2026-02-31” is not a day; write it like 2026-10-31\."),
        (["--until", "0001-01-01"], r"--until 0001-01-01 is not possible\."),
        (["--until", "9999-12-31"], r"--until 9999-12-31 is not possible\."),
        (["--processes", "0"], r"--processes 0 is not possible\."),
    ],
)
def test_what_is_not_possible_is_said(tmp_path: Path, options: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        written(tmp_path / "town", *options)
    assert not (tmp_path / "town").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(CommandError, match="file cannot be written: "):
        written(tmp_path / "file", "--customers", "5")
    with pytest.raises(CommandError, match="cannot be written: "):
        written(tmp_path / "file" / "below", "--customers", "5")


def test_small_towns_and_short_pasts(tmp_path: Path) -> None:
    for customers, months in ((1, 1), (5, 2), (40, 7), (33, 60)):
        found = write_neutral(Town(customers=customers, months=months), tmp_path, declared_datasets())
        assert found["customers.csv"].rows == customers


@pytest.mark.parametrize(
    ("until", "first"),
    [
        (date(2026, 10, 31), date(2026, 10, 1)),
        (date(2026, 11, 1), date(2026, 10, 1)),
        (date(2026, 2, 28), date(2026, 2, 1)),
        (date(2028, 2, 28), date(2028, 1, 1)),
        (date(2026, 1, 5), date(2025, 12, 1)),
    ],
)
def test_the_last_full_month(until: date, first: date) -> None:
    assert last_full_month(until) == first


def test_calendar_counts_back() -> None:
    months = Calendar(date(2026, 3, 31), 14).months
    assert [(month.year, month.number) for month in (months[0], months[-1])] == [(2025, 2), (2026, 3)]
    assert [month.place for month in months] == list(range(14))
    assert {month.days for month in months} == {28, 30, 31}


def test_a_town_is_refused_in_code_as_well() -> None:
    with pytest.raises(TownRefused):
        Town(customers=0)


# Other profiles and the import -------------------------------------------------------------


def test_the_older_export_is_written_in_its_own_spelling(tmp_path: Path) -> None:
    written(tmp_path / "one", "--customers", "40", "--profile", "gospodarka")
    written(tmp_path / "other", "--customers", "40", "--profile", "gospodarka")
    assert hashes(tmp_path / "one") == hashes(tmp_path / "other")
    assert "KLIENCI_20261031_2359.csv" in hashes(tmp_path / "one")
    content = (tmp_path / "one" / "KLIENCI_20261031_2359.csv").read_bytes().decode("cp1250")
    assert content.splitlines()[1].startswith("K-000001;Maria Wiśniewska;osoba fizyczna;czynny;")


def test_a_database_is_written_once(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'town.sqlite3'}"
    out = io.StringIO()
    call_command("demo_town", "--customers", "20", "--profile", "sql", "--out", address, stdout=out)
    with closing(sqlite3.connect(tmp_path / "town.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM klienci").fetchone() == (20,)
    with pytest.raises(CommandError, match="The database holds a table .* already; give an empty one"):
        call_command("demo_town", "--customers", "20", "--profile", "sql", "--out", address, stdout=out)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--profile", "sql", "--out", "not an address"], "--out must be the address of a database"),
        (["--profile", "sql", "--out", "sqlite:////proc/nowhere/x"], "cannot be written: "),
        (["--profile", "nobody", "--out", "x"], "nobody"),
        ([], "Say where the files go with --out DIR, or import the town with --load"),
    ],
)
def test_wrong_addresses_and_profiles_are_said(options: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("demo_town", "--customers", "2", *options, stdout=io.StringIO())


def kept_columns(dataset: Dataset) -> list[Column]:
    """The columns whose cells stand in the mirror as they are."""
    return [column for column in dataset.columns if column.attname and column.stored is Stored.AS_IS]


def delivered(town: Town) -> dict[str, list[tuple[str, ...]]]:
    """Kept cells of every row of the town."""
    found: dict[str, list[tuple[str, ...]]] = {key: [] for key in BY_DATASET}
    places = {
        dataset.key: [columns_of(dataset.key).index(column.name) for column in kept_columns(dataset)]
        for dataset in declared_datasets()
        if dataset.key in BY_DATASET
    }
    for portion in town.rows():
        for key, rows in portion.of.items():
            found[key] += [tuple(row[place] for place in places[key]) for row in rows]
    return {key: sorted(rows) for key, rows in found.items()}


def mirrored() -> dict[str, list[tuple[str, ...]]]:
    """The same cells as they are spelled when they come out of the mirror."""
    found = {}
    for dataset in declared_datasets():
        if dataset.key in BY_DATASET:
            columns = kept_columns(dataset)
            names = [column.attname for column in columns]
            rows = apps.get_model(dataset.model)._default_manager.values_list("batch_id", *names)
            found[dataset.key] = sorted(
                tuple(canonical(column, value) for column, value in zip(columns, row[1:], strict=True))
                for row in rows
            )
    return found


@pytest.mark.usefixtures("restored_db")
@pytest.mark.feature("M09")
@pytest.mark.parametrize("profile", ["neutral", "gospodarka", "sql"])
def test_the_town_comes_in_the_same_through_every_profile(profile: str) -> None:
    town, options = Town(customers=34, months=4), ["--customers", "34", "--months", "4", "--load"]
    with time_machine.travel("2026-11-22T10:00:00+01:00", tick=True):
        call_command("demo_town", *options, "--profile", profile, stdout=io.StringIO())
        delivery = Delivery.objects.get()
        assert (delivery.outcome, delivery.profile) == ("done", profile)
        assert mirrored() == delivered(town)
        # Another way of saying the same changes nothing.
        other = "gospodarka" if profile == "neutral" else "neutral"
        call_command("demo_town", *options, "--profile", other, stdout=io.StringIO())
    parts = Delivery.objects.order_by("pk")[1].parts.all()
    assert {(part.new, part.changed, part.rejected) for part in parts} == {(0, 0, 0)}


@pytest.mark.usefixtures("restored_db")
def test_the_demo_gets_its_customers_once() -> None:
    said: list[str] = []
    with time_machine.travel("2026-11-22T10:00:00+01:00", tick=True):
        demo_loading.load(say=said.append, customers=33)
        demo_loading.load(say=said.append, customers=33)
    assert said.count("A town of 33 customers …") == 1
    assert Delivery.objects.count() == 1
    assert Customer.objects.get(code=code_of(DEMO_CLIENT)).email == "klient@lipowo.example"


@pytest.mark.usefixtures("restored_db")
def test_an_import_that_does_not_take_everything_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ebok.operations.town.numbers.account", lambda _index: "12345678901234567890123456")
    with pytest.raises(CommandError, match=r"Of \d+ rows \d+ were not taken over"):
        call_command("demo_town", "--customers", "3", "--load", stdout=io.StringIO())
