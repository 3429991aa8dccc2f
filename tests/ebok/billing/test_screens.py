"""Bills, prices and readings in the Wagtail admin: rights, lists, exports."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from ebok.accounts.models import User
from ebok.billing.models import InvoiceLine, Payment, Reading
from ebok.journal.models import Event
from ebok.testing import mirror as building
from tests.ebok.exchange.register_pages import counting, link, queries, staff, text

pytestmark = pytest.mark.django_db
INVOICES = "/admin/rozliczenia/faktury/"
PAYMENTS = "/admin/rozliczenia/wplaty/"
LEDGER = "/admin/rozliczenia/ksiegowania/"
TARIFFS = "/admin/rozliczenia/taryfy/"
NORMS = "/admin/rozliczenia/normy/"
READINGS = "/admin/rozliczenia/odczyty/"
LISTS = (INVOICES, PAYMENTS, LEDGER, TARIFFS, NORMS, READINGS)
TODAY = date(2026, 5, 14)


@pytest.fixture
def reading(signed_in: Callable[[User], Client]) -> Client:
    return signed_in(staff("czyta@example.org", "billing.view", "customers.view"))


def numbers(client: Client, url: str, **filters: str) -> list[str]:
    """What the first cells of the list say."""
    return re.findall(
        r'<td class="ebok-register-code title[^>]*><a href="[^"]+">(.*?)</a>', text(client, url, **filters)
    )


def typed(**cells: str) -> dict[str, str]:
    return {
        "customer_code": "K-1",
        "paid_on": "2026-05-10",
        "amount": "150,00",
        "method": "cash",
        "version": "",
        **cells,
    }


# Who may what ----------------------------------------------------------------------------


@pytest.mark.feature("H01")
def test_who_sees_does_not_change(reading: Client) -> None:
    customer = building.customer(code="K-1")
    payment = building.payment(customer, "5.00", TODAY)
    assert [reading.get(url).status_code for url in (*LISTS, f"{PAYMENTS}podglad/{payment.pk}/")] == [200] * 7
    closed = [
        f"{PAYMENTS}nowy/",
        f"{LEDGER}nowy/",
        f"{PAYMENTS}wycofaj/{payment.pk}/",
        f"{PAYMENTS}usun/{payment.pk}/",
    ]
    assert [reading.get(url).status_code for url in closed] == [302] * 4
    assert [reading.post(url, typed()).status_code for url in closed] == [302] * 4
    assert [reading.get(url, {"export": "csv"}).status_code for url in LISTS] == [302] * 6
    assert [payment.amount for payment in Payment.objects.all()] == [Decimal("5.00")]


def test_without_the_right_everything_is_closed(editor: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(editor)
    assert [client.get(url).status_code for url in LISTS] == [302] * 6
    assert "Rozliczenia" not in client.get("/admin/").content.decode()


def test_what_the_billing_system_issues_nobody_types_in(
    superuser: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(superuser)
    invoice = building.invoice(building.customer(), "10.00", TODAY)
    urls = [f"{INVOICES}nowy/", f"{INVOICES}popraw/{invoice.pk}/"]
    assert [client.get(url).status_code for url in urls] == [302] * 2
    assert (
        client.get(f"{PAYMENTS}popraw/{building.payment(building.customer(), '1.00', TODAY).pk}/").status_code
        == 302
    )


# Documents -------------------------------------------------------------------------------


def test_overdue_documents_are_marked_in_words_too(reading: Client) -> None:
    customer = building.customer()
    today = timezone.localdate()
    building.invoice(
        customer,
        "10.00",
        today - timedelta(days=40),
        number="FV/1",
        due_on=today - timedelta(days=12),
        open_amount=Decimal(10),
    )
    building.invoice(
        customer,
        "20.00",
        today - timedelta(days=5),
        number="FV/2",
        due_on=today + timedelta(days=9),
        open_amount=Decimal(20),
    )
    building.invoice(customer, "30.00", today - timedelta(days=60), number="FV/3")
    page = text(reading, INVOICES)
    assert re.findall(r'<tr class="ebok-register-row--overdue">.*?(FV/\d)', page, re.DOTALL) == ["FV/1"]
    assert [word for word in ("po terminie 12 dni", "do zapłaty", "rozliczony") if word not in page] == []
    assert numbers(reading, INVOICES) == ["FV/2", "FV/1", "FV/3"]
    assert numbers(reading, INVOICES, stan="overdue") == ["FV/1"]
    assert numbers(reading, INVOICES, stan="settled") == ["FV/3"]
    assert numbers(reading, INVOICES, od=(today - timedelta(days=10)).isoformat()) == ["FV/2"]
    assert numbers(reading, INVOICES, q="fv/3") == ["FV/3"]


@pytest.mark.feature("D04")
def test_a_document_shows_its_lines_and_its_corrections(reading: Client) -> None:
    customer = building.customer()
    first = building.invoice(
        customer, "100.00", date(2026, 4, 1), number="FV/1", period_from=date(2026, 3, 1)
    )
    InvoiceLine.objects.create(
        customer=customer,
        invoice=first,
        position=1,
        kind="usage",
        name="Woda",
        meter_number="M-1",
        register=1,
        read_from=Decimal(412),
        read_from_on=date(2026, 2, 28),
        read_to=Decimal("421.5"),
        read_to_on=date(2026, 3, 31),
        quantity=Decimal("9.5"),
        unit="m³",
        unit_price=Decimal("5.12"),
        net=Decimal("48.64"),
        gross=Decimal("48.64"),
    )
    InvoiceLine.objects.create(
        customer=customer,
        invoice=first,
        position=2,
        kind="fixed",
        name="Abonament",
        quantity=1,
        unit_price=Decimal("51.36"),
        net=Decimal("51.36"),
        gross=Decimal("51.36"),
    )
    building.invoice(
        customer,
        "-10.00",
        date(2026, 4, 20),
        number="KOR/1",
        kind="correction",
        corrects=first,
        correction_reason="Zły odczyt",
    )
    page = text(reading, f"{INVOICES}podglad/{first.pk}/")
    wanted = [
        "Woda",
        "M-1",
        "412 (28.02.2026)",
        "421,5 (31.03.2026)",
        "9,5",
        "5,12",
        "48,64 zł",
        "Abonament",
        "KOR/1",
        "Zły odczyt",
        "ten dokument",
    ]
    assert [word for word in wanted if word not in page] == []


# Prices ----------------------------------------------------------------------------------


@pytest.mark.feature("C07")
@pytest.mark.feature("C08")
def test_prices_and_norms_are_told_with_their_validity(reading: Client) -> None:
    tariff = building.tariff("G1", {date(2020, 1, 1): "4.10", date(2024, 1, 1): "5.12"})
    norm = building.norm("N1", "5.4", date(2002, 1, 27))
    page = text(reading, f"{TARIFFS}podglad/{tariff.pk}/")
    titles = [title.strip() for title in re.findall(r"<h2[^>]*>(.*?)</h2>", page)]
    assert titles[-2:] == ["Od 01.01.2024, do odwołania", "Od 01.01.2020 do 31.12.2023"]
    assert [word for word in ("5,12", "4,1", "obowiązuje", "już nie obowiązuje") if word not in page] == []
    assert "5,4" in text(reading, f"{NORMS}podglad/{norm.pk}/")
    assert numbers(reading, NORMS, q="n1") == ["N1"]


def test_a_tariff_takes_the_same_queries_for_one_version_and_for_thirty(reading: Client) -> None:
    one = building.tariff("A", {date(2020, 1, 1): "1"})
    many = building.tariff("B", {date(1990 + year, 1, 1): "1" for year in range(30)})
    assert len(queries(reading, f"{TARIFFS}podglad/{one.pk}/")) == len(
        queries(reading, f"{TARIFFS}podglad/{many.pk}/")
    )


# Readings --------------------------------------------------------------------------------


@pytest.mark.feature("F07")
def test_readings_are_filtered_and_paged(reading: Client) -> None:
    customer = building.customer(code="K-1")
    meter = building.meter(building.point(customer), number="M-1")
    other = building.meter(building.point(building.customer(code="K-2")), number="M-2")
    for day in range(70):
        building.reading(
            meter,
            date(2026, 1, 1) + timedelta(days=day),
            str(day),
            state=4 if day == 3 else 2,
            reason="x" if day == 3 else "",
        )
    building.reading(other, date(2026, 1, 1), "7", kind=3)
    days = re.compile(r'<td class="ebok-register-date">(.*?)</td>')
    first = text(reading, READINGS, licznik="M-1")
    second = text(reading, READINGS + link(first, "next"))
    found = days.findall(first) + days.findall(second)
    assert found == [f"{date(2026, 1, 1) + timedelta(days=day):%d.%m.%Y}" for day in range(69, -1, -1)]
    assert days.findall(text(reading, READINGS, klient="K-1", stan="4")) == ["04.01.2026"]
    assert days.findall(text(reading, READINGS, klient="K-2")) == ["01.01.2026"]
    assert days.findall(text(reading, READINGS, rodzaj="3")) == ["01.01.2026"]
    assert days.findall(text(reading, READINGS, klient="K-1", od="2026-03-10")) == [
        "11.03.2026",
        "10.03.2026",
    ]
    assert Reading.objects.count() == 71


# Every list ------------------------------------------------------------------------------


def test_one_row_and_thirty_and_a_deep_page_take_the_same_queries_and_none_counts(reading: Client) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            customer = building.customer()
            building.invoice(customer, "10.00", date(2026, 1, 1))
            building.payment(customer, "5.00", date(2026, 1, 2))
            building.entry(customer, "5.00")
            building.reading(building.meter(building.point(customer)), date(2026, 1, 1), "5")
            building.norm(f"N{customer.pk}", "1", date(2020, 1, 1))
            building.tariff(f"T{customer.pk}", {date(2020, 1, 1): "1"})
            assert number < count

    fill(1)
    one = {url: len(queries(reading, url)) for url in LISTS}
    fill(29)
    assert {url: len(queries(reading, url)) for url in LISTS} == one
    fill(80)
    for url in LISTS:
        first = text(reading, url)
        many, deep = queries(reading, url), queries(reading, url + link(first, "next"))
        assert (url, len(deep)) == (url, len(many))
        assert counting(many + deep) == []


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize(
    "asked",
    [
        "foo=bar",
        "customer__name__regex=(",
        "po=x",
        "po=[1]",
        "po=[0,0,0,0,0]",
        'po=["2026-99-99",1]',
        'po=["2026-01-01","x"]',
        'po=["2026-01-01",1e400]',
        "po=NaN",
        "przed=[1,1,1,1,1]",
        "export=pdf",
        "od=1800-01-01",
        "od=abc",
        "do=9999-12-31",
        "kwota_od=NaN",
        "kwota_do=1e999",
        "kwota_od=Infinity",
        "stan=%FF",
        "licznik=%0A",
        "klient=" + "x" * 300,
        "q=%F0%9F%92%A7",
        "q=%25%5F%5C",
    ],
)
def test_bad_parameters_are_no_errors(reading: Client, url: str, asked: str) -> None:
    customer = building.customer()
    building.payment(customer, "5.00", TODAY)
    building.reading(building.meter(building.point(customer)), TODAY, "5")
    assert reading.get(f"{url}?{asked}").status_code in (200, 302)


@pytest.mark.parametrize("url", LISTS)
def test_nul_is_refused_and_unknown_parameters_lead_to_the_clean_list(reading: Client, url: str) -> None:
    assert reading.get(f"{url}?q=%00").status_code == 400
    assert reading.get(f"{url}?name__startswith=x")["Location"] == url


@pytest.mark.parametrize("key", ["abc", "0", "99999999999999999999", "9223372036854775807"])
@pytest.mark.parametrize("what", ["podglad", "popraw", "usun", "zatwierdz", "wycofaj"])
def test_keys_that_are_none_are_not_found(
    superuser: User, signed_in: Callable[[User], Client], what: str, key: str
) -> None:
    client = signed_in(superuser)
    assert [client.get(f"{url}{what}/{key}/").status_code for url in (INVOICES, PAYMENTS, LEDGER)] == [
        404
    ] * 3


def test_exports_hold_no_live_formula_and_are_journalled(signed_in: Callable[[User], Client]) -> None:
    customer = building.customer(code="K-1", name="-2+3")
    building.payment(customer, "1234.50", TODAY, number="WB/1", title="=HYPERLINK(1)")
    building.reading(building.meter(building.point(customer), number="M-1"), TODAY, "421.5")
    client = signed_in(staff("eksport@example.org", "billing.view", "billing.export"))
    got = {}
    for url in (PAYMENTS, READINGS):
        answer = client.get(url, {"export": "csv"})
        body = b"".join(answer).decode("utf-8-sig")
        got[url] = list(csv.reader(io.StringIO(body), delimiter=";"))[1]
    assert got[PAYMENTS][:8] == [
        "K-1",
        "'-2+3",
        "WB/1",
        "2026-05-14",
        "",
        "1234,50",
        "przelew",
        "'=HYPERLINK(1)",
    ]
    assert got[READINGS][:8] == ["K-1", "'-2+3", "M-1", "2026-05-14", "1", "rzeczywisty", "421,500", ""]
    assert Event.objects.filter(kind="billing.exported").count() == 2
