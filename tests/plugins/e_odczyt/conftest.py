"""The module with both zones on, one customer with a meter and a history, clients to look with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from ebok.accounts.models import User
from ebok.billing.models import ReadingState, Tariff
from ebok.customers.models import Meter
from ebok.testing import mirror
from ebok.testing.people import person
from ebok.testing.samples import SampleWorld

NOON = datetime(2026, 5, 14, 12, 0, tzinfo=ZoneInfo("Europe/Warsaw"))


@pytest.fixture(autouse=True)
def _in_may() -> Iterator[None]:
    """14 May 2026, noon."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def home(world: SampleWorld, enable: Callable[..., None]) -> SampleWorld:
    """The sample world with both zones and the module on."""
    enable("client_zone", "employee_zone", "e_odczyt")
    return world


@pytest.fixture
def owner(home: SampleWorld, as_user: Callable[[User | None], Client]) -> Client:
    """A client signed in as the holder of the sample customer."""
    return as_user(home.owner)


@pytest.fixture
def clerk(home: SampleWorld) -> User:
    """An employee who may handle readings."""
    return person(
        "clerk@example.org", permissions=["employee_zone.enter", "e_odczyt.handle"], groups=["Employees"]
    )


def meter_with_past(world: SampleWorld, last: int = 412, **fields: Any) -> Meter:
    """A water meter that counts six a month; its last reading is of 15 April."""
    if not Tariff.objects.filter(code="G1").exists():
        mirror.tariff("G1", {date(2026, 1, 1): "10.00"})
    point = mirror.point(
        world.customer, tariff_code="G1", street="ul. Ogrodowa", house="14", town="Lipowo", reading_zone="A"
    )
    meter = mirror.meter(point, **fields)
    for back in range(13):
        month = 4 - back
        day = date(2026 + (month - 1) // 12, (month - 1) % 12 + 1, 15)
        mirror.reading(
            meter,
            day,
            str(last - 6 * back),
            usage=Decimal(6),
            state=ReadingState.SETTLED if back else ReadingState.PENDING,
        )
    return meter


@pytest.fixture
def meter(home: SampleWorld) -> Meter:
    """One such meter."""
    return meter_with_past(home, number="18340221")
