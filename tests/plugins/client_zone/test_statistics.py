"""Statistics (F10): charts with tables, by point and meter, year against year, average and price."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from ebok.billing.models import InvoiceLine, LineKind, ReadingState
from ebok.billing.spreading import Stretch, end_of, months_before
from ebok.customers.access import give_access
from ebok.customers.models import Customer, Meter, Scope, ServicePoint
from ebok.testing import mirror
from ebok.testing.people import person
from ebok.testing.samples import SampleWorld
from ebok_plugins.client_zone import charts

TODAY = date(2026, 6, 15)
NEWEST = date(2026, 5, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel("2026-06-15 12:00+02:00", tick=False):
        yield


def read(meter: Meter, usage: dict[date, str]) -> None:
    """Readings on the last day of each month, and one before the first."""
    mirror.reading(meter, min(usage) - timedelta(days=1), "100", state=ReadingState.SETTLED)
    for month, used in usage.items():
        mirror.reading(meter, end_of(month), "100", usage=Decimal(used), state=ReadingState.SETTLED)


def billed(owner: Customer, month: date, gross: str, **fields: Any) -> None:
    bill = mirror.invoice(owner, gross, end_of(month), period_from=month, period_to=end_of(month))
    InvoiceLine.objects.create(
        customer=owner,
        invoice=bill,
        position=1,
        kind=LineKind.USAGE,
        name="Woda",
        quantity=1,
        unit_price=Decimal(gross),
        net=Decimal(gross),
        gross=Decimal(gross),
        **{**mirror.IMPORTED, **fields},
    )


def two_years(world: SampleWorld, at: ServicePoint | None = None, used: str = "10") -> Meter:
    """24 months up to May 2026: 10 m³ and 50 zł a month, the first year 12 m³."""
    point = at or mirror.point(world.customer, name="Dom")
    meter = mirror.meter(point)
    months = [months_before(NEWEST, back) for back in range(23, -1, -1)]
    read(meter, {month: "12" if place < 12 else used for place, month in enumerate(months)})
    for month in months:
        billed(world.customer, month, "50.00", point_code=point.code, meter_number=meter.number)
    return meter


def page(client: Client, query: str = "") -> Any:
    answer = client.get(reverse("client:client_zone:statistics") + query)
    assert answer.status_code == 200
    return answer


def text_of(answer: Any) -> str:
    return str(answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " "))


@pytest.mark.feature("F10")
def test_a_year_beside_the_year_before_with_average_and_price(home: SampleWorld, owner: Client) -> None:
    two_years(home)
    answer = page(owner)
    found = answer.context["statistics"]
    assert found.usage.sentence.replace("\xa0", " ") == (
        "120 m³ w 12 miesięcy, o 24 m³ mniej niż rok wcześniej."
    )
    assert found.daily.replace("\xa0", " ") == "0,33 m³"
    assert found.amounts.total == Decimal("600.00")
    assert found.per_unit.replace("\xa0", " ") == "5,00 zł"
    text = text_of(answer)
    assert text.count("<figure") == text.count("<details") == 4
    assert '<td class="r">50,00 zł</td>' in text
    assert len(found.usage.chart.bars) == 12
    assert found.usage.chart.bars[-1].is_now
    assert found.usage.chart.bars[0].reference_text == "12"


@pytest.mark.feature("F10")
def test_year_against_year(home: SampleWorld, owner: Client) -> None:
    two_years(home)
    answer = page(owner, "?rok=2025")
    found = answer.context["statistics"]
    assert answer.context["year"] == 2025
    assert found.usage.total == Decimal("130.000")  # five months of 12, seven of 10
    rows = {row.year: row for row in found.years}
    assert rows[2025].is_whole
    assert not rows[2026].is_whole
    assert (rows[2025].quantity, rows[2025].amount) == (Decimal("130.000"), Decimal("600.00"))
    assert rows[2025].per_unit == Decimal("4.62")
    assert rows[2025].daily == Decimal("0.36")


@pytest.mark.feature("F10")
def test_by_point_and_by_meter(home: SampleWorld, owner: Client) -> None:
    first = two_years(home)
    other = mirror.point(home.customer, name="Działka", code="DZ-1")
    second = two_years(home, other, used="3")
    every = page(owner).context["statistics"]
    assert every.usage.total == Decimal("156.000")
    by_point = page(owner, f"?za=p{other.pk}m³").context["statistics"]
    assert (by_point.usage.total, by_point.amounts.total) == (Decimal("36.000"), Decimal("600.00"))
    by_meter = page(owner, f"?za=l{first.pk}").context["statistics"]
    assert (by_meter.usage.total, by_meter.amounts.total) == (Decimal("120.000"), Decimal("600.00"))
    assert second.number in text_of(page(owner))


def test_units_are_not_added_up(home: SampleWorld, owner: Client) -> None:
    two_years(home)
    heat = mirror.meter(mirror.point(home.customer, name="Węzeł"), unit="GJ")
    read(heat, {NEWEST: "2.5"})
    assert page(owner).context["statistics"].usage.total == Decimal("120.000")
    found = page(owner, "?za=wGJ").context["statistics"]
    assert found.usage.total == Decimal("2.500")
    assert found.amounts is None


def test_a_stranger_s_meter_is_no_choice(home: SampleWorld, owner: Client) -> None:
    two_years(home)
    foreign = mirror.meter(mirror.point(home.other_customer))
    read(foreign, {NEWEST: "900"})
    found = page(owner, f"?za=l{foreign.pk}")
    assert found.context["choice"].value == "wm³"
    assert "900" not in text_of(found)


def test_without_a_meter_the_invoices_say_how_much(home: SampleWorld, owner: Client) -> None:
    for back in range(3):
        month = months_before(NEWEST, back)
        mirror.invoice(
            home.customer,
            "30.00",
            end_of(month),
            period_from=month,
            period_to=end_of(month),
            usage=Decimal(9),
            usage_unit="m³",
        )
    found = page(owner)
    assert found.context["statistics"].usage.total == Decimal("27.000")
    assert found.context["unit"] == "m³"


def test_without_anything_there_is_a_kind_word(home: SampleWorld, owner: Client) -> None:
    assert "eb-empty" in text_of(page(owner))


@pytest.mark.parametrize("query", ["?za=l1&rok=abcd", "?za=%FF&rok=99999", "?rok=1200", "?za=p&rok=²²²²"])
def test_choices_that_are_none(query: str, home: SampleWorld, owner: Client) -> None:
    two_years(home)
    assert page(owner, query).context["year"] is None


def test_who_sees_only_readings_sees_no_money(home: SampleWorld, as_user: Any) -> None:
    two_years(home)
    tenant = person("lokator@example.org")
    give_access(home.customer, tenant, role="tenant", scopes=[Scope.READINGS])
    text = text_of(page(as_user(tenant)))
    assert "120 m³" in text
    assert "zł" not in text.split("<main")[1].split("</main")[0]
    give_access(home.customer, tenant, role="tenant", scopes=[Scope.MESSAGES])
    assert as_user(tenant).get(reverse("client:client_zone:statistics")).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_same_queries(
    count: int, home: SampleWorld, owner: Client, assert_queries: Callable[[int], Any]
) -> None:
    for _number in range(count):
        point = mirror.point(home.customer)
        read(mirror.meter(point), {NEWEST: "3"})
        billed(home.customer, NEWEST, "10.00", point_code=point.code)
    page(owner)
    with assert_queries(10):
        page(owner)


# Rules of charts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ([Stretch(date(2026, 4, 1), date(2026, 5, 31), Decimal(1))], date(2026, 5, 1)),
        ([Stretch(date(2026, 4, 1), date(2026, 5, 29), Decimal(1))], date(2026, 5, 1)),
        ([Stretch(date(2026, 4, 1), date(2026, 5, 20), Decimal(1))], date(2026, 4, 1)),
        ([Stretch(date(2026, 5, 2), date(2026, 5, 20), Decimal(1))], date(2026, 5, 1)),
        ([], date(2026, 5, 1)),
    ],
)
def test_a_month_cut_off_does_not_look_like_saving(stretches: list[Stretch], expected: date) -> None:
    assert charts.newest_month(stretches, TODAY) == expected


def test_months_before_the_history_have_no_line() -> None:
    compared = charts.year_of_months(
        {NEWEST: Decimal(3)},
        NEWEST,
        title="Zużycie",
        unit="m³",
        series="zużycie",
        known_since=date(2025, 3, 15),
    )
    assert [bar.reference_top is None for bar in compared.chart.bars] == [True] * 9 + [False] * 3
    assert compared.before is None
    assert re.sub(r"\s", " ", compared.sentence) == "3 m³ w 12 miesięcy."
