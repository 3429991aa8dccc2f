"""Documents of KSeF in the ZIP archive of a delivery, and ones written for the demo."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from ebok.billing.models import Invoice
from ebok.billing.queries import lines_of
from ebok.exchange import pipeline
from ebok.exchange.models import Delivery, Finding, Outcome
from ebok.testing.samples import SampleWorld, populate
from ebok_plugins.e_faktura.ksef import judging, reading, upo, writing
from ebok_plugins.e_faktura.models import KsefDocument, KsefState
from tests.plugins.e_faktura.ksef import samples
from tests.plugins.e_faktura.ksef.test_numbers import confirmation
from tests.plugins.e_faktura.ksef.test_receiving import IN_PRODUCTION

pytestmark = pytest.mark.feature("D01", "L11")

CUSTOMERS = "code;name\n99999999;Jan Kowalski\nK-2;Anna\n"
DOCUMENTS = (
    f"customer_code;file;upo;ksef_number;ksef_mode\n99999999;fv.xml;upo.xml;{samples.NUMBER};offline24\n"
)


def deliver(folder: Path, name: str, documents: str, **files: bytes) -> Delivery:
    """A delivery with its files, applied."""
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("customers.csv", CUSTOMERS)
        archive.writestr("ksef_documents.csv", documents)
        for file, content in files.items():
            archive.writestr(f"ksef/{file.replace('_', '.')}", content)
    delivery = pipeline.proceed(pipeline.receive([path], profile="neutral").pk)
    return pipeline.approve(delivery.pk, None) if delivery.outcome == Outcome.WAITING else delivery


@pytest.fixture(autouse=True)
def clean(private: Path, restored_db: None) -> None:
    """Files of this test's own, and a database that is restored."""


def test_a_delivery_brings_documents(tmp_path: Path) -> None:
    """The invoice and its confirmation, with number and mode, byte for byte."""
    files = {"fv_xml": samples.energy(), "upo_xml": confirmation(**IN_PRODUCTION)}
    deliver(tmp_path, "first", DOCUMENTS, **files)
    row = KsefDocument.objects.get()
    assert (row.state, row.number, row.mode, row.origin) == (
        KsefState.KEPT,
        samples.NUMBER,
        "offline24",
        "delivery",
    )
    assert row.customer is not None
    assert row.customer.code == "99999999"
    assert judging.bytes_of(row) == samples.energy()
    assert row.confirmation is not None
    assert not Finding.objects.exists()


def test_missing_and_broken_files_are_told_in_the_report(tmp_path: Path) -> None:
    """The report says what is missing; a broken file is kept for the clerk all the same."""
    documents = DOCUMENTS + "K-2;b.xml;;;\n"
    deliver(tmp_path, "first", documents, b_xml=samples.energy()[:900])
    reasons = {finding.key: str(finding.reason) for finding in Finding.objects.all()}
    assert set(reasons) == {"fv.xml", "b.xml"}
    assert KsefDocument.objects.get().state == KsefState.REFUSED


def test_the_billing_system_says_whose_it_is(tmp_path: Path) -> None:
    """Where the document itself leads to nobody."""
    content = samples.changed("99999999</NrKlienta>", "inny</NrKlienta>")
    deliver(
        tmp_path, "first", DOCUMENTS.replace("\n99999999;", "\nK-2;").replace("upo.xml", ""), fv_xml=content
    )
    row = KsefDocument.objects.get()
    assert row.customer is not None
    assert (row.state, row.customer.code) == (KsefState.KEPT, "K-2")


def test_written_invoices_are_valid(world: SampleWorld, settings: Any) -> None:
    """What is written for the demo is what the Ministry's schemas demand, and says what the bill says."""
    settings.EBOK_KSEF_ENVIRONMENT = "test"
    populate(world, 2, owners=())
    seller = writing.Seller("9999999999", "Wodociągi", "ul. Wodna 1", "99-000 Lipowo")
    invoices = list(Invoice.objects.all())
    assert invoices
    for invoice in invoices:
        content = writing.fa3_of(invoice, world.customer, list(lines_of(invoice)), seller)
        found = reading.read(content)
        assert (found.number, found.gross) == (invoice.number, invoice.gross)
        assert found.customer_numbers == (world.customer.code,)
        confirmed = upo.read(writing.upo_of(content, invoice, samples.NUMBER, timezone.now()))
        assert confirmed.documents[0].invoice_number == invoice.number
        assert not upo.problems_with(
            confirmed,
            sha256=hashlib.sha256(content).digest(),
            number=samples.NUMBER,
            seller_nip="9999999999",
        )
