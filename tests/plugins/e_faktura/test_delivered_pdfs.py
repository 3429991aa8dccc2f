"""PDF files of the billing system that come in the ZIP archive of a delivery."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ebok.billing.models import Invoice
from ebok.exchange import pipeline
from ebok.exchange.models import Delivery, Finding, Outcome
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_dokument.testing import PDF
from ebok_plugins.e_faktura.models import DocumentOrigin, InvoiceDocument
from ebok_plugins.e_faktura.pdf import keeping

CUSTOMERS = "code;name\nK-1;Anna\nK-2;Jan\n"
INVOICES = (
    "customer_code;number;issued_on;net;gross\n"
    "K-1;FV/1;2026-05-31;10.00;10.00\n"
    "K-2;FV/2;2026-05-31;10.00;10.00\n"
)
FILES = "customer_code;invoice_number;file\nK-1;FV/1;fv1.pdf\n"

pytestmark = pytest.mark.feature("D07")


@pytest.fixture(autouse=True)
def restored(restored_db: None) -> None:
    """Imports commit."""


def deliver(folder: Path, name: str, listed: str = FILES, **files: bytes) -> Delivery:
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("customers.csv", CUSTOMERS)
        archive.writestr("invoices.csv", INVOICES)
        archive.writestr("invoice_files.csv", listed)
        for file, content in files.items():
            archive.writestr(f"pdf/{file.replace('_', '.')}", content)
    return pipeline.proceed(pipeline.receive([path], profile="neutral", complete=False).pk)


def test_the_named_file_is_kept_and_served(tmp_path: Path, home: SampleWorld) -> None:
    delivery = deliver(tmp_path, "first", fv1_pdf=PDF)
    assert delivery.outcome == Outcome.DONE, delivery.sentence
    bill = Invoice.objects.select_related("customer").get(number="FV/1")
    document = keeping.document_of(bill, bill.customer, home.site)
    assert document.origin == DocumentOrigin.BILLING
    with document.file.open("rb") as file:
        assert file.read() == PDF
    other = Invoice.objects.select_related("customer").get(number="FV/2")
    assert keeping.document_of(other, other.customer, home.site).origin == DocumentOrigin.MADE
    assert not Finding.objects.exists()


def test_a_file_that_is_none_is_told_and_ours_is_served(tmp_path: Path, home: SampleWorld) -> None:
    delivery = deliver(tmp_path, "first", fv1_pdf=b"<html>")
    assert delivery.outcome == Outcome.DONE
    finding = Finding.objects.get()
    assert (finding.column, finding.key) == ("file", "FV/1")
    assert not InvoiceDocument.objects.exists()
    deliver(tmp_path, "second")
    assert not InvoiceDocument.objects.exists()
    again = deliver(tmp_path, "third", fv1_pdf=PDF)
    if again.outcome == Outcome.WAITING:
        again = pipeline.approve(again.pk, None)
    assert again.outcome == Outcome.DONE
    assert InvoiceDocument.objects.get().delivered_as == "fv1.pdf"


@pytest.mark.parametrize("line", ["K-2;FV/1;fv1.pdf", "K-1;FV/9;fv1.pdf", "K-9;FV/1;fv1.pdf"])
def test_a_file_for_somebody_elses_bill_is_refused(tmp_path: Path, home: SampleWorld, line: str) -> None:
    deliver(tmp_path, "first", f"customer_code;invoice_number;file\n{line}\n", fv1_pdf=PDF)
    assert not InvoiceDocument.objects.exists()
    assert Finding.objects.exists()
