"""Bills on the screen: the list, one bill, corrections, the chart, links from other pages."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ebok.billing.models import Invoice, InvoiceKind, LineKind, ReadingState
from ebok.customers.access import give_access
from ebok.customers.models import Scope
from ebok.testing import mirror
from ebok.testing.people import person
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_faktura.bill import bill_of
from tests.plugins.e_faktura.conftest import TODAY, add_line

Queries = Callable[[int], Any]

pytestmark = pytest.mark.django_db

COLUMNS = (
    "Nr dokumentu",
    "Typ dokumentu",
    "Data wystawienia",
    "Okres rozliczenia",
    "Zużycie",
    "Termin",
    "Kwota",
    "Kwota do zapłaty",
    "Data wpłaty",
    "Status",
    "Podgląd",
    "Możliwe działania",
)


def page(client: Client, view: str, query: str = "", **arguments: Any) -> str:
    answer = client.get(reverse(f"client:e_faktura:{view}", kwargs=arguments) + query)
    assert answer.status_code == 200
    return main(answer.content.decode())


def main(text: str) -> str:
    return text.replace("\xa0", " ").split("<main")[1].split("</main", maxsplit=1)[0]


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def numbers(text: str) -> list[str]:
    return re.findall(r'<th role="rowheader".*?<a [^>]*>(.*?)</a>', text, re.S)


@pytest.mark.feature("D01", "D02", "D03", "N03")
def test_the_list_has_every_column(owner: Client, bill: Invoice) -> None:
    text = page(owner, "list")
    heads = words(text.split("<thead")[1].split("</thead")[0])
    assert [column for column in COLUMNS if column not in heads] == []
    row = words(text.split("<tbody")[1].split("</tbody")[0])
    for said in (
        "FV/2026/05/000123",
        "faktura",
        "31.05.2026",
        "01.05.2026 – 31.05.2026",
        "12,5 kWh",
        "14.06.2026",
        "133,22 zł",
        "Podgląd",
        "PDF",
        "Jak zapłacić",
    ):
        assert said in row
    assert "is-late" in text
    for column in COLUMNS[:-1]:
        assert f'data-label="{column}"' in text or column in ("Nr dokumentu", "Typ dokumentu")


@pytest.mark.feature("D02", "D06")
def test_it_narrows_and_sorts_archive_included(home: SampleWorld, owner: Client) -> None:
    paid: dict[str, Any] = {"open_amount": Decimal(0), "paid_on": date(2024, 2, 1)}
    mirror.invoice(home.customer, "10.00", date(2024, 1, 31), number="STARA", **paid)
    mirror.invoice(
        home.customer, "20.00", date(2026, 5, 1), number="NOWA", open_amount=Decimal(20), due_on=TODAY
    )
    mirror.invoice(
        home.customer,
        "30.00",
        date(2026, 4, 1),
        number="ZALEGŁA",
        open_amount=Decimal(30),
        due_on=TODAY - timedelta(days=1),
    )
    assert numbers(page(owner, "list")) == ["NOWA", "ZALEGŁA", "STARA"]
    assert numbers(page(owner, "list", "?rok=2024")) == ["STARA"]
    assert numbers(page(owner, "list", "?stan=open")) == ["NOWA", "ZALEGŁA"]
    assert numbers(page(owner, "list", "?stan=overdue")) == ["ZALEGŁA"]
    assert numbers(page(owner, "list", "?stan=paid")) == ["STARA"]
    assert numbers(page(owner, "list", "?kolejnosc=gross")) == ["STARA", "NOWA", "ZALEGŁA"]
    assert numbers(page(owner, "list", "?kolejnosc=-paid_on"))[0] == "STARA"
    assert "Nic takiego" in page(owner, "list", "?rok=2024&stan=open")
    for wrong in ("?rok=1999", "?rok=x", "?stan=%27", "?kolejnosc=customer__name", "?strona=99999999999"):
        assert numbers(page(owner, "list", wrong)) == ["NOWA", "ZALEGŁA", "STARA"]


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_as_many_queries_for_any_number(
    home: SampleWorld, owner: Client, assert_queries: Queries, count: int
) -> None:
    for number in range(count):
        mirror.invoice(home.customer, "10.00", date(2026, 1, 1) + timedelta(days=number))
    owner.get(reverse("client:e_faktura:list"))
    with assert_queries(11):
        text = page(owner, "list")
    assert len(numbers(text)) == min(count, 25)
    if count > 25:
        assert len(numbers(page(owner, "list", "?strona=2"))) == 5


def test_nobody_sees_the_bills_of_others(
    home: SampleWorld, other: Client, bill: Invoice, as_user: Callable[..., Client]
) -> None:
    assert bill.number not in page(other, "list")
    tenant = person("tenant@example.org")
    give_access(home.customer, tenant, scopes={Scope.READINGS})
    for client in (other, as_user(tenant)):
        for view in ("bill", "pdf", "open"):
            path = reverse(f"client:e_faktura:{view}", kwargs={"pk": bill.pk})
            assert (view, client.get(path).status_code) == (view, 404)
    assert as_user(tenant).get(reverse("client:e_faktura:list")).status_code == 404


def test_an_empty_list_says_so(owner: Client) -> None:
    assert "Nie masz jeszcze faktur" in page(owner, "list")


@pytest.mark.feature("D06")
def test_the_list_as_a_table_file(home: SampleWorld, owner: Client, bill: Invoice) -> None:
    mirror.invoice(home.customer, "5.00", date(2025, 1, 1), number="=1+1")
    answer = owner.get(reverse("client:e_faktura:csv") + "?rok=2026")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert [len(row) for row in rows] == [14, 14]
    assert rows[1][0] == "FV/2026/05/000123"
    assert rows[1][10] == "133,22"
    whole = owner.get(reverse("client:e_faktura:csv")).getvalue().decode()
    assert "'=1+1" in whole


@pytest.mark.feature("D04")
def test_a_bill_has_its_lines_by_meter_and_register(owner: Client, bill: Invoice) -> None:
    text = words(page(owner, "bill", pk=bill.pk))
    usage = text.split("Opłaty za zużycie")[1].split("Opłaty stałe")[0]
    assert "punkt P-1 · licznik M-77 · liczydło 1" in usage
    assert "punkt P-1 · licznik M-77 · liczydło 2" in usage
    for said in ("100", "110", "52,5", "30.04.2026", "31.05.2026", "10 kWh", "2,5 kWh", "1,23456"):
        assert said in usage
    assert "123,22" in usage
    fixed = text.split("Opłaty stałe")[1]
    assert "Opłata abonamentowa" in fixed
    assert "10,00 zł" in fixed
    assert "8 %" in fixed
    assert "133,22 zł" in text


@pytest.mark.feature("D04")
def test_points_come_as_people_count_them(bill: Invoice) -> None:
    for position, code in enumerate(("P-10", "P-2", "B-3"), start=4):
        add_line(bill, position, "Woda", "1.00", point_code=code)
    found = [line.point_code for line in bill_of(bill).usage.lines]
    assert found == ["B-3", "P-1", "P-1", "P-2", "P-10"]


def test_a_bill_without_lines_says_so(home: SampleWorld, owner: Client) -> None:
    bare = mirror.invoice(home.customer, "10.00", date(2026, 5, 1))
    assert "Brakuje pozycji faktury" in page(owner, "bill", pk=bare.pk)


def test_corrections_show_as_a_chain_with_the_difference(home: SampleWorld, owner: Client) -> None:
    first = mirror.invoice(home.customer, "200.00", date(2026, 3, 1), number="FV/1")
    kind: dict[str, Any] = {"kind": InvoiceKind.CORRECTION}
    second = mirror.invoice(
        home.customer,
        "-50.00",
        date(2026, 4, 1),
        number="FK/1",
        corrects=first,
        correction_reason="Zły odczyt",
        **kind,
    )
    third = mirror.invoice(home.customer, "5.00", date(2026, 5, 1), number="FK/2", corrects=second, **kind)
    for document in (first, second, third):
        table = words(page(owner, "bill", pk=document.pk).split("Faktura i jej korekty")[1])
        assert "-50,00 zł" in table.replace("\u2212", "-")
        assert "Zły odczyt" in table
        assert "150,00 zł" in table
        assert "+5,00 zł" in table
        assert "155,00 zł" in table


def test_documents_that_correct_each_other_end(home: SampleWorld, owner: Client) -> None:
    first = mirror.invoice(home.customer, "200.00", date(2026, 3, 1))
    second = mirror.invoice(home.customer, "-50.00", date(2026, 4, 1), corrects=first)
    Invoice.objects.filter(pk=first.pk).update(corrects=second)
    assert "150,00" in page(owner, "bill", pk=first.pk)


@pytest.mark.feature("D05")
def test_usage_and_average_day_with_the_number_of_the_bill(home: SampleWorld, owner: Client) -> None:
    for month, used in ((3, "31"), (4, "15")):
        mirror.invoice(
            home.customer,
            "10.00",
            date(2026, month, 28),
            number=f"FV/{month}",
            usage=Decimal(used),
            usage_unit="m³",
            period_from=date(2026, month, 1),
            period_to=date(2026, month, 31 if month == 3 else 30),
        )
    mirror.invoice(home.customer, "1.00", date(2026, 2, 1), usage=Decimal(7), usage_unit="kWh")
    text = page(owner, "usage")
    assert text.count('class="eb-chart"') + text.count("eb-chart eb-chart--long") == 2
    rows = [words(row) for row in re.findall(r"<tr[^>]*>.*?</tr>", text.split("<tbody")[1], re.S)]
    assert rows == [
        "FV/4 01.04.2026 – 30.04.2026 30 15 m³ 0,500 m³",
        "FV/3 01.03.2026 – 31.03.2026 31 31 m³ 1,000 m³",
    ]
    assert "1 faktura liczy coś innego niż m³" in words(text)


def test_nothing_to_count(home: SampleWorld, owner: Client) -> None:
    assert "Nie ma jeszcze czego liczyć" in page(owner, "usage")


# Links from other pages ---------------------------------------------------------------------


@pytest.mark.feature("F06")
def test_receivables_and_readings_lead_to_the_bill(
    home: SampleWorld, owner: Client, bill: Invoice, disable: Callable[..., None]
) -> None:
    mirror.entry(home.customer, "133.22", invoice=bill, title="Za maj", due_on=TODAY)
    meter = mirror.meter(mirror.point(home.customer))
    settled = {"state": ReadingState.SETTLED, "invoice_id": bill.pk, "invoice_position": 1}
    mirror.reading(meter, TODAY, "110", **settled)
    link = f'href="{reverse("client:e_faktura:bill", kwargs={"pk": bill.pk})}"'
    places = (reverse("client:client_zone:receivables"), reverse("client:client_zone:meter", args=[meter.pk]))
    for place in places:
        assert link in owner.get(place).content.decode()
    disable("e_faktura")
    for place in places:
        answer = owner.get(place)
        assert answer.status_code == 200
        assert "/faktury/" not in main(answer.content.decode())


def test_an_address_from_a_message_changes_the_customer(home: SampleWorld, owner: Client) -> None:
    second = mirror.customer(code="PROBA-3")
    give_access(second, home.owner)
    theirs = mirror.invoice(second, "12.00", date(2026, 5, 1), number="DRUGA")
    assert owner.get(reverse("client:e_faktura:bill", kwargs={"pk": theirs.pk})).status_code == 404
    answer = owner.get(reverse("client:e_faktura:open", kwargs={"pk": theirs.pk}), follow=True)
    assert answer.status_code == 200
    assert "DRUGA" in answer.content.decode()


@pytest.mark.feature("D04")
def test_many_lines_come_in_pages_with_the_sum_of_all(owner: Client, bill: Invoice) -> None:
    """Each part by itself; a page that is none is the nearest, and the links lead to the part."""
    for position in range(4, 64):
        add_line(bill, position, f"Opłata-{position}", "1.00", kind=LineKind.FIXED)
    first = page(owner, "bill", pk=bill.pk)
    assert "pozycje 1–20 z 61" in words(first)
    assert "Opłata-20" in first
    assert "Opłata-60" not in first
    assert 'href="?stale=2#stale"' in first
    address = reverse("client:e_faktura:bill", kwargs={"pk": bill.pk})
    for number in ("4", "99"):
        last = owner.get(f"{address}?stale={number}").content.decode()
        assert "pozycje 61–61 z 61" in words(last)
        assert "Opłata-63" in last
        assert "licznik M-77" in words(last)
    assert "70,00" in words(first).split("Opłaty stałe")[1], "sixty lines of 1.00 and the one of 10.00"
    for number in ("0", "-1", "x", "1" * 90):
        assert "pozycje 1–20" in words(owner.get(f"{address}?stale={number}").content.decode())


def test_many_lines_take_no_more_queries(
    home: SampleWorld, owner: Client, bill: Invoice, assert_queries: Queries
) -> None:
    for position in range(4, 44):
        add_line(bill, position, "Woda", "1.00")
    owner.get(reverse("client:e_faktura:bill", kwargs={"pk": bill.pk}))
    with assert_queries(14):
        page(owner, "bill", pk=bill.pk)
