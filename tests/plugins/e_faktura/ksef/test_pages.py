"""Documents of KSeF on the pages of clients and of the clerk."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ebok.accounts.models import User
from ebok.customers.models import Customer
from ebok.journal.models import Event
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_faktura.ksef.codes import base64url
from ebok_plugins.e_faktura.ksef.receiving import take
from ebok_plugins.e_faktura.models import KsefConfirmation, KsefDocument, KsefState
from tests.decoding import codes_on
from tests.plugins.e_faktura.ksef import samples
from tests.plugins.e_faktura.ksef.test_numbers import confirmation
from tests.plugins.e_faktura.ksef.test_receiving import IN_PRODUCTION, mirrored, taken

pytestmark = pytest.mark.feature("D01")

CLIENT = "/moje-konto/faktury/"
CLERK = "/pracownik/faktury/ksef/"


@pytest.fixture
def document(town: SampleWorld) -> KsefDocument:
    """The utility's bill, confirmed by KSeF."""
    row = taken(samples.energy(), f"{samples.NUMBER}.xml")
    take(confirmation(**IN_PRODUCTION), "upo.xml")
    row.refresh_from_db()
    return row


def whole(response: Any) -> bytes:
    """The bytes of an answer, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_the_client_reads_everything(home: Client, document: KsefDocument) -> None:
    """Status, number, code, parties, lines, settlement, readings, in Polish and in English."""
    page = home.get(f"{CLIENT}ksef/{document.pk}/").content.decode()
    for words in (
        "przyjęta",
        samples.NUMBER,
        "Elektrownia S.A.",
        "Razem za energię czynną",
        "Wskazanie bieżące",
    ):
        assert words in page
    assert "https://qr.ksef.mf.gov.pl/invoice/9999999999/28-02-2026/" in page
    assert "<svg" in page
    assert "Odsetki" in page
    english = home.get(f"/en{CLIENT}ksef/{document.pk}/")
    if english.status_code == 200:
        assert "Settlement" in english.content.decode()


def test_it_stands_in_the_list_of_bills(home: Client, document: KsefDocument, town: SampleWorld) -> None:
    """As one from KSeF only, until the billing system tells of it."""
    page = home.get(CLIENT).content.decode()
    assert "Faktury tylko z KSeF" in page
    assert f"{CLIENT}ksef/{document.pk}/" in page
    assert document.invoice_number in home.get(f"{CLIENT}ksef/").content.decode()
    mirrored(town.customer)
    assert "Faktury tylko z KSeF" not in home.get(CLIENT).content.decode()


def test_the_page_of_the_bill_tells_of_ksef(home: Client, town: SampleWorld) -> None:
    """With the number and the code where the document is here; in words alone where it is not."""
    invoice = mirrored(town.customer, ksef_mode="offline24")
    page = home.get(f"{CLIENT}{invoice.pk}/").content.decode()
    assert "OFFLINE" in page
    assert "qr.ksef.mf.gov.pl" not in page
    taken(samples.energy(), number=samples.NUMBER)
    page = home.get(f"{CLIENT}{invoice.pk}/").content.decode()
    assert samples.NUMBER in page
    assert "qr.ksef.mf.gov.pl" in page


def test_the_xml_is_the_very_bytes(home: Client, document: KsefDocument) -> None:
    """Whole and in parts, as XML, never sniffed, journalled once."""
    address = f"{CLIENT}ksef/{document.pk}/xml/"
    response = home.get(address)
    assert whole(response) == samples.energy()
    assert response["Content-Type"] == "application/xml"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")
    part = home.get(address, headers={"range": "bytes=100-199"})
    assert (part.status_code, whole(part)) == (206, samples.energy()[100:200])
    assert home.get(address, headers={"range": "bytes=99999999-"}).status_code == 416
    assert Event.objects.filter(kind="e_faktura.ksef_downloaded").count() == 1


def test_upo_and_visualisation(home: Client, document: KsefDocument) -> None:
    """The confirmation as it came; the PDF is made once, tagged, and served in parts."""
    assert whole(home.get(f"{CLIENT}ksef/{document.pk}/upo/")) == confirmation(**IN_PRODUCTION)
    address = f"{CLIENT}ksef/{document.pk}/pdf/"
    content = whole(home.get(address))
    assert content.startswith(b"%PDF-")
    assert b"pdfuaid" in content
    kept = KsefDocument.objects.get(pk=document.pk)
    assert whole(home.get(address)) == content
    assert KsefDocument.objects.get(pk=document.pk).picture.name == kept.picture.name
    assert whole(home.get(address, headers={"range": "bytes=0-7"})) == content[:8]


def test_no_confirmation_no_file(home: Client, town: SampleWorld) -> None:
    """404 where no UPO came."""
    row = taken(samples.energy())
    assert home.get(f"{CLIENT}ksef/{row.pk}/upo/").status_code == 404


def test_lost_bytes_are_no_error(home: Client, document: KsefDocument) -> None:
    """The disk has lost the file: the page says so, the download is 404."""
    document.file.storage.delete(str(document.file.name))
    assert home.get(f"{CLIENT}ksef/{document.pk}/").status_code == 200
    assert home.get(f"{CLIENT}ksef/{document.pk}/xml/").status_code == 404
    assert home.get(f"{CLIENT}ksef/{document.pk}/pdf/").status_code == 404


def test_strangers_and_unfinished_documents(
    town: SampleWorld, document: KsefDocument, as_user: Callable[[User | None], Client]
) -> None:
    """Another client, and a client's own document that is refused, is 404; nothing is journalled."""
    stranger = as_user(town.other)
    before = Event.objects.filter(kind="e_faktura.ksef_downloaded").count()
    for what in ("", "xml/", "upo/", "pdf/"):
        assert stranger.get(f"{CLIENT}ksef/{document.pk}/{what}").status_code == 404
    KsefDocument.objects.update(state=KsefState.WAITING)
    owner = as_user(town.owner)
    assert owner.get(f"{CLIENT}ksef/{document.pk}/").status_code == 404
    assert owner.get(f"{CLIENT}ksef/{2**70}/").status_code == 404
    assert Event.objects.filter(kind="e_faktura.ksef_downloaded").count() == before


def test_the_list_asks_as_often_for_thirty(home: Client, town: SampleWorld) -> None:
    """The number of queries does not grow with the documents."""
    home.get(f"{CLIENT}ksef/")
    counts = []
    for first, last in ((0, 1), (1, 20)):
        for place in range(first, last):
            taken(samples.changed("FV2026/02/150", f"FV2026/02/9{place}"))
        with CaptureQueriesContext(connection) as asked:
            assert home.get(f"{CLIENT}ksef/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_long_invoices_come_in_pages(home: Client, town: SampleWorld) -> None:
    """Three hundred lines are three pages; a page that is none is the nearest."""
    line = "<FaWiersz><NrWierszaFa>{0}</NrWierszaFa><P_7>Pozycja nr {0}</P_7><P_11>1</P_11></FaWiersz>"
    many = "".join(line.format(place) for place in range(3, 303))
    row = taken(samples.changed("<Rozliczenie>", f"{many}<Rozliczenie>"))
    address = f"{CLIENT}ksef/{row.pk}/"
    assert ">302<" not in home.get(address).content.decode()
    for page in ("4", "99", "-1", "x"):
        assert home.get(f"{address}?pozycje={page}").status_code == 200
    assert ">302<" in home.get(f"{address}?pozycje=4").content.decode()


# The clerk -----------------------------------------------------------------------------------


def add(desk: Client, *files: tuple[str, bytes]) -> str:
    """Upload files; the page that says what became of them."""
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    response = desk.post(f"{CLERK}dodaj/", {"pliki": uploads})
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_clerk_adds_files_of_all_kinds(desk: Client, town: SampleWorld) -> None:
    """An invoice, its confirmation, a broken file and an empty one at once; each is told of."""
    page = add(
        desk,
        (f"{samples.NUMBER}.xml", samples.energy()),
        ("upo.xml", confirmation(**IN_PRODUCTION)),
        ("uciety.xml", samples.energy()[:500]),
        ("pusty.xml", b""),
    )
    assert "Faktura FV2026/02/150." in page
    assert "Plik jest pusty." in page
    assert "XML jest uszkodzony" in page
    assert KsefDocument.objects.filter(state=KsefState.KEPT).get().confirmation is not None
    assert "Taki sam plik już tu jest." in add(desk, ("jeszcze-raz.xml", samples.energy()))


@pytest.mark.parametrize("ending", ["8E", "8F"])
def test_the_clerk_hears_of_a_copy_under_another_number(
    ending: str, desk: Client, document: KsefDocument
) -> None:
    """Whoever keeps the copy by that name would look for an invoice that KSeF does not have."""
    page = add(desk, (f"{samples.NUMBER[:-2]}{ending}.xml", samples.energy()))
    assert "Taki sam plik już tu jest." in page
    assert ("zawiera inny numer KSeF niż" in page) == (ending != samples.NUMBER[-2:])
    document.refresh_from_db()
    assert document.number == samples.NUMBER


def test_a_zip_archive(desk: Client, town: SampleWorld) -> None:
    """Folders inside are of no meaning, litter is passed over."""
    archive = zipped(
        {"rok/a.xml": samples.energy(), "upo.xml": confirmation(**IN_PRODUCTION), "__MACOSX/b.xml": b"x"}
    )
    add(desk, ("faktury.zip", archive))
    assert KsefDocument.objects.get().state == KsefState.KEPT
    assert KsefConfirmation.objects.get().state == KsefState.KEPT


def test_bad_archives_are_refused(desk: Client, town: SampleWorld) -> None:
    """Cut off, or growing beyond measure: a sentence, and nothing of the bomb is kept."""
    assert "uszkodzone albo ucięte" in add(desk, ("a.zip", zipped({"a.xml": samples.energy()})[:200]))
    assert "ponad wszelką miarę" in add(desk, ("b.zip", zipped({"a.xml": b"\0" * 15_000_000})))
    assert not KsefDocument.objects.exists()


def test_nothing_chosen(desk: Client) -> None:
    """The form says so."""
    response = desk.post(f"{CLERK}dodaj/", {})
    assert response.status_code == 422
    assert "Wybierz przynajmniej jeden plik." in response.content.decode()


def test_the_clerk_gives_a_document_to_a_customer(desk: Client, town: SampleWorld) -> None:
    """From the queue, by the customer's code; an unknown code and a second decision are told."""
    Customer.objects.filter(pk=town.customer.pk).update(code="K-1", nip="")
    row = taken(samples.energy())
    assert row.invoice_number in desk.get(CLERK).content.decode()
    page = desk.get(f"{CLERK}{row.pk}/").content.decode()
    assert "Nie znaleziono klienta" in page
    address = f"{CLERK}{row.pk}/przypisz/"
    assert desk.post(address, {"give-seen": row.changes, "give-klient": "nikt"}).status_code == 422
    assert desk.post(address, {"give-seen": row.changes, "give-klient": "K-1"}).status_code == 302
    assert KsefDocument.objects.get().customer == town.customer
    again = desk.post(address, {"give-seen": row.changes, "give-klient": "K-2"})
    assert again.status_code == 422
    assert "w międzyczasie" in again.content.decode()
    assert KsefDocument.objects.get().customer == town.customer


def test_the_clerk_puts_aside_and_judges_again(desk: Client, town: SampleWorld) -> None:
    """A broken file leaves the queue; judged again it is as broken as before."""
    row = taken(b"<a/>")
    assert (
        desk.post(f"{CLERK}{row.pk}/odloz/", {"aside-seen": 0, "aside-powod": "pomyłka"}).status_code == 302
    )
    assert "Nic tu nie czeka" in desk.get(CLERK).content.decode()
    assert desk.post(f"{CLERK}{row.pk}/ponow/", {"again-seen": 1}).status_code == 302
    row.refresh_from_db()
    assert row.state == KsefState.REFUSED
    assert desk.get(f"{CLERK}{row.pk}/").status_code == 200
    assert whole(desk.get(f"{CLERK}{row.pk}/xml/")) == b"<a/>"
    assert desk.get(f"{CLERK}{row.pk}/pdf/").status_code == 404


def test_only_the_clerk(
    town: SampleWorld, document: KsefDocument, as_user: Callable[[User | None], Client]
) -> None:
    """Without the permission the pages do not exist, and nothing changes."""
    stranger = as_user(town.owner)
    for address in (CLERK, f"{CLERK}dodaj/", f"{CLERK}{document.pk}/", f"{CLERK}{document.pk}/xml/"):
        assert stranger.get(address).status_code == 404
    for action in ("przypisz", "odloz", "ponow"):
        assert stranger.post(f"{CLERK}{document.pk}/{action}/", {"seen": 0}).status_code == 404
    assert KsefDocument.objects.get().changes == 0


@pytest.mark.feature("D07")
def test_the_pdf_of_the_bill_carries_the_codes_of_ksef(
    home: Client, document: KsefDocument, town: SampleWorld
) -> None:
    """KOD I of the very bytes with the number; offline also the received KOD II; none outside of KSeF."""
    bill = mirrored(town.customer)

    def codes() -> list[str]:
        read = codes_on(whole(home.get(f"{CLIENT}{bill.pk}/pdf/")))
        return [code for code in read if "ksef.mf.gov.pl" in code]

    assert codes() == [document.code_i_url]
    digest = base64url(hashlib.sha256(samples.energy()).digest())
    assert document.code_i_url == f"https://qr.ksef.mf.gov.pl/invoice/9999999999/28-02-2026/{digest}"
    certificate = (
        f"https://qr.ksef.mf.gov.pl/certificate/Nip/9999999999/9999999999/01F20A5D352AE590/{digest}/"
    )
    signed = f"{certificate}{'a' * 86}"
    KsefDocument.objects.update(mode="offline24", code_ii_url=signed)
    assert codes() == sorted([document.code_i_url, signed])
    KsefDocument.objects.update(mode="outside", number="", code_ii_url="")
    assert codes() == []
