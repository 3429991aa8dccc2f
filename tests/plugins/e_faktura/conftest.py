"""e-Faktura switched on with the zones, a customer with a bill, and clients to look with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from ebok.accounts.models import User
from ebok.billing.models import Invoice, InvoiceLine, LineKind
from ebok.look.models import OrganisationSettings
from ebok.testing import mirror
from ebok.testing.people import entry_permissions, person
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_faktura.models import InvoiceSettings

NOW = "2026-06-15 12:00+02:00"
TODAY = date(2026, 6, 15)
ACCOUNT = "12999900001234567800000096"
OURS = "xx9999000012345678xxxxxxxx"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """One afternoon of June 2026."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Files of this test alone."""
    settings.EBOK_PRIVATE_ROOT = str(tmp_path / "private")
    yield tmp_path / "private"
    shutil.rmtree(tmp_path / "private", ignore_errors=True)


@pytest.fixture
def home(world: SampleWorld, enable: Callable[..., None]) -> SampleWorld:
    """The sample world with the zones and e-Faktura on, the utility named, its account known."""
    enable("client_zone", "employee_zone", "e_faktura")
    organisation = OrganisationSettings.for_site(world.site)
    organisation.legal_name, organisation.nip = "Wodociągi Sp. z o.o.", "526-025-02-74"
    organisation.save()
    own = InvoiceSettings.for_site(world.site)
    own.accounts = OURS
    own.save()
    return world


@pytest.fixture
def owner(home: SampleWorld, as_user: Callable[[User | None], Client]) -> Client:
    """A client signed in as the holder of the sample customer."""
    return as_user(home.owner)


@pytest.fixture
def other(home: SampleWorld, as_user: Callable[[User | None], Client]) -> Client:
    """A client of another customer."""
    return as_user(home.other)


@pytest.fixture
def clerk(home: SampleWorld, as_user: Callable[[User | None], Client]) -> Client:
    """An employee who may see bills."""
    rights = [*entry_permissions("employee"), "e_faktura.see_bills"]
    return as_user(person("clerk@example.org", permissions=rights))


@pytest.fixture
def bill(home: SampleWorld) -> Invoice:
    """133,22 zł for two registers and a fixed charge."""
    made = mirror.invoice(
        home.customer,
        "133.22",
        date(2026, 5, 31),
        number="FV/2026/05/000123",
        due_on=date(2026, 6, 14),
        period_from=date(2026, 5, 1),
        period_to=date(2026, 5, 31),
        open_amount=Decimal("133.22"),
        usage=Decimal("12.5"),
        usage_unit="kWh",
        account=ACCOUNT,
    )
    add_line(made, 1, "Energia dzienna", "80.00", register=1, read_from="100", read_to="110")
    add_line(made, 2, "Energia nocna", "43.22", register=2, read_from="50", read_to="52.5")
    add_line(made, 3, "Opłata abonamentowa", "10.00", kind=LineKind.FIXED, unit="mies.")
    return made


def add_line(invoice: Invoice, position: int, name: str, gross: str, **fields: Any) -> InvoiceLine:
    """A line of usage with a meter where a reading is given, else a plain one."""
    fields = {name: Decimal(value) if name.startswith("read_") else value for name, value in fields.items()}
    if "read_to" in fields:
        fields.update(
            meter_number="M-77",
            point_code="P-1",
            read_from_on=date(2026, 4, 30),
            read_to_on=date(2026, 5, 31),
            quantity=fields["read_to"] - fields["read_from"],
            unit=fields.get("unit", "kWh"),
        )
    values = {"quantity": 1, "unit_price": Decimal("1.23456"), "vat_rate": "8", **fields}
    return InvoiceLine.objects.create(
        customer_id=invoice.customer_id,
        invoice=invoice,
        position=position,
        name=name,
        net=Decimal(gross),
        gross=Decimal(gross),
        **{**mirror.IMPORTED, **values},
    )
