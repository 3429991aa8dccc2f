"""Customer data, contracts, points, meters, price list and norms as the client sees them (C01-C08)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ebok.accounts.models import User
from ebok.customers import scans
from ebok.files.checking import CheckedFile
from ebok.testing import mirror
from ebok.testing.samples import SampleWorld
from ebok.testing.sweep import content_of


def at(name: str, **arguments: object) -> str:
    return reverse(f"client:client_zone:{name}", kwargs=arguments or None)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


@pytest.mark.feature("C01", "B12")
def test_details_show_every_field(home: SampleWorld, owner: Client) -> None:
    customer = home.customer
    customer.virtual_account = "12999900001234567800000096"
    customer.phone, customer.email = "600100200", "anna@lipowo.example"
    customer.save()
    mirror.contract(customer, number="UM/7", name="Umowa na wodę")
    mirror.entry(customer, "10.50")
    page = text(owner, at("details"))
    for words in (
        "PROBA-1",
        home.secret,
        "gospodarstwo domowe",
        "aktywny",
        "12 9999 0000 1234 5678 0000 0096",
        "10,50",
        "600100200",
        "UM/7",
    ):
        assert words in page, words


@pytest.mark.feature("C05")
def test_a_contract_with_its_points(home: SampleWorld, owner: Client) -> None:
    contract = mirror.contract(
        home.customer,
        number="UM/2019/0412",
        name="Woda i ścieki",
        concluded_with="Anna Nowak",
        concluded_on=date(2019, 5, 14),
        valid_from=date(2019, 6, 1),
    )
    mirror.point(home.customer, code="P-1", name="Dom", contract=contract, street="ul. Lipowa", house="5")
    page = text(owner, at("contract", pk=contract.pk))
    for words in (
        "Anna Nowak",
        "UM/2019/0412",
        "Woda i ścieki",
        "14 maja 2019",
        "1 czerwca 2019",
        "P-1",
        "ul. Lipowa 5",
    ):
        assert words in page, words


@pytest.mark.feature("C02", "C03")
def test_points_in_their_columns(home: SampleWorld, owner: Client) -> None:
    contract = mirror.contract(home.customer, number="UM/9", valid_to=date(2031, 1, 31))
    point = mirror.point(
        home.customer,
        code="P-77",
        street="ul. Długa",
        house="3",
        registered_on=date(2020, 2, 3),
        changed_on=date(2025, 4, 5),
        contract=contract,
    )
    mirror.meter(point, number="M-1234")
    page = text(owner, at("points"))
    for words in ("P-77", "ul. Długa 3", "03.02.2020", "aktywny", "M-1234", "05.04.2025", "woda", "UM/9"):
        assert words in page, words
    assert "31.01.2031" in page


@pytest.mark.feature("C04")
def test_a_meter_with_seventeen_fields(home: SampleWorld, owner: Client) -> None:
    point = mirror.point(home.customer, code="P-5", name="Ogród")
    meter = mirror.meter(
        point,
        number="17-5555",
        registers=2,
        mounted_on=date(2022, 3, 4),
        mounted_state=Decimal("1.5"),
        decimals=1,
        producer="Apator",
        diameter=20,
        connection_owner="odbiorca",
        verified_year=2022,
        verified_to=date(2027, 12, 31),
        kind="mokrobieżny",
        seal="PL-9",
        radio_number="RD-88",
        radio_kind="wMBus",
    )
    mirror.reading(meter, date(2026, 5, 1), "120.5")
    mirror.reading(meter, date(2026, 5, 1), "33", register=2)
    page = text(owner, at("meter", pk=meter.pk))
    for words in (
        "P-5",
        "Ogród",
        "17-5555",
        "4 marca 2022",
        "1,5 m³",
        "Apator",
        ">20<",
        "odbiorca",
        ">2022<",
        "31 grudnia 2027",
        "mokrobieżny",
        "tak",
        "PL-9",
        "RD-88",
        "wMBus",
        "1 maja 2026",
        "120,5 m³",
        "33,0 m³",
    ):
        assert words in page, words


@pytest.mark.feature("C04")
@pytest.mark.parametrize(
    ("days", "words"), [(-1, "Legalizacja minęła"), (60, "Legalizacja wkrótce minie"), (400, "")]
)
def test_legalisation_warns(days: int, words: str, home: SampleWorld, owner: Client) -> None:
    point = mirror.point(home.customer)
    meter = mirror.meter(point, verified_to=timezone.localdate() + timedelta(days=days))
    page = text(owner, at("meter", pk=meter.pk))
    assert ("eb-note" in page) == bool(words)
    assert words in page


@pytest.mark.feature("C06", "C07")
def test_prices_today_and_before(home: SampleWorld, owner: Client) -> None:
    mirror.tariff("W1", {date(2024, 1, 1): "4.12", date(2026, 1, 1): "5.03825"})
    mirror.point(home.customer, tariff_code="W1", settlement_form="garden")
    now = text(owner, at("prices"))
    assert "5,03825 zł / m³" in now
    assert "4,12" not in now
    assert "z licznikiem ogrodowym" in now.lower()
    before = text(owner, f"{at('prices')}?dzien=2024-06-01")
    assert "4,12 zł / m³" in before
    assert "5,03825" not in before
    assert "nie miała cen" in text(owner, f"{at('prices')}?dzien=2023-06-01")


@pytest.mark.parametrize("typed", ["", "x", "2026-02-30", "9999-99-99", "0001-01-01", "-", "a" * 5000])
def test_no_day_is_today(typed: str, home: SampleWorld, owner: Client) -> None:
    answer = owner.get(at("prices"), {"dzien": typed})
    assert answer.context["day"] == timezone.localdate()


@pytest.mark.feature("C08")
def test_the_norm_with_the_customers_own_numbers(home: SampleWorld, owner: Client) -> None:
    mirror.norm("N3", "3.0", date(2020, 1, 1))
    mirror.point(home.customer, norm_code="N3", persons=4, settlement_form="flat")
    page = text(owner, at("prices"))
    assert "3,00 m³ miesięcznie na osobę × 4 osób = 12,00 m³ miesięcznie" in page


@pytest.mark.parametrize("name", ["points", "contracts", "prices", "requests"])
def test_empty_pages_say_so(name: str, home: SampleWorld, owner: Client) -> None:
    assert "eb-empty" in text(owner, at(name)) or name == "prices"


LISTS = {"details": 10, "contracts": 8, "points": 12, "prices": 10}


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("name", LISTS)
def test_lists_take_the_same_queries(
    name: str,
    count: int,
    home: SampleWorld,
    owner: Client,
    assert_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    mirror.tariff("W1", {date(2024, 1, 1): "4.12", date(2026, 1, 1): "5.03"})
    for number in range(count):
        contract = mirror.contract(home.customer)
        point = mirror.point(
            home.customer, code=f"Q-{number:03}", contract=contract, tariff_code="W1", persons=number + 1
        )
        mirror.meter(point, verified_to=timezone.localdate())
    owner.get(at(name))
    with assert_queries(LISTS[name]):
        owner.get(at(name))


def test_four_hundred_points_are_pages_and_can_be_searched(home: SampleWorld, owner: Client) -> None:
    for number in range(60):
        point = mirror.point(home.customer, code=f"Z-{number:03}", street="ul. Leśna", house=str(number + 1))
        mirror.meter(point, number=f"LICZ-{number:03}")
    first = owner.get(at("points"))
    assert len(first.context["points"]) == 25
    assert [p.code for p in owner.get(f"{at('points')}?q=LICZ-041").context["points"]] == ["Z-041"]
    assert [p.code for p in owner.get(f"{at('points')}?q=leśna 60").context["points"]] == ["Z-059"]
    assert list(owner.get(f"{at('points')}?q=nieznane").context["points"]) == []
    assert len(owner.get(f"{at('points')}?strona=3").context["points"]) == 10


def test_a_new_tenant_never_sees_the_old_ones_things(home: SampleWorld, owner: Client) -> None:
    theirs = mirror.point(home.other_customer)
    meter = mirror.meter(theirs)
    contract = mirror.contract(home.other_customer)
    for name, key in (("point", theirs.pk), ("meter", meter.pk), ("contract", contract.pk)):
        assert owner.get(at(name, pk=key)).status_code == 404
        assert owner.get(at(name, pk=2**70)).status_code == 404


@pytest.mark.feature("C05")
def test_the_scan_of_ones_own_contract(
    home: SampleWorld, owner: Client, as_user: Callable[[User | None], Client]
) -> None:
    contract = mirror.contract(home.customer, number="UM/11")
    assert owner.get(at("contract_scan", pk=contract.pk)).status_code == 404
    assert at("contract_scan", pk=contract.pk) not in text(owner, at("contract", pk=contract.pk))
    pdf = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    scans.keep(contract, CheckedFile("umowa.pdf", "pdf", pdf), actor="biuro")
    assert at("contract_scan", pk=contract.pk) in text(owner, at("contract", pk=contract.pk))
    answer = owner.get(at("contract_scan", pk=contract.pk))
    assert content_of(answer) == pdf
    assert answer["Content-Type"] == "application/pdf"
    assert as_user(home.other).get(at("contract_scan", pk=contract.pk)).status_code == 404
