"""An invoice comes from the billing system: the letter, the bill, its codes, and the proof of receipt."""

from __future__ import annotations

import hashlib
import io
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from ebok.billing.models import Invoice, InvoiceLine
from ebok.customers.models import Customer
from ebok.exchange.checks_of_text import ksef_crc
from ebok.look.templatetags.eb import money_text
from ebok.operations.demo_world import DEMO_PASSWORD
from ebok_plugins.e_faktura.demo_ksef import SELLER
from ebok_plugins.e_faktura.ksef.writing import fa3_of, upo_of
from tests.browser.billing_system import Bill, Line, archive, table
from tests.browser.demo import living_town
from tests.browser.journeys import (
    after,
    eventually,
    in_town,
    kept,
    looked_at,
    outcome,
    picture,
    taken,
    upload,
)
from tests.browser.signing_in import EMAIL
from tests.browser.visiting import Combination
from tests.decoding import codes_on
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

PHONE = Combination("pl", 390, "light", scripts=True)
WARSAW = ZoneInfo("Europe/Warsaw")
KNOWN = """
import json
from ebok.billing.models import Reading
from ebok.customers.models import Customer
home = Customer.objects.get(code="K-000001")
last = Reading.objects.filter(customer=home, meter__role="metered").select_related("meter__point")
last = last.latest("read_on")
print("KNOWN", json.dumps({
    "code": home.code, "name": home.name, "account": home.virtual_account, "meter": last.meter.number,
    "point": last.meter.point.code, "state": str(last.value), "on": last.read_on.isoformat(),
}))
"""
"""What the billing system knows about the client of the demo."""


@dataclass(frozen=True)
class Issued:
    """An invoice with its document of KSeF: what the billing system delivers, byte for byte."""

    bill: Bill
    ksef_number: str
    accepted_at: datetime
    xml: bytes
    upo: bytes

    def delivery(self, path: Path) -> Path:
        """The ZIP that is handed over."""
        told = {"ksef_mode": "online", "ksef_number": self.ksef_number}
        told["ksef_accepted_at"] = self.accepted_at.isoformat()
        files = {"file": f"{self.ksef_number}.xml", "upo": f"UPO-{self.ksef_number}.xml"}
        return archive(
            path,
            {
                **self.bill.files(**told),
                "ksef_documents.csv": table([{"customer_code": self.bill.customer, **files, **told}]),
                files["file"]: self.xml,
                files["upo"]: self.upo,
            },
        )


def issue(known: dict[str, str]) -> Issued:
    """Seven cubic metres for the client of the demo, accepted by KSeF a moment ago."""
    moment = datetime.now(WARSAW).replace(microsecond=0)
    today, before = moment.date(), (date.fromisoformat(known["on"]), Decimal(known["state"]))
    now = (today, before[1] + 7)
    point = known["point"]
    bill = Bill(
        customer=known["code"],
        account=known["account"],
        number=f"FV/{today:%Y/%m}/J00001",
        issued_on=today,
        since=before[0] + timedelta(days=1),
        lines=[
            Line(
                name="Woda",
                quantity=Decimal(7),
                unit="m³",
                price=Decimal("5.44"),
                point=point,
                meter=known["meter"],
                before=before,
                now=now,
            ),
            Line(name="Ścieki", quantity=Decimal(5), unit="m³", price=Decimal("8.50"), point=point),
            Line(
                name="Opłata abonamentowa",
                quantity=Decimal(1),
                unit="mies.",
                price=Decimal("7.20"),
                point=point,
            ),
        ],
    )
    invoice, lines = Invoice(**bill.head()), [InvoiceLine(**line) for line in bill.body()]
    xml = fa3_of(invoice, Customer(code=known["code"], name=known["name"]), lines, SELLER)
    body = f"{SELLER.nip}-{today:%Y%m%d}-0A1B2C3D4E5F"
    number = f"{body}-{ksef_crc(body)}"
    return Issued(bill, number, moment, xml, upo_of(xml, invoice, number, moment))


@pytest.fixture(scope="module")
def town(runtime: Path) -> Iterator[Portal]:
    """A demo town with worker and timer."""
    with living_town(runtime) as portal:
        yield portal


@pytest.mark.feature("D01", "D07", "D08", "D09", "D10", "L11")
def test_from_the_billing_system_to_the_proof_of_receipt(
    visitor: Callable[..., Page], town: Portal, runtime: Path, tmp_path: Path
) -> None:
    """The whole way of one invoice, as everybody concerned sees it."""
    issued = issue(json.loads(after("KNOWN", in_town(runtime, KNOWN))))
    administrator = visitor("administrator")
    upload(administrator, town.url, issued.delivery(tmp_path / "faktura.zip"), changes=True)
    assert outcome(administrator) == "Przejęta"
    assert "nie ma nic do przejrzenia" in administrator.locator(".ebok-exchange-verdict").inner_text()

    client = open_the_letter(visitor(combination=PHONE), town, issued)
    sign_in_where_asked(client)
    reads_the_bill(client, town, issued)
    clerk = visitor("employee")
    assert "otwarta" in state_of(clerk, town, issued)
    codes = takes_the_files(client, issued)
    assert "pobrana" in state_of(clerk, town, issued)
    confirms(client)
    proves(clerk, town, issued)
    verifies(visitor(combination=PHONE), town, issued, codes)


def open_the_letter(page: Page, town: Portal, issued: Issued) -> Page:
    """In the mailbox, and by its button; the window that opens."""
    amount = re.sub(r"\s", " ", money_text(issued.bill.gross))
    letter = page.locator("a.eb-row", has_text=amount).filter(has_text=EMAIL["client"])

    def has_come() -> bool:
        page.goto(f"{town.url}/skrzynka/?co=email")
        return letter.count() > 0

    eventually(has_come, "the letter about the invoice")
    assert letter.count() == 1
    letter.click()
    picture(page, "list")
    text = page.locator(".eb-letter-text").inner_text()
    assert issued.bill.number in text
    frame = page.frame_locator("iframe")
    with page.expect_popup() as popup:
        frame.get_by_role("link", name="Zobacz fakturę").click()
    return popup.value


def sign_in_where_asked(page: Page) -> None:
    """The link leads to the door first, and then on to the bill."""
    page.wait_for_url("**/konto/login/**")
    page.locator("input[name=login]").fill(EMAIL["client"])
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(re.compile(r"/moje-konto/faktury/\d+/$"))


def reads_the_bill(page: Page, town: Portal, issued: Issued) -> None:
    """Everything the billing system sent stands there."""
    main = re.sub(r"\s", " ", page.locator("main").inner_text())
    for said in (
        issued.bill.number,
        "94,81",
        "Woda",
        "Ścieki",
        "7 m³",
        issued.ksef_number,
    ):
        assert said in main, said
    looked_at(page, town, urlsplit(page.url).path)


def takes_the_files(page: Page, issued: Issued) -> list[str]:
    """PDF, XML, UPO and the view of KSeF; the codes on both PDFs are right. Those of the bill's PDF."""
    pdf = taken(page, page.get_by_role("link", name="Pobierz PDF"))
    assert taken(page, page.get_by_role("link", name="Sama faktura")) == issued.xml
    assert taken(page, page.get_by_role("link", name="UPO")) == issued.upo
    view = taken(page, page.get_by_role("link", name="Wizualizacja"))
    assert code_i_of(issued) in codes_on(view)
    assert issued.ksef_number in text_of(view)
    kept(pdf, "faktura.pdf")
    said = text_of(pdf)
    assert issued.bill.number in said
    assert "94,81 zł" in said
    return codes_on(pdf)


def code_i_of(issued: Issued) -> str:
    """KOD I, told from the bytes that were delivered."""
    digest = urlsafe_b64encode(hashlib.sha256(issued.xml).digest()).decode().rstrip("=")
    return f"https://qr-test.ksef.mf.gov.pl/invoice/{SELLER.nip}/{issued.bill.issued_on:%d-%m-%Y}/{digest}"


def confirms(page: Page) -> None:
    """By the button, once."""
    button = page.get_by_role("button", name="Potwierdzam odbiór faktury")
    button.click()
    page.wait_for_selector("text=Dziękujemy")
    assert button.count() == 0
    picture(page, "potwierdzona")


def state_of(page: Page, town: Portal, issued: Issued) -> str:
    """What the list of deliveries says about the bill, found by its number."""
    page.goto(f"{town.url}/pracownik/faktury/")
    page.locator("main input[name=q]").fill(issued.bill.number)
    page.locator("main form.eb-filters button").click()
    row = page.locator("main tbody tr")
    assert row.count() == 1
    return row.inner_text()


def proves(page: Page, town: Portal, issued: Issued) -> None:
    """The clerk sees each step, and takes the sheet for debt collection."""
    assert "odbiór potwierdzony" in state_of(page, town, issued)
    looked_at(page, town, "/pracownik/faktury/")
    state_of(page, town, issued)
    page.locator("main tbody a").click()
    page.wait_for_selector("[aria-labelledby=odbior]")
    looked_at(page, town, urlsplit(page.url).path)
    steps = page.locator("[aria-labelledby=odbior]").inner_text()
    sheet_file = taken(page, page.get_by_role("link", name="Dowód doręczenia"))
    sheet = text_of(sheet_file)
    kept(sheet_file, "dowod.pdf")
    for step in ("Wiadomość wysłana", "Otwarto", "PDF pobrany", "Odbiór potwierdzony"):
        assert step in steps, step
        assert step in sheet, step
    assert issued.bill.number in sheet
    assert EMAIL["client"] in sheet
    assert "Maria Wiśniewska" in sheet


def verifies(page: Page, town: Portal, issued: Issued, codes: list[str]) -> None:
    """Field by field; the address on the PDF says genuine, and with another amount it does not."""
    by_start = {code.split("|")[0].split("?")[0]: code for code in codes}
    check = by_start.pop(f"{town.url}/faktura/sprawdz/")
    ksef = by_start.pop(code_i_of(issued))
    assert ksef == code_i_of(issued)
    (transfer,) = by_start.values()
    nip, country, account, grosze, payee, title, *reserve = transfer.split("|")
    bill = issued.bill
    assert (country, account, grosze) == ("PL", bill.account, "009481")
    assert (payee, title, reserve) == ("Wodociągi Lipowo", bill.number, ["", "", ""])
    assert re.fullmatch(r"\d{10}", nip)
    asked = parse_qs(urlsplit(check).query)
    assert (asked["numer"], asked["kwota"], asked["konto"]) == ([bill.number], ["94.81"], [bill.account])
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{8}", asked["kod"][0])
    page.goto(check)
    assert "Ta faktura jest prawdziwa" in page.locator("[role=status]").inner_text()
    picture(page, "prawdziwa")
    page.goto(check.replace("kwota=94.81", "kwota=49.81"))
    assert "Nie potwierdzamy tej faktury" in page.locator("[role=status]").inner_text()
    looked_at(page, town, page.url.removeprefix(town.url))
    amount = page.locator("input[name=kwota]")
    assert amount.input_value().replace(".", ",") == "49,81"
    amount.fill("94,81")
    amount.press("Enter")
    page.wait_for_url("**kwota=94%2C81**")
    assert "Ta faktura jest prawdziwa" in page.locator("[role=status]").inner_text()


def text_of(content: bytes) -> str:
    """The text of a PDF on one line."""
    pages: Any = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()).replace("\xa0", " ")
