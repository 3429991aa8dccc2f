"""Pages about money: receivables, balance, payments, the statement as screen, PDF and CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from ebok.billing.models import LedgerEntry, LedgerKind
from ebok.customers.access import give_access
from ebok.customers.models import EVERYTHING, Scope
from ebok.exchange.models import Delivery, DeliveryPart, Outcome
from ebok.journal.models import Detail, Event
from ebok.testing import mirror
from ebok.testing.people import person
from ebok.testing.samples import SampleWorld
from ebok_plugins.client_zone import statement

TODAY = date(2026, 6, 15)
NOW = "2026-06-15 12:00+02:00"
Queries = Callable[[int], Any]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def page(client: Client, view: str, query: str = "") -> str:
    answer = client.get(reverse(f"client:client_zone:{view}") + query)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def main(text: str) -> str:
    return text.split("<main")[1].split("</main", maxsplit=1)[0]


def owes(world: SampleWorld, amount: str, days: int, **fields: Any) -> LedgerEntry:
    """An open entry that is `days` overdue."""
    return mirror.entry(world.customer, amount, due_on=TODAY - timedelta(days=days), **fields)


# Receivables --------------------------------------------------------------------------------


@pytest.mark.feature("D11")
def test_late_ones_are_marked_by_colour_icon_and_words(home: SampleWorld, owner: Client) -> None:
    owes(home, "10.00", 12, title="Faktura 1")
    owes(home, "20.00", 0, title="Faktura 2")
    owes(home, "99.00", 40, title="Zapłacona", open_amount=Decimal(0))
    text = main(page(owner, "receivables"))
    rows = re.findall(r"<tr[^>]*>.*?</tr>", text, re.S)
    late, due = (next(row for row in rows if name in row) for name in ("Faktura 1", "Faktura 2"))
    assert "is-late" in late
    assert "eb-tag--bad" in late
    assert "12 dni po terminie" in late
    assert "<svg" in late
    assert "is-late" not in due
    assert "eb-tag--due" in due
    assert "Zapłacona" not in text
    assert ">30,00 <small>" in text


@pytest.mark.feature("D12")
@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", "ABCD"),
        ("due_on", "ABCD"),
        ("-due_on", "CBAD"),
        ("open_amount", "BCAD"),
        ("-open_amount", "DACB"),
        ("booked_on", "CABD"),
        ("no_such", "ABCD"),
        ("customer_id", "ABCD"),
    ],
)
def test_sorting(order: str, expected: str, home: SampleWorld, owner: Client) -> None:
    owes(home, "30.00", 9, title="Poz A", booked_on=date(2026, 4, 2))
    owes(home, "10.00", 5, title="Poz B", booked_on=date(2026, 4, 3))
    owes(home, "20.00", 1, title="Poz C", booked_on=date(2026, 4, 1))
    mirror.entry(home.customer, "40.00", title="Poz D", booked_on=date(2026, 4, 4))
    text = main(page(owner, "receivables", f"?kolejnosc={order}"))
    assert "".join(re.findall(r"Poz (\w)", text)) == expected
    answer = owner.get(reverse("client:client_zone:receivables"), {"kolejnosc": "-due_on"})
    assert 'aria-sort="descending"' in answer.content.decode()


@pytest.mark.feature("D12")
def test_filters(home: SampleWorld, owner: Client) -> None:
    owes(home, "30.00", 9, title="Poz A")
    owes(home, "1.00", 3, title="Poz B", kind=LedgerKind.INTEREST)
    owes(home, "20.00", -5, title="Poz C")
    mirror.entry(home.customer, "-7.00", title="Poz D", kind=LedgerKind.OVERPAYMENT)

    def shown(query: str) -> str:
        return "".join(re.findall(r"Poz (\w)", main(page(owner, "receivables", query))))

    assert shown("?rodzaj=interest") == "B"
    assert shown("?stan=overdue") == "AB"
    assert shown("?stan=later") == "C"
    assert shown("?stan=credit") == "D"
    assert shown("?od=2026-06-10&do=2026-06-14") == "B"
    assert shown("?stan=overdue&rodzaj=demand") == ""
    assert shown("?od=kiedyś&stan=zawsze") == "ABCD"
    assert "31,00 zł" in main(page(owner, "receivables", "?stan=overdue"))


def test_nothing_to_settle_is_said_kindly(home: SampleWorld, owner: Client) -> None:
    text = main(page(owner, "receivables"))
    assert "eb-empty" in text
    assert "<table" not in text


@pytest.mark.parametrize("count", [1, 30, 240])
def test_receivables_page_and_take_the_same_queries(
    count: int, home: SampleWorld, owner: Client, assert_queries: Queries
) -> None:
    for number in range(count):
        owes(home, "1.00", number)
    address = reverse("client:client_zone:receivables")
    owner.get(address)
    with assert_queries(11):
        answer = owner.get(address)
    assert len(answer.context["table"].page.object_list) == min(count, 25)
    assert owner.get(f"{address}?strona=999999").status_code == 200


# Balance ------------------------------------------------------------------------------------


@pytest.mark.feature("D15")
def test_the_balance_is_shown_with_its_parts(home: SampleWorld, owner: Client) -> None:
    owes(home, "100.10", 12)
    owes(home, "3.33", 12, kind=LedgerKind.INTEREST)
    owes(home, "8.50", -9, kind=LedgerKind.DEMAND)
    mirror.entry(home.customer, "-20.00", kind=LedgerKind.OVERPAYMENT)
    text = main(page(owner, "balance"))
    for amount in ("100,10 zł", "3,33 zł", "8,50 zł", "−20,00 zł", "91,93 zł"):
        assert amount in text
    assert "103,43 zł" in text  # overdue


@pytest.mark.feature("D14")
def test_an_overpayment_is_no_debt(home: SampleWorld, owner: Client) -> None:
    mirror.entry(home.customer, "-20.00", kind=LedgerKind.OVERPAYMENT)
    text = main(page(owner, "balance"))
    assert "Nadpłata" in text
    assert ">20,00 <small>" in text


@pytest.mark.feature("D14")
def test_the_age_of_the_data_stands_beside_the_balance(home: SampleWorld, owner: Client) -> None:
    _delivered(hours=5)
    text = main(page(owner, "balance"))
    assert "Stan na 15 czerwca, 7:00" in text
    assert "eb-note--due" not in text
    DeliveryPart.objects.all().delete()
    _delivered(hours=24 * 5)
    assert "5 dni" in main(page(owner, "balance"))


def _delivered(hours: int) -> None:
    delivery = Delivery.objects.create(
        profile="neutral",
        name="x",
        sha256="",
        outcome=Outcome.DONE,
        as_of=timezone.now() - timedelta(hours=hours),
    )
    for dataset in ("ledger", "payments"):
        delivery.parts.create(dataset=dataset, member="x")


# Payments -----------------------------------------------------------------------------------


@pytest.mark.feature("D16")
def test_payments_say_what_they_settled(home: SampleWorld, owner: Client) -> None:
    paid = mirror.payment(home.customer, "30.00", date(2026, 5, 2))
    entry = mirror.entry(home.customer, "25.00", title="Faktura 7", open_amount=Decimal(0))
    mirror.allocation(paid, entry, "25.00")
    mirror.payment(home.customer, "8.00", date(2016, 5, 2), reversed_on=date(2016, 5, 9))
    text = main(page(owner, "payments"))
    assert "Faktura 7" in text
    assert "25,00 zł" in text
    assert "5,00 zł" in text  # waits for a bill
    reversed_row = next(row for row in text.split("<tr") if "02.05.2016" in row)
    assert "09.05.2016" in reversed_row
    assert "eb-tag--bad" in reversed_row
    assert "<s>" in reversed_row


@pytest.mark.parametrize("count", [1, 30, 240])
def test_payments_page_and_take_the_same_queries(
    count: int, home: SampleWorld, owner: Client, assert_queries: Queries
) -> None:
    for number in range(count):
        paid = mirror.payment(home.customer, "1.00", TODAY - timedelta(days=number))
        mirror.allocation(paid, mirror.entry(home.customer, "1.00", open_amount=Decimal(0)), "1.00")
    address = reverse("client:client_zone:payments")
    owner.get(address)
    with assert_queries(10):
        answer = owner.get(address)
    assert len(answer.context["payments"]) == min(count, 25)


# Statement ----------------------------------------------------------------------------------


def account(world: SampleWorld) -> None:
    mirror.entry(
        world.customer,
        "100.00",
        title="=1+1 Faktura",
        document_number="FV/1",
        booked_on=date(2026, 4, 30),
        open_amount=Decimal(0),
    )
    mirror.payment(world.customer, "100.00", date(2026, 5, 12), title="@dziękuję")
    mirror.entry(world.customer, "80.05", title="Faktura FV/2", booked_on=date(2026, 5, 31))


PERIOD = "?od=2026-05-01&do=2026-06-15"


@pytest.mark.feature("D17")
def test_the_statement_on_the_screen(home: SampleWorld, owner: Client) -> None:
    account(home)
    answer = owner.get(reverse("client:client_zone:statement") + PERIOD)
    found = answer.context["statement"]
    assert (found.opening, found.closing) == (Decimal("100.00"), Decimal("80.05"))
    text = main(answer.content.decode().replace("\xa0", " "))
    assert "Faktura FV/2" in text
    assert "80,05 zł" in text
    assert "wstecz od dzisiejszego" in text.replace("&nbsp;", " ")


@pytest.mark.parametrize(
    "query",
    [
        "?od=2026-06-01&do=2026-05-01",
        "?od=1200-01-01&do=2026-01-01",
        "?od=2026-01-01&do=9999-12-31",
        "?od=kiedyś",
        "?od=2026-02-30",
    ],
)
def test_a_period_that_is_none_is_explained(query: str, home: SampleWorld, owner: Client) -> None:
    account(home)
    answer = owner.get(reverse("client:client_zone:statement") + query)
    assert answer.status_code == 200
    assert answer.context["statement"] is None
    assert "govuk-error-summary" in answer.content.decode()
    before = Event.objects.count()
    for view in ("statement_csv", "statement_pdf"):
        refused = owner.get(reverse(f"client:client_zone:{view}") + query)
        assert refused.status_code == 302
        assert refused["Location"].startswith(reverse("client:client_zone:statement"))
    assert Event.objects.count() == before


@pytest.mark.feature("D17")
def test_csv_adds_up_and_holds_no_formula(home: SampleWorld, owner: Client) -> None:
    account(home)
    answer = owner.get(reverse("client:client_zone:statement_csv") + "?od=2026-04-01&do=2026-06-15")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="zestawienie-PROBA-1-')
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))
    assert rows[1][5] == "0,00"
    assert rows[-1][3:] == ["180,05", "-100,00", "80,05"]
    assert [row[1][:1] for row in rows[2:4]] == ["'", "W"]
    amounts = [Decimal((row[3] or row[4]).replace(",", ".")) for row in rows[2:-1]]
    assert sum(amounts) == Decimal("80.05")


@pytest.mark.feature("D17")
def test_the_pdf_is_tagged_and_says_the_same(home: SampleWorld, owner: Client) -> None:
    account(home)
    answer = owner.get(reverse("client:client_zone:statement_pdf") + PERIOD)
    assert answer["Content-Type"] == "application/pdf"
    pdf = PdfReader(io.BytesIO(answer.content))
    text = "\n".join(sheet.extract_text() for sheet in pdf.pages).replace("\xa0", " ")
    assert "Faktura FV/2" in text
    assert "80,05" in text
    assert "@dziękuję" in text
    catalog: Any = pdf.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "pl"
    assert "pdfuaid" in str(catalog["/Metadata"].get_object().get_data())


def test_downloads_are_journalled(home: SampleWorld, owner: Client) -> None:
    account(home)
    owner.get(reverse("client:client_zone:statement_csv") + PERIOD)
    event = Event.objects.get(kind="client_zone.statement_downloaded")
    assert event.customer_id == home.customer.pk
    assert event.actor_id == home.owner.pk
    assert Detail.objects.get(event_id=event.pk).payload == {
        "since": "2026-05-01",
        "until": "2026-06-15",
        "kind": "csv",
    }


def test_a_period_too_long_for_paper_goes_to_csv(
    home: SampleWorld, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(home)
    monkeypatch.setattr(statement, "MOST_PRINTED", 1)
    assert "statement_pdf" not in page(owner, "statement", PERIOD)
    refused = owner.get(reverse("client:client_zone:statement_pdf") + PERIOD)
    assert refused.status_code == 302
    assert owner.get(reverse("client:client_zone:statement_csv") + PERIOD).status_code == 200


@pytest.mark.parametrize("count", [1, 30, 240])
def test_the_statement_pages_and_takes_the_same_queries(
    count: int, home: SampleWorld, owner: Client, assert_queries: Queries
) -> None:
    for number in range(count):
        mirror.entry(home.customer, "1.00", booked_on=TODAY - timedelta(days=number))
    address = f"{reverse('client:client_zone:statement')}?od=2020-01-01&do=2026-06-15"
    owner.get(address)
    with assert_queries(11):
        answer = owner.get(address)
    assert len(answer.context["lines"]) == min(count, 25)


# Who may -------------------------------------------------------------------------------------

PAGES = ("receivables", "balance", "payments", "statement", "statement_csv", "statement_pdf")


@pytest.mark.parametrize("view", PAGES)
def test_without_the_scope_there_is_no_page(view: str, home: SampleWorld, as_user: Any) -> None:
    account(home)
    tenant = person("lokator@example.org")
    give_access(home.customer, tenant, role="tenant", scopes=EVERYTHING - {Scope.BILLS})
    client = as_user(tenant)
    before = Event.objects.count()
    assert client.get(reverse(f"client:client_zone:{view}")).status_code == 404
    assert Event.objects.count() == before


@pytest.mark.parametrize("view", PAGES[:4])
def test_another_customer_sees_own_money_only(view: str, home: SampleWorld, as_user: Any) -> None:
    account(home)
    answer: Any = as_user(home.other).get(reverse(f"client:client_zone:{view}"))
    assert "FV/2" not in answer.content.decode()


@pytest.mark.parametrize("view", PAGES[:4])
def test_pages_speak_english(view: str, home: SampleWorld, owner: Client) -> None:
    account(home)
    with translation.override("en"):
        text = page(owner, view)
    assert "Receivables" in text
    assert "Należności" not in text
