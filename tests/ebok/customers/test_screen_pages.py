"""The pages of a customer, a point, a contract and a meter in the Wagtail admin."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from ebok.accounts.models import User
from ebok.customers.models import Customer
from ebok.exchange import entering
from ebok.exchange.models import Delivery, DeliveryPart, Finding, FindingKind
from ebok.testing import mirror as building
from tests.ebok.exchange.register_pages import queries, staff, text

pytestmark = pytest.mark.django_db
CUSTOMERS = "/admin/kartoteka/klienci/"
POINTS = "/admin/kartoteka/punkty/"
METERS = "/admin/kartoteka/liczniki/"
CONTRACTS = "/admin/kartoteka/umowy/"
GROUPS = "/admin/kartoteka/grupy/"
LISTS = (CUSTOMERS, POINTS, METERS, CONTRACTS, GROUPS)
NRB = "12999900001234567800000096"


@pytest.fixture
def reader(db: None) -> User:
    return staff("czyta@example.org", "customers.view", "billing.view")


@pytest.fixture
def reading(reader: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(reader)


@pytest.mark.feature("C01")
@pytest.mark.feature("K16")
def test_the_page_of_a_customer_tells_everything(reading: Client, reader: User) -> None:
    customer = building.customer(
        code="K-1",
        name="Anna Nowak",
        street="ul. Lipowa",
        house="5",
        postcode="62-200",
        town="Lipowo",
        virtual_account=NRB,
        account_manager=reader,
    )
    building.entry(customer, "100.00", due_on=date(2020, 1, 1))
    building.entry(customer, "-30.00", kind="overpayment")
    building.contract(customer, number="U/2019/1")
    page = text(reading, f"{CUSTOMERS}podglad/{customer.pk}/")
    wanted = [
        "K-1",
        "Anna Nowak",
        "gospodarstwo domowe",
        "ul. Lipowa 5, 62-200 Lipowo",
        "12 9999 0000 1234 5678 0000 0096",
        "U/2019/1",
        "czyta@example.org",
    ]
    assert [word for word in wanted if word not in page] == []
    plain = page.replace("\u00a0", " ").replace("\u202f", " ")
    assert [
        word for word in ("70,00 zł", "100,00 zł", "-30,00 zł") if word not in plain.replace("\u2212", "-")
    ] == []


@pytest.mark.feature("C03")
@pytest.mark.feature("C02")
def test_points_are_told_with_meter_and_contract(reading: Client) -> None:
    customer = building.customer()
    contract = building.contract(customer, number="U/7", valid_to=date(2030, 1, 31))
    point = building.point(
        customer,
        code="P-7",
        street="ul. Polna",
        house="1",
        town="Lipowo",
        contract=contract,
        registered_on=date(2019, 4, 1),
        changed_on=date(2024, 5, 6),
    )
    building.meter(point, number="M-7")
    page = text(reading, f"{CUSTOMERS}podglad/{customer.pk}/")
    wanted = ["P-7", "ul. Polna 1, Lipowo", "01.04.2019", "aktywny", "M-7", "06.05.2024", "U/7", "31.01.2030"]
    assert [word for word in wanted if word not in page] == []


@pytest.mark.feature("C04")
def test_a_meter_has_its_seventeen_fields(reading: Client) -> None:
    point = building.point(building.customer(), code="P-1", name="Dom")
    meter = building.meter(
        point,
        number="17-123",
        registers=2,
        mounted_on=date(2023, 5, 10),
        mounted_state=Decimal("1.5"),
        producer="Apator",
        diameter=20,
        connection_owner="odbiorca",
        verified_year=2023,
        verified_to=timezone.localdate() + timedelta(days=10),
        kind="JS 4-02",
        seal="PL-9",
        radio_number="R-5",
        radio_kind="wM-Bus",
    )
    building.reading(meter, date(2026, 4, 30), "412")
    building.reading(meter, date(2026, 5, 31), "421.5")
    page = text(reading, f"{METERS}podglad/{meter.pk}/")
    section = page[page.index('id="dane"') : page.index('id="wiecej"')]
    titles = re.findall(r"<dt>(.*?)</dt>", section)
    assert titles == [
        "Kod punktu",
        "Nazwa punktu",
        "Numer licznika",
        "Data montażu",
        "Stan w dniu montażu",
        "Producent",
        "Średnica [mm]",
        "Własność przyłącza",
        "Rok legalizacji",
        "Legalizacja ważna do",
        "Typ licznika",
        "Aktywny",
        "Nr plomby",
        "Nr nakładki radiowej",
        "Typ nakładki radiowej",
        "Data ostatniego odczytu",
        "Stan ostatniego odczytu",
    ]
    wanted = ["P-1", "17-123", "10.05.2023", "1,5", "Apator", "niedługo się kończy", "31.05.2026", "421,5 m³"]
    assert [word for word in wanted if word not in section] == []


@pytest.mark.feature("C05")
@pytest.mark.feature("C06")
def test_a_contract_and_a_point_tell_their_fields(reading: Client) -> None:
    customer = building.customer(name="Anna Nowak")
    contract = building.contract(
        customer,
        number="U/1",
        name="Umowa o wodę",
        concluded_with="Anna Nowak",
        concluded_on=date(2019, 3, 20),
    )
    point = building.point(
        customer, code="P-1", name="Dom", contract=contract, settlement_form="flat", norm_code="N1", persons=3
    )
    page = text(reading, f"{CONTRACTS}podglad/{contract.pk}/")
    assert [
        word
        for word in ("Umowa o wodę", "20.03.2019", "P-1", "Dom", "gospodarstwo domowe")
        if word not in page
    ] == []
    page = text(reading, f"{POINTS}podglad/{point.pk}/")
    assert [word for word in ("ryczałt", "N1", "U/1") if word not in page] == []


def test_the_page_of_a_customer_takes_the_same_queries_for_one_and_for_thirty(reading: Client) -> None:
    def furnish(customer: Customer, count: int) -> None:
        for number in range(count):
            point = building.point(customer, contract=building.contract(customer))
            building.reading(building.meter(point), date(2026, 1, 1) + timedelta(days=number), "5")
            building.invoice(customer, "10.00", date(2026, 1, 1))
            building.allocation(
                building.payment(customer, "5.00", date(2026, 1, 2)), building.entry(customer, "5.00"), "5.00"
            )

    poor, rich = building.customer(), building.customer()
    furnish(poor, 1)
    furnish(rich, 30)
    text(reading, f"{CUSTOMERS}podglad/{poor.pk}/")  # the first look makes the row of the exchange's settings
    few = queries(reading, f"{CUSTOMERS}podglad/{poor.pk}/")
    many = queries(reading, f"{CUSTOMERS}podglad/{rich.pk}/")
    assert len(many) == len(few)


def test_open_conflicts_are_told(reading: Client) -> None:
    customer = building.customer(code="K-9")
    delivery = Delivery.objects.create(profile="neutral", name="maj", sha256="0" * 64)
    part = DeliveryPart.objects.create(delivery=delivery, dataset="customers", member="customers.csv")
    Finding.objects.create(
        part=part, kind=FindingKind.CONFLICT, key="K-9", reason="Nazwa jest inna.", cells={"code": "K-9"}
    )
    assert "Nazwa jest inna." in text(reading, f"{CUSTOMERS}podglad/{customer.pk}/")
    assert "Nazwa jest inna." not in text(reading, f"{CUSTOMERS}podglad/{building.customer().pk}/")


@pytest.mark.feature("M08")
def test_a_row_says_where_it_came_from(superuser: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(superuser)
    customer = building.customer(batch_id=7)
    page = text(client, f"{CUSTOMERS}podglad/{customer.pk}/")
    assert '<a href="/admin/wymiana/7/">z dostawy nr 7</a>' in page
    Customer.objects.update(
        corrected_at=datetime(2026, 5, 14, 10, 30, tzinfo=timezone.get_default_timezone())
    )
    assert "poprawiono ręcznie 14.05.2026, 10:30" in text(client, f"{CUSTOMERS}podglad/{customer.pk}/")


def test_the_way_to_the_journal_shows_only_this_customer(
    superuser: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(superuser)
    customer = entering.enter(Customer(code="K-77", name="Jan Kowalski"), actor=superuser)
    entering.enter(Customer(code="K-78", name="Ewa Inna"), actor=superuser)
    page = text(client, f"{CUSTOMERS}podglad/{customer.pk}/")
    url = f"/admin/dziennik/?klient={customer.pk}"
    assert url in page
    events = text(client, url)
    assert ("Jan Kowalski" in events, "Ewa Inna" in events) == (True, False)
