"""Declared usage becomes settled by the bill that charges it (F02, F06, F07)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ebok.billing.models import Invoice, InvoiceLine
from ebok.customers.models import ServicePoint, SettlementForm
from ebok.exchange import signals
from ebok.journal.models import Event
from ebok.testing import mirror
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_odczyt import settling
from ebok_plugins.e_odczyt.models import SentReading, SentState

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F02", "F06", "F07")]

DAY = date(2026, 5, 14)


@pytest.fixture
def point(home: SampleWorld) -> ServicePoint:
    """Where there is no meter."""
    return mirror.point(home.customer, settlement_form=SettlementForm.FLAT, code="RYCZALT")


def declared(point: ServicePoint, state: str = SentState.EXPORTED, **fields: Any) -> SentReading:
    """Nine and a half cubic metres, told on 14 May and handed over."""
    values = {"usage": Decimal("9.5"), "read_on": DAY, "state": state, "channel": "account", **fields}
    return SentReading.objects.create(
        customer=point.customer, point=point, client_key=uuid.uuid4(), sent_at=timezone.now(), **values
    )


def billed(point: ServicePoint, quantity: str = "9.5", **fields: Any) -> Invoice:
    """A bill of the end of May with a line for usage at the point; `line_` fields are the line's."""
    of_line = {name[5:]: fields.pop(name) for name in [*fields] if name.startswith("line_")}
    owner = fields.pop("owner", point.customer)
    bill = mirror.invoice(owner, "60.00", fields.pop("issued_on", date(2026, 5, 31)), **fields)
    values = {"kind": "usage", "point_code": point.code, "meter_number": "", "unit": "m³", **of_line}
    InvoiceLine.objects.create(
        customer_id=bill.customer_id,
        invoice=bill,
        position=1,
        name="Woda, zużycie zgłoszone",
        quantity=Decimal(quantity),
        unit_price=Decimal("6.31579"),
        net=Decimal("60.00"),
        gross=Decimal("60.00"),
        **mirror.IMPORTED,
        **values,
    )
    return bill


def test_the_bill_settles_it_and_is_one_click_away(
    home: SampleWorld, point: ServicePoint, owner: Client, enable: Callable[..., None]
) -> None:
    enable("client_zone", "employee_zone", "e_odczyt", "e_faktura")
    row, bill = declared(point), billed(point)
    signals.delivery_taken_over.send(sender=None, delivery=None, datasets=frozenset({"invoice_lines"}))
    row.refresh_from_db()
    assert (row.state, row.invoice_id, row.invoice_position) == (SentState.SETTLED, bill.pk, 1)
    assert Event.objects.filter(kind="e_odczyt.readings_settled").count() == 1
    # The same again changes nothing.
    assert settling.match_declared() == 0
    for group in ("wszystkie", "rozliczone"):
        history = owner.get(reverse("client:e_odczyt:history"), {"stan": group}).text
        assert reverse("client:e_odczyt:sent", kwargs={"pk": row.pk}) in history
        assert "rozliczony" in history
    page = owner.get(reverse("client:e_odczyt:sent", kwargs={"pk": row.pk})).text
    assert reverse("client:e_faktura:bill", kwargs={"pk": bill.pk}) in page


@pytest.mark.parametrize(
    "other",
    [
        {"quantity": "9.4"},
        {"line_meter_number": "M-1"},
        {"line_point_code": "INNY"},
        {"line_kind": "fixed"},
        {"issued_on": date(2026, 5, 13)},
        {"period_from": date(2026, 5, 15), "period_to": date(2026, 5, 31)},
        {"is_cancelled": True},
    ],
    ids=str,
)
def test_another_charge_settles_nothing(point: ServicePoint, other: dict[str, Any]) -> None:
    """Another quantity, a meter, another point, a fixed charge, a bill of before, of after, cancelled."""
    row = declared(point)
    billed(point, **other)
    assert settling.match_declared() == 0
    row.refresh_from_db()
    assert (row.state, row.invoice_id) == (SentState.EXPORTED, None)


@pytest.mark.parametrize("state", ["doubtful", "accepted", "rejected", "withdrawn"])
def test_what_was_not_handed_over_stays(point: ServicePoint, state: str) -> None:
    """The billing system cannot have settled what it does not know of."""
    row = declared(point, state)
    billed(point)
    assert settling.match_declared() == 0
    row.refresh_from_db()
    assert row.state == state


def test_a_bill_of_somebody_else_settles_nothing(home: SampleWorld, point: ServicePoint) -> None:
    """The point had another customer; their bill is not ours."""
    row = declared(point)
    billed(point, owner=home.other_customer)
    assert settling.match_declared() == 0
    row.refresh_from_db()
    assert row.state == SentState.EXPORTED


def test_the_first_bill_counts(point: ServicePoint) -> None:
    """Two months of the same usage: the earlier one is this declaration's."""
    row = declared(point)
    billed(point, issued_on=date(2026, 6, 30))
    first = billed(point)
    assert settling.match_declared() == 1
    row.refresh_from_db()
    assert row.invoice_id == first.pk
