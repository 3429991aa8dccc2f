"""The PDF of a bill: what stands on it, its codes read back by a decoder, its tags, keeping and serving."""

from __future__ import annotations

import io
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from ebok.billing.models import Invoice, InvoiceLine
from ebok.journal.models import Event
from ebok.testing import mirror
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_faktura.models import DocumentOrigin, InvoiceDocument, InvoiceSettings
from ebok_plugins.e_faktura.pdf import keeping, storing
from tests.decoding import codes_on
from tests.plugins.e_faktura.conftest import ACCOUNT, add_line

pytestmark = [pytest.mark.django_db, pytest.mark.feature("D07")]


def pdf_of(client: Client, bill: Invoice, **headers: str) -> Any:
    return client.get(reverse("client:e_faktura:pdf", kwargs={"pk": bill.pk}), headers=headers)


def content_of(answer: Any) -> bytes:
    assert answer.status_code in (200, 206)
    return b"".join(answer.streaming_content)


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()).replace("\xa0", " ")


def names_in(node: Any, seen: list[str]) -> list[str]:
    """Every structure tag of the document."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for kid in node:
            names_in(kid, seen)
    elif isinstance(node, dict):
        if "/S" in node:
            seen.append(str(node["/S"]))
        if "/K" in node:
            names_in(node["/K"], seen)
    return seen


# What it says -------------------------------------------------------------------------------


@pytest.mark.feature("D04")
def test_everything_stands_on_it(owner: Client, bill: Invoice, home: SampleWorld) -> None:
    own = InvoiceSettings.for_site(home.site)
    own.pdf_note = "Reklamacje: bok@example.org"
    own.save()
    text = text_of(content_of(pdf_of(owner, bill)))
    for said in (
        "Faktura FV/2026/05/000123",
        "Wodociągi Sp. z o.o.",
        "Termin płatności: 14 czerwca 2026",
        "133,22 zł",
        "licznik M-77",
        "liczydło 2",
        "12 9999 0000 1234 5678 0000 0096",
        "Energia nocna",
        "Reklamacje: bok@example.org",
    ):
        assert said in text


def test_it_is_tagged_and_claims_pdf_ua(owner: Client, bill: Invoice) -> None:
    reader = PdfReader(io.BytesIO(content_of(pdf_of(owner, bill))))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "pl"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid:part" in root["/Metadata"].get_object().get_data().decode()
    assert reader.metadata is not None
    assert reader.metadata.title == "Faktura FV/2026/05/000123"
    tags = names_in(root["/StructTreeRoot"]["/K"], [])
    assert tags.count("/H1") == 1
    for tag in ("/H2", "/Table", "/TR", "/TH", "/TD", "/Figure", "/P"):
        assert tag in tags
    assert all(page["/Tabs"] == "/S" for page in reader.pages)


@pytest.mark.feature("D07")
def test_the_codes_are_read_back(owner: Client, bill: Invoice, client: Client) -> None:
    transfer, check = codes_on(content_of(pdf_of(owner, bill)))
    assert transfer == f"5260250274|PL|{ACCOUNT}|013322|Wodociągi Sp. z o.o.|FV/2026/05/000123|||"
    parts = urlsplit(check)
    assert parse_qs(parts.query)["kwota"] == ["133.22"]
    answer = client.get(f"{parts.path}?{parts.query}").content.decode()
    assert "Ta faktura jest prawdziwa" in answer
    changed = client.get(f"{parts.path}?{parts.query.replace('133.22', '33.22')}").content.decode()
    assert "Nie potwierdzamy tej faktury" in changed


def test_a_large_amount_is_said_in_words(owner: Client, home: SampleWorld, bill: Invoice) -> None:
    Invoice.objects.filter(pk=bill.pk).update(net=Decimal("12345.67"), gross=Decimal("12345.67"))
    content = content_of(pdf_of(owner, bill))
    assert any("|000000|" in code for code in codes_on(content))
    assert "Wpisz ją samodzielnie: 12 345,67 zł" in text_of(content)


def test_a_correction_in_favour_asks_for_nothing(owner: Client, home: SampleWorld, bill: Invoice) -> None:
    made = mirror.invoice(
        home.customer, "-20.00", bill.issued_on, number="FK/1", corrects=bill, account=ACCOUNT
    )
    content = content_of(pdf_of(owner, made))
    assert len(codes_on(content)) == 1
    assert "Nie masz nic do zapłaty" in text_of(content)


@pytest.mark.parametrize("name", ["#set text(99pt)", "Ą\u0000ćę $x$ *b*", "Woda 🚰", "x" * 160])
def test_whatever_a_name_holds_it_is_only_text(owner: Client, bill: Invoice, name: str) -> None:
    InvoiceLine.objects.filter(invoice=bill, position=1).update(name=name.replace("\u0000", ""))
    content = content_of(pdf_of(owner, bill))
    assert "Energia nocna" in text_of(content)


def test_many_lines_fill_several_pages(owner: Client, bill: Invoice) -> None:
    for position in range(4, 204):
        add_line(bill, position, f"Punkt {position}", "1.00", read_from="1", read_to="2")
    content = content_of(pdf_of(owner, bill))
    assert len(PdfReader(io.BytesIO(content)).pages) > 3
    assert len(codes_on(content)) == 2


# Keeping and serving ------------------------------------------------------------------------


def test_it_is_made_once_and_anew_when_the_bill_changes(owner: Client, bill: Invoice, private: Path) -> None:
    assert not InvoiceDocument.objects.exists()
    first = pdf_of(owner, bill)
    again = pdf_of(owner, bill)
    assert content_of(first) == content_of(again)
    assert first["ETag"] == again["ETag"]
    assert InvoiceDocument.objects.count() == 1
    Invoice.objects.filter(pk=bill.pk).update(number="FV/INNA")
    changed = pdf_of(owner, bill)
    assert changed["ETag"] != first["ETag"]
    assert "FV/INNA" in text_of(content_of(changed))
    assert len(list(private.rglob("*.pdf"))) <= 2
    assert InvoiceDocument.objects.count() == 1


def test_a_payment_does_not_change_it(owner: Client, bill: Invoice) -> None:
    tag = pdf_of(owner, bill)["ETag"]
    Invoice.objects.filter(pk=bill.pk).update(open_amount=0)
    assert pdf_of(owner, bill)["ETag"] == tag


def test_a_lost_file_is_made_again(owner: Client, bill: Invoice, private: Path) -> None:
    pdf_of(owner, bill)
    for path in private.rglob("*.pdf"):
        path.unlink()
    assert content_of(pdf_of(owner, bill)).startswith(b"%PDF")


def test_parts_are_served_while_the_bytes_are_the_same(owner: Client, bill: Invoice) -> None:
    whole = pdf_of(owner, bill)
    content = content_of(whole)
    assert whole["Accept-Ranges"] == "bytes"
    assert whole["Content-Disposition"].startswith('attachment; filename="fv-2026-05-000123.pdf"')
    part = pdf_of(owner, bill, range="bytes=10-19", if_range=whole["ETag"])
    assert (part.status_code, content_of(part)) == (206, content[10:20])
    other = pdf_of(owner, bill, range="bytes=10-19", if_range='"anything else"')
    assert (other.status_code, content_of(other)) == (200, content)
    assert pdf_of(owner, bill, range="bytes=99999999-").status_code == 416
    assert pdf_of(owner, bill, if_none_match=whole["ETag"]).status_code == 304


def test_taking_it_is_journalled_once_for_a_download(owner: Client, bill: Invoice) -> None:
    pdf_of(owner, bill)
    pdf_of(owner, bill, range="bytes=10-19")
    owner.head(reverse("client:e_faktura:pdf", kwargs={"pk": bill.pk}))
    assert Event.objects.filter(kind="e_faktura.pdf_taken").count() == 1


def test_the_billing_systems_own_pdf_is_served(owner: Client, bill: Invoice) -> None:
    storing.keep(bill, b"%PDF-1.7 theirs", origin=DocumentOrigin.BILLING, delivered_as="a.pdf")
    assert content_of(pdf_of(owner, bill)) == b"%PDF-1.7 theirs"
    Invoice.objects.filter(pk=bill.pk).update(number="FV/INNA")
    assert content_of(pdf_of(owner, bill)) == b"%PDF-1.7 theirs"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one(restored_db: None, home: SampleWorld, bill: Invoice) -> None:
    made: list[str] = []
    errors: list[BaseException] = []

    def ask() -> None:
        try:
            made.append(keeping.document_of(bill, home.customer, home.site).sha256)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(set(made)) == 1
    assert InvoiceDocument.objects.count() == 1
