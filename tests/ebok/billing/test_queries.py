"""Invoices, corrections, readings, prices: one customer's and nobody else's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ebok.billing import queries
from ebok.billing.models import ReadingKind, ReadingState
from ebok.customers import joining
from ebok.customers import queries as network
from ebok.customers.models import GroupMember
from ebok.testing import mirror as building

pytestmark = pytest.mark.django_db


@pytest.mark.feature("D04")
def test_lines_stand_in_the_order_of_the_document() -> None:
    bill = building.invoice(building.customer(), "30.00", date(2026, 5, 1), lines=3)
    assert [line.position for line in queries.lines_of(bill)] == [1, 2, 3]


def test_a_chain_of_corrections_is_found_from_each_of_its_documents() -> None:
    owner = building.customer()
    first = building.invoice(owner, "100.00", date(2026, 3, 1))
    second = building.invoice(owner, "-20.00", date(2026, 4, 1), corrects=first)
    third = building.invoice(owner, "-5.00", date(2026, 5, 1), corrects=second)
    building.invoice(owner, "7.00", date(2026, 5, 1))
    chain = [first.pk, second.pk, third.pk]
    for document in (first, second, third):
        assert [found.pk for found in queries.correction_chain(document)] == chain


def test_documents_that_correct_each_other_end_somewhere() -> None:
    owner = building.customer()
    first = building.invoice(owner, "100.00", date(2026, 3, 1))
    second = building.invoice(owner, "-20.00", date(2026, 4, 1), corrects=first)
    first.corrects = second
    first.save()
    assert {found.pk for found in queries.correction_chain(first)} == {first.pk, second.pk}


@pytest.mark.feature("D02")
@pytest.mark.feature("D03")
def test_invoices_are_the_customers_own_and_the_newest_first() -> None:
    owner, stranger = building.customer(), building.customer()
    old = building.invoice(owner, "10.00", date(2025, 1, 1))
    new = building.invoice(owner, "20.00", date(2026, 1, 1), open_amount=Decimal("20.00"))
    building.invoice(stranger, "30.00", date(2026, 1, 1), open_amount=Decimal("30.00"))
    assert [bill.pk for bill in queries.invoices_for(owner)] == [new.pk, old.pk]
    assert [bill.pk for bill in queries.unpaid_for(owner)] == [new.pk]


@pytest.mark.feature("F04")
@pytest.mark.feature("F05")
def test_registers_of_a_dual_tariff_meter_come_one_after_another() -> None:
    meter = building.meter(building.point(building.customer()), registers=2)
    for day, low, high in ((date(2026, 4, 30), "100", "50"), (date(2026, 5, 31), "110", "55")):
        building.reading(meter, day, low, register=1)
        building.reading(meter, day, high, register=2)
    found = queries.readings_for(meter.customer, meter=meter)
    assert [(row.read_on.month, row.register) for row in found] == [(5, 1), (5, 2), (4, 1), (4, 2)]
    assert {key: row.value for key, row in queries.last_readings(meter.customer, [meter]).items()} == {
        (meter.pk, 1): Decimal(110),
        (meter.pk, 2): Decimal(55),
    }


def test_a_new_tenant_never_sees_the_old_ones_readings() -> None:
    old, new = building.customer(), building.customer()
    meter = building.meter(building.point(new))
    building.reading(meter, date(2025, 12, 31), "50", customer_id=old.pk)
    building.reading(meter, date(2026, 5, 31), "60")
    assert [row.value for row in queries.readings_for(new)] == [Decimal(60)]
    assert [row.value for row in queries.readings_for(old)] == [Decimal(50)]


@pytest.mark.feature("F06")
@pytest.mark.feature("F07")
def test_a_settled_reading_leads_to_the_line_that_settled_it() -> None:
    owner = building.customer()
    meter = building.meter(building.point(owner))
    bill = building.invoice(owner, "20.00", date(2026, 5, 31), lines=2)
    settled = building.reading(
        meter,
        date(2026, 5, 31),
        "60",
        state=ReadingState.SETTLED,
        invoice_id=bill.pk,
        invoice_position=2,
    )
    waiting = building.reading(meter, date(2026, 6, 10), "61", kind=ReadingKind.CUSTOMER)
    lines = queries.settling_lines(owner, [settled, waiting])
    assert [(line.invoice.number, line.position) for line in lines.values()] == [(bill.number, 2)]
    assert [row.state for row in queries.readings_for(owner)] == [ReadingState.PENDING, ReadingState.SETTLED]


@pytest.mark.feature("C07")
def test_prices_are_those_in_force_on_the_day() -> None:
    building.tariff("G1", {date(2025, 6, 1): "5.00", date(2026, 6, 1): "5.50"})
    for day, price in ((date(2026, 5, 31), "5.00"), (date(2026, 6, 1), "5.50")):
        assert [part.net_price for part in queries.prices_on("G1", day)] == [Decimal(price)]
    assert list(queries.prices_on("G1", date(2025, 5, 31))) == []


@pytest.mark.feature("C08")
def test_the_flat_rate_is_the_norm_times_the_persons() -> None:
    building.norm("N4", "5.4", date(2002, 2, 1))
    point = building.point(building.customer(), norm_code="N4", persons=3)
    rate = queries.flat_rate_of(point, date(2026, 5, 1))
    assert rate is not None
    assert rate.monthly_quantity == Decimal("16.200")
    assert queries.flat_rate_of(point, date(2001, 5, 1)) is None
    point.persons = None
    assert queries.flat_rate_of(point, date(2026, 5, 1)) is None


@pytest.mark.feature("D16")
def test_payments_show_what_they_settled(django_assert_num_queries) -> None:
    owner = building.customer()
    for _number in range(3):
        paid = building.payment(owner, "10.00", date(2026, 5, 1))
        building.allocation(paid, building.entry(owner, "10.00", open_amount=Decimal(0)), "10.00")
    with django_assert_num_queries(2):
        found = [
            [part.entry.number for part in paid.allocations.all()] for paid in queries.payments_for(owner)
        ]
    assert [len(entries) for entries in found] == [1, 1, 1]


@pytest.mark.feature("C03")
@pytest.mark.feature("C05")
def test_points_take_three_queries_whatever_their_number(django_assert_num_queries) -> None:
    for number in (1, 30):
        owner = building.customer()
        contract = building.contract(owner)
        for _number in range(number):
            building.meter(building.point(owner, contract=contract))
        with django_assert_num_queries(3):
            found = [(str(point.contract), len(point.meters.all())) for point in network.points_for(owner)]
        assert found == [(contract.number, 1)] * number


@pytest.mark.feature("C04")
def test_meters_to_verify_are_those_whose_legalisation_ends_soon() -> None:
    at = building.point(building.customer())
    soon = building.meter(at, verified_to=date(2026, 8, 1))
    building.meter(at, verified_to=date(2027, 8, 1))
    building.meter(at, verified_to=date(2026, 8, 1), is_active=False)
    assert [meter.pk for meter in network.meters_to_verify(at.customer, date(2026, 6, 1))] == [soon.pk]


def test_everyone_joins_the_default_group_once() -> None:
    first, second = building.customer(), building.customer(batch_id=7)
    joining.join_default_group(7)
    assert [member.customer_id for member in GroupMember.objects.all()] == [second.pk]
    joining.join_default_group()
    joining.join_default_group()
    assert sorted(member.customer_id for member in GroupMember.objects.all()) == [first.pk, second.pk]


def test_search_finds_by_every_word_in_name_or_code() -> None:
    anna = building.customer(name="Anna Nowak", code="A-17")
    building.customer(name="Anna Kowalska", code="A-18")
    assert [found.pk for found in network.find_customers("nowak a-1")] == [anna.pk]
    assert network.find_customers("").count() == 2
