"""Quantities and amounts over time: stretches between readings, shared out over months."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.billing.models import InvoiceLine, LineKind, ReadingState
from ebok.billing.queries import billed_usage, charges_over, dues_of, metered_usage
from ebok.billing.spreading import (
    Stretch,
    by_month,
    days_covered,
    end_of,
    last_months,
    months_before,
    spread,
)
from ebok.customers.models import Customer, SettlementForm
from ebok.testing import mirror

SINCE = date(2026, 1, 1)
TODAY = date(2026, 6, 15)

somewhen = st.dates(min_value=date(2000, 1, 1), max_value=date(2030, 1, 1))
amounts = st.integers(min_value=-10_000_000, max_value=10_000_000).map(lambda part: Decimal(part) / 1000)


def test_a_quantity_is_shared_out_by_days() -> None:
    """From 16 April to 15 June: 15, 31 and 15 days."""
    found = spread(Stretch(date(2026, 4, 16), date(2026, 6, 15), Decimal("61.000")))
    assert found == {
        date(2026, 4, 1): Decimal("15.000"),
        date(2026, 5, 1): Decimal("31.000"),
        date(2026, 6, 1): Decimal("15.000"),
    }


@given(first=somewhen, length=st.integers(min_value=0, max_value=900), amount=amounts)
def test_the_parts_add_up_to_the_whole(first: date, length: int, amount: Decimal) -> None:
    last = first + timedelta(days=length)
    parts = spread(Stretch(first, last, amount))
    assert sum(parts.values()) == amount
    assert min(parts) <= first
    assert end_of(max(parts)) >= last
    assert all(month.day == 1 for month in parts)


@given(st.lists(st.tuples(somewhen, st.integers(0, 100), amounts), max_size=8))
def test_days_are_covered_once(stretches: list[Any]) -> None:
    made = [Stretch(first, first + timedelta(days=length), amount) for first, length, amount in stretches]
    every = {
        stretch.first + timedelta(days=number)
        for stretch in made
        for number in range((stretch.last - stretch.first).days + 1)
    }
    assert days_covered(made) == len(every)


def test_months_go_over_years() -> None:
    assert last_months(date(2026, 2, 15), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert months_before(date(2026, 1, 1), 13) == date(2024, 12, 1)
    assert end_of(date(2024, 2, 1)) == date(2024, 2, 29)


@pytest.fixture
def owner(db: None) -> Customer:
    return mirror.customer()


def meter_of(owner: Customer, **fields: Any) -> Any:
    return mirror.meter(mirror.point(owner, name="Dom"), **fields)


def used(meter: Any, *readings: tuple[date, str, str | None], **fields: Any) -> None:
    for day, value, usage in readings:
        mirror.reading(
            meter,
            day,
            value,
            usage=None if usage is None else Decimal(usage),
            **{"state": ReadingState.SETTLED, **fields},
        )


@pytest.mark.feature("F10")
def test_usage_counts_from_reading_to_reading(owner: Customer) -> None:
    meter = meter_of(owner)
    used(meter, (date(2025, 12, 31), "100", None), (date(2026, 2, 28), "159", "59"))
    found = metered_usage(owner, SINCE)
    assert by_month(found.stretches(found.main_meters("m³"))) == {
        date(2026, 1, 1): Decimal("31.000"),
        date(2026, 2, 1): Decimal("28.000"),
    }


def test_rejected_readings_and_checks_of_a_meter_count_nothing(owner: Customer) -> None:
    meter = meter_of(owner)
    used(meter, (date(2025, 12, 31), "100", None), (date(2026, 1, 31), "110", "10"))
    mirror.reading(meter, date(2026, 1, 10), "900", state=ReadingState.REJECTED)
    mirror.reading(meter, date(2026, 1, 15), "105", state=ReadingState.UNSETTLED)
    found = metered_usage(owner, SINCE)
    assert [stretch.amount for stretch in found.stretches({meter.pk})] == [Decimal("10.000")]


def test_without_a_stated_usage_the_difference_of_states_counts(owner: Customer) -> None:
    meter = meter_of(owner)
    used(meter, (date(2026, 1, 31), "110", None), (date(2026, 2, 28), "117", None))
    used(meter, (date(2026, 3, 31), "100", None))  # went back: says nothing
    found = metered_usage(owner, SINCE)
    assert [stretch.amount for stretch in found.stretches({meter.pk})] == [Decimal("7.000")]


def test_garden_and_sub_meters_are_counted_by_the_main_one(owner: Customer) -> None:
    main, garden = meter_of(owner), meter_of(owner, role=SettlementForm.GARDEN)
    used(main, (date(2026, 1, 31), "10", "10"))
    used(garden, (date(2026, 1, 31), "4", "4"))
    found = metered_usage(owner, SINCE)
    assert found.main_meters("m³") == {main.pk}
    assert found.meters[main.pk].point == "Dom"


def test_a_former_tenant_keeps_own_usage_of_a_meter_that_is_anothers_now(owner: Customer) -> None:
    tenant = mirror.customer()
    meter = meter_of(tenant)
    used(meter, (date(2026, 1, 31), "10", "10"), customer_id=owner.pk)
    used(meter, (date(2026, 2, 28), "17", "7"))
    before, now = metered_usage(owner, SINCE), metered_usage(tenant, SINCE)
    assert [reading.usage for reading in before.readings] == [Decimal("10.000")]
    assert before.meters[meter.pk].number == ""
    assert [reading.usage for reading in now.readings] == [Decimal("7.000")]


def line(owner: Customer, gross: str, *, kind: str = LineKind.USAGE, **fields: Any) -> None:
    bill = mirror.invoice(
        owner, gross, date(2026, 3, 2), period_from=date(2026, 2, 1), period_to=date(2026, 2, 28)
    )
    InvoiceLine.objects.create(
        customer=owner,
        invoice=bill,
        position=1,
        kind=kind,
        name="Woda",
        quantity=1,
        unit_price=Decimal(gross),
        net=Decimal(gross),
        gross=Decimal(gross),
        **{**mirror.IMPORTED, **fields},
    )


@pytest.mark.feature("F10")
def test_amounts_are_summed_by_the_periods_they_are_for(owner: Customer) -> None:
    stranger = mirror.customer()
    line(owner, "10.00", point_code="P-1", meter_number="M-1")
    line(owner, "5.50", point_code="P-2", kind=LineKind.FIXED)
    line(owner, "-2.00", point_code="P-1")
    line(stranger, "900.00", point_code="P-1")
    every = charges_over(owner, SINCE)
    assert {(charge.is_for_usage, charge.stretch.amount) for charge in every} == {
        (True, Decimal("8.00")),
        (False, Decimal("5.50")),
    }
    assert [c.stretch.amount for c in charges_over(owner, SINCE, points=["P-2"])] == [Decimal("5.50")]
    assert [c.stretch.amount for c in charges_over(owner, SINCE, meter_number="M-1")] == [Decimal("10.00")]
    assert charges_over(owner, SINCE, points=[]) == []


def test_billed_usage_serves_people_without_a_meter(owner: Customer) -> None:
    for usage, unit in ((Decimal(9), "m³"), (Decimal(1), "")):
        mirror.invoice(
            owner,
            "10.00",
            date(2026, 3, 2),
            period_from=date(2026, 2, 1),
            period_to=date(2026, 2, 28),
            usage=usage,
            usage_unit=unit,
        )
    assert billed_usage(owner, SINCE) == [
        (Stretch(date(2026, 2, 1), date(2026, 2, 28), Decimal("9.000")), "m³")
    ]


@pytest.mark.feature("D14")
def test_dues_tell_what_is_late_and_what_comes_next(owner: Customer, django_assert_num_queries: Any) -> None:
    mirror.entry(owner, "10.00", due_on=date(2026, 6, 1))
    mirror.entry(owner, "5.00", due_on=date(2026, 5, 1), kind="demand")
    mirror.entry(owner, "7.00", due_on=date(2026, 6, 20))
    mirror.entry(owner, "8.00", due_on=TODAY)
    mirror.entry(owner, "-3.00", due_on=date(2026, 1, 1), kind="overpayment")
    with django_assert_num_queries(1):
        dues = dues_of(owner, TODAY)
    assert (dues.charges, dues.overdue, dues.overdue_since, dues.next_due_on) == (
        4,
        2,
        date(2026, 5, 1),
        TODAY,
    )
    assert not dues.invoices_only
    assert (dues.balance.total, dues.balance.overdue) == (Decimal("27.00"), Decimal("15.00"))


@pytest.mark.parametrize("count", [1, 30])
def test_usage_takes_one_query(count: int, owner: Customer, django_assert_num_queries: Any) -> None:
    for _number in range(count):
        used(meter_of(owner), (date(2026, 1, 31), "10", "10"))
    with django_assert_num_queries(1):
        assert len(metered_usage(owner, SINCE).readings) == count
