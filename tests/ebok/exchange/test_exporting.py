"""Datasets as files: exact, in order, the same bytes every time."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from ebok.billing.models import InvoiceLine
from ebok.customers.models import Customer
from ebok.exchange.declared import declared_dataset, declared_datasets
from ebok.exchange.exporting import rows_of
from ebok.exchange.models import Delivery, Outcome
from ebok.exchange.profiles import load_profile
from ebok.exchange.sources.opening import open_source
from ebok.exchange.validation import canonical, clean_row
from ebok.testing import mirror as building

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled() -> None:
    """Two customers with something in every table."""
    for code, street in (("K-000002", 'ul. "Nowa"; 5'), ("K-000001", "=1+1")):
        owner = building.customer(
            code=code, street=street, phone="+48600100200", since_on=date(2019, 4, 1), pesel_hash="ab" * 32
        )
        contract = building.contract(owner, valid_from=date(2019, 4, 1))
        point = building.point(owner, contract=contract, persons=3)
        meter = building.meter(point, registers=2, mounted_state=Decimal("0.500"))
        building.reading(meter, date(2026, 5, 1), "12.345")
        building.reading(meter, date(2026, 5, 1), "3", register=2)
        invoice = building.invoice(owner, "123.45", date(2026, 5, 31), lines=3, contract=contract)
        entry = building.entry(owner, "123.45", invoice=invoice)
        payment = building.payment(owner, "23.45", date(2026, 6, 1), title="Wpłata\nz kasy")
        building.allocation(payment, entry, "23.45")
    InvoiceLine.objects.update(unit="m³")
    building.tariff("G1", {date(2025, 1, 1): "5.12", date(2024, 1, 1): "4.90"})


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def export(folder: Path, *names: str, **options: Any) -> None:
    call_command("ebok_export", *names, out=folder, **options)


def test_rows_come_in_the_order_of_their_names(filled: None) -> None:
    customers = list(rows_of(declared_dataset("customers")))
    assert [row[0] for row in customers] == ["K-000001", "K-000002"]
    readings = declared_dataset("readings")
    place = {column.name: number for number, column in enumerate(readings.columns)}
    found = [(row[place["customer_code"]], row[place["register"]]) for row in rows_of(readings)]
    assert found == [("K-000001", "1"), ("K-000001", "2"), ("K-000002", "1"), ("K-000002", "2")]


def test_every_cell_is_canonical_and_valid(filled: None) -> None:
    for dataset in declared_datasets():
        for cells in rows_of(dataset):
            row = clean_row(dataset, dict(zip((c.name for c in dataset.columns), cells, strict=True)))
            assert row.errors == []
            assert [canonical(column, row.values[column.name]) for column in dataset.columns] == cells


@pytest.mark.feature("L11")
@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
def test_the_same_data_are_the_same_bytes(filled: None, tmp_path: Path, form: str) -> None:
    with time_machine.travel(datetime(2026, 5, 14, tzinfo=UTC)):
        export(tmp_path / "a", all=True, format=form)
    with time_machine.travel(datetime(2026, 5, 15, 1, 2, 3, tzinfo=UTC)):
        export(tmp_path / "b", all=True, format=form)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == sorted(f"{dataset.key}.{form}" for dataset in declared_datasets())
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
def test_what_is_written_is_read_again(filled: None, tmp_path: Path, form: str) -> None:
    export(tmp_path, all=True, format=form)
    source = open_source(tmp_path, load_profile("neutral"))
    read = {
        part.dataset.key: [[cell or "" for cell in row] for _number, row in part.rows()]
        for part in source.parts()
    }
    assert {key: rows for key, rows in read.items() if rows} == {
        dataset.key: rows for dataset in declared_datasets() if (rows := list(rows_of(dataset)))
    }


def test_the_manifest_agrees_with_the_files(filled: None, tmp_path: Path) -> None:
    Delivery.objects.create(profile="neutral", name="x", sha256="", outcome=Outcome.DONE).parts.create(
        dataset="payments", member="x"
    )
    export(tmp_path, "payments", "invoices", manifest=True)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["complete"] is True
    assert manifest["files"]["payments.csv"] == {
        "rows": 2,
        "sha256": hashlib.sha256((tmp_path / "payments.csv").read_bytes()).hexdigest(),
        "totals": {"amount": "46.90"},
    }
    source = open_source(tmp_path, load_profile("neutral"))
    assert source.stated["payments"].totals == {"amount": Decimal("46.90")}


def test_formulas_only_where_asked(filled: None, tmp_path: Path) -> None:
    export(tmp_path / "exact", "customers", "ledger")
    export(tmp_path / "shown", "customers", "ledger", for_spreadsheets=True)
    assert lines(tmp_path / "exact" / "customers.csv")[0]["street"] == "=1+1"
    shown = lines(tmp_path / "shown" / "customers.csv")[0]
    assert (shown["street"], shown["phone"]) == ("'=1+1", "'+48600100200")
    assert (tmp_path / "exact" / "ledger.csv").read_bytes() == (
        tmp_path / "shown" / "ledger.csv"
    ).read_bytes()


def test_a_workbook_holds_texts(filled: None, tmp_path: Path) -> None:
    export(tmp_path, "customers", format="xlsx")
    sheet = load_workbook(tmp_path / "customers.xlsx").worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


def test_since_leaves_out_what_is_older(filled: None, tmp_path: Path) -> None:
    old, new = Customer.objects.order_by("code")
    Customer.objects.filter(pk=old.pk).update(changed_at=datetime(2026, 1, 1, tzinfo=UTC))
    Customer.objects.filter(pk=new.pk).update(changed_at=datetime(2026, 5, 1, tzinfo=UTC))
    export(tmp_path, "customers", "readings", since="2026-03-01", manifest=True)
    assert [row["code"] for row in lines(tmp_path / "customers.csv")] == [new.code]
    assert lines(tmp_path / "readings.csv") == []
    assert json.loads((tmp_path / "manifest.json").read_text())["complete"] is False


def test_nothing_half_written_stays(filled: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(*_arguments: object) -> Iterator[list[str]]:
        yield [""] * len(declared_dataset("customers").columns)
        raise OSError(28, "No space left on device", "customers.csv")

    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "customers.csv").write_text("earlier")
    monkeypatch.setattr("ebok.exchange.exporting.rows_of", torn)
    with pytest.raises(CommandError, match=r"customers\.csv"):
        export(folder, "customers")
    assert [path.name for path in folder.iterdir()] == ["customers.csv"]
    assert (folder / "customers.csv").read_text() == "earlier"


@pytest.mark.parametrize(
    ("names", "options", "words"),
    [
        (["nobody"], {}, "nobody"),
        (["customers"], {"since": "wczoraj"}, "wczoraj"),
        (["customers"], {"since": "2026-02-30"}, "2026-02-30"),
        (["customers"], {"profile": "nobody"}, "nobody"),
        ([], {"outlet": ["nobody"]}, "nobody"),
        ([], {"acknowledge": ["billing.entered_payments", "7", "taken"]}, "7"),
        ([], {"acknowledge": ["billing.entered_payments", "x", "taken"]}, "x"),
        ([], {"answers": ["billing.entered_payments", "/nowhere/answers.csv"]}, "Nie można"),
    ],
)
def test_wrong_words_are_answered_with_a_sentence(
    tmp_path: Path, names: list[str], options: dict[str, Any], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        export(tmp_path, *names, **options)


def test_without_names_it_lists(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("ebok_export")
    shown = capsys.readouterr().out
    assert [line.split()[0] for line in shown.splitlines()][:2] == ["groups", "tariffs"]
    assert "billing.entered_payments" in shown


def test_in_the_words_of_a_billing_system(filled: None, tmp_path: Path) -> None:
    InvoiceLine.objects.all().delete()
    export(tmp_path / "theirs", "customers", "meters", "readings", profile="gospodarka")
    source = open_source(tmp_path / "theirs", load_profile("gospodarka"))
    for part in source.parts():
        read = [[cell or "" for cell in row] for _number, row in part.rows()]
        assert read == list(rows_of(part.dataset)), part.dataset.key
