"""Scans of contracts that come in the ZIP archive of a delivery (C05, L11)."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from ebok.customers import scans
from ebok.customers.models import Contract
from ebok.exchange import pipeline
from ebok.exchange.folders import received_folder
from ebok.exchange.models import Delivery, Finding, Outcome
from ebok.exchange.sources import SourceRefused
from ebok.journal.models import Event
from tests.ebok.customers.test_scans import PDF, kept, picture, upload

CUSTOMERS = "code;name\nK-1;Anna\nK-2;Jan\n"
CONTRACTS = "customer_code;number;scan\nK-1;U/1;u1.pdf\nK-2;U/2;\n"

pytestmark = pytest.mark.feature("C05", "L11")


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Path, restored_db: None) -> Path:
    settings.EBOK_PRIVATE_ROOT = str(tmp_path / "private")
    settings.EBOK_ANTIVIRUS = ""
    return tmp_path / "private"


def deliver(folder: Path, name: str, contracts: str = CONTRACTS, **files: bytes) -> Delivery:
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("customers.csv", CUSTOMERS)
        archive.writestr("contracts.csv", contracts)
        for file, content in files.items():
            archive.writestr(f"skany/{file.replace('_', '.')}", content)
    return pipeline.proceed(pipeline.receive([path], profile="neutral").pk)


def test_a_named_scan_is_kept_privately(tmp_path: Path, private: Path) -> None:
    delivery = deliver(tmp_path, "first", u1_pdf=PDF)
    assert delivery.outcome == Outcome.DONE, delivery.sentence
    contract = Contract.objects.get(number="U/1")
    (file,) = kept(private)
    assert file.read_bytes() == PDF
    assert (contract.scan_name, contract.scan_from) == ("u1.pdf", "u1.pdf")
    assert not Contract.objects.get(number="U/2").scan
    event = Event.objects.get(kind="customers.scan_kept")
    assert event.customer_id == contract.customer_id
    assert not Finding.objects.exists()


def test_a_later_delivery_need_not_carry_it_and_may_replace_it(tmp_path: Path, private: Path) -> None:
    deliver(tmp_path, "first", u1_pdf=PDF)
    renamed = CONTRACTS.replace("customer_code;number;scan", "customer_code;number;scan;name")
    renamed = renamed.replace("u1.pdf", "u1.pdf;Woda").replace("U/2;", "U/2;;")
    assert deliver(tmp_path, "second", renamed).outcome in (Outcome.DONE, Outcome.WAITING)
    pipeline.approve(Delivery.objects.latest("pk").pk, None)
    contract = Contract.objects.get(number="U/1")
    assert (contract.name, bool(contract.scan)) == ("Woda", True)
    assert not Finding.objects.exists()
    waiting = deliver(tmp_path, "third", renamed.replace("u1.pdf", "u1b.png"), u1b_png=picture())
    pipeline.approve(waiting.pk, None)
    (file,) = kept(private)
    assert file.suffix == ".png"


def test_a_scan_added_by_hand_is_not_replaced(tmp_path: Path, private: Path) -> None:
    deliver(tmp_path, "first", CONTRACTS.replace("u1.pdf", ""))
    contract = Contract.objects.get(number="U/1")
    scans.keep(contract, scans.checked(upload(picture(), "a.png")), actor=None)
    waiting = deliver(tmp_path, "second", u1_pdf=PDF)
    pipeline.approve(waiting.pk, None)
    (file,) = kept(private)
    assert file.suffix == ".png"
    finding = Finding.objects.get()
    assert (finding.key, finding.column) == ("U/1", "scan")


@pytest.mark.parametrize("files", [{}, {"u1_pdf": picture()}, {"u1_pdf": b""}, {"u1_pdf": b"%PDF-1.4 cut"}])
def test_what_is_missing_or_wrong_is_told_and_asked_for_again(
    tmp_path: Path, private: Path, files: dict[str, bytes]
) -> None:
    delivery = deliver(tmp_path, "first", CONTRACTS, **files)
    assert delivery.outcome == Outcome.DONE
    finding = Finding.objects.get()
    assert (finding.kind, finding.column, finding.key) == ("rejected", "scan", "U/1")
    assert finding.cells["scan"] == "u1.pdf"
    assert Contract.objects.count() == 2
    assert kept(private) == []
    again = deliver(tmp_path, "second", u1_pdf=PDF)
    if again.outcome == Outcome.WAITING:
        again = pipeline.approve(again.pk, None)
    assert again.outcome == Outcome.DONE
    assert len(kept(private)) == 1


@pytest.mark.parametrize("name", ["../../u1.pdf", "/etc/passwd", "..", ".u1.pdf", "customers.csv"])
def test_a_name_leads_nowhere_else(tmp_path: Path, private: Path, name: str) -> None:
    deliver(tmp_path, "first", CONTRACTS.replace("u1.pdf", name), inny_pdf=PDF)
    assert kept(private) == []
    assert Finding.objects.get().column == "scan"


def test_scans_alone_are_no_delivery(tmp_path: Path) -> None:
    path = tmp_path / "only.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("u1.pdf", PDF)
    with pytest.raises(SourceRefused):
        pipeline.receive([path], profile="neutral")
    assert [folder for folder in received_folder().iterdir() if any(folder.iterdir())] == []


def test_two_scans_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("customers.csv", CUSTOMERS)
        archive.writestr("a/u1.pdf", PDF)
        archive.writestr("b/u1.pdf", PDF)
    with pytest.raises(SourceRefused):
        pipeline.receive([path], profile="neutral")
