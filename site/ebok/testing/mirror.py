"""Rows of the mirror as an import leaves them, for tests that need a customer with a history."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from ebok.billing.models import (
    Allocation,
    FlatRateNorm,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    Payment,
    Reading,
    Tariff,
    TariffComponent,
    TariffVersion,
)
from ebok.customers.models import Contract, Customer, Meter, MeterRegister, ServicePoint
from ebok.exchange import natural_keys
from ebok.exchange.mirror import Source

_numbers = count(1)
IMPORTED: dict[str, Any] = {"source": Source.IMPORTED, "batch_id": 1}


def name(prefix: str) -> str:
    """A name nobody else has in this run."""
    return f"{prefix}-{next(_numbers):06d}"


def customer(**fields: Any) -> Customer:
    """A customer."""
    code = fields.pop("code", None) or name("K")
    key = natural_keys.take("customers", code)
    natural_keys.own(key)
    return Customer.objects.create(pk=key, code=code, **{"name": "Anna Nowak", **IMPORTED, **fields})


def contract(owner: Customer, **fields: Any) -> Contract:
    """A contract."""
    number = fields.pop("number", None) or name("U")
    key = natural_keys.take("contracts", number, customer_id=owner.pk)
    return Contract.objects.create(pk=key, customer=owner, number=number, **{**IMPORTED, **fields})


def point(owner: Customer, **fields: Any) -> ServicePoint:
    """A service point."""
    code = fields.pop("code", None) or name("P")
    key = natural_keys.take("service_points", code, customer_id=owner.pk)
    return ServicePoint.objects.create(pk=key, customer=owner, code=code, **{**IMPORTED, **fields})


def meter(at: ServicePoint, *, registers: int = 1, **fields: Any) -> Meter:
    """A meter with its registers."""
    number = fields.pop("number", None) or name("M")
    key = natural_keys.take("meters", number, customer_id=at.customer_id)
    made = Meter.objects.create(
        pk=key, customer_id=at.customer_id, point=at, number=number, **{**IMPORTED, **fields}
    )
    for register in range(1, registers + 1):
        MeterRegister.objects.create(customer_id=at.customer_id, meter=made, number=register, **IMPORTED)
    return made


def reading(of: Meter, read_on: date, value: str, **fields: Any) -> Reading:
    """A reading of register 1, unless told."""
    fields = {"customer_id": of.customer_id, **IMPORTED, **fields}
    return Reading.objects.create(meter=of, read_on=read_on, value=Decimal(value), **fields)


def invoice(owner: Customer, gross: str, issued_on: date, *, lines: int = 0, **fields: Any) -> Invoice:
    """An invoice without VAT, and its lines of equal shares."""
    number = fields.pop("number", None) or name("FV")
    amount = Decimal(gross)
    made = Invoice.objects.create(
        pk=natural_keys.take("invoices", number, customer_id=owner.pk),
        customer=owner,
        number=number,
        issued_on=issued_on,
        net=amount,
        gross=amount,
        **{**IMPORTED, **fields},
    )
    for position in range(1, lines + 1):
        InvoiceLine.objects.create(
            customer=owner,
            invoice=made,
            position=position,
            name="Woda",
            quantity=1,
            unit_price=amount / lines,
            net=amount / lines,
            gross=amount / lines,
            **IMPORTED,
        )
    return made


def entry(owner: Customer, amount: str | Decimal, **fields: Any) -> LedgerEntry:
    """A ledger entry that is wholly open, unless told."""
    number = fields.pop("number", None) or name("KS")
    fields = {"booked_on": date(2026, 5, 1), "open_amount": Decimal(amount), **IMPORTED, **fields}
    return LedgerEntry.objects.create(
        pk=natural_keys.take("ledger", number, customer_id=owner.pk),
        customer=owner,
        number=number,
        amount=Decimal(amount),
        **fields,
    )


def payment(owner: Customer, amount: str, paid_on: date, **fields: Any) -> Payment:
    """A payment that settles nothing."""
    number = fields.pop("number", None) or name("WB")
    key = natural_keys.take("payments", number, customer_id=owner.pk)
    return Payment.objects.create(
        pk=key,
        customer=owner,
        number=number,
        amount=Decimal(amount),
        paid_on=paid_on,
        **{**IMPORTED, **fields},
    )


def allocation(of: Payment, to: LedgerEntry, amount: str) -> Allocation:
    """A part of a payment that settled an entry."""
    return Allocation.objects.create(
        customer_id=of.customer_id, payment=of, entry=to, amount=Decimal(amount), **IMPORTED
    )


def tariff(code: str, prices: dict[date, str]) -> Tariff:
    """A tariff of one component, with a version from each of these days."""
    made = Tariff.objects.create(pk=natural_keys.take("tariffs", code), code=code, name=code, **IMPORTED)
    days = sorted(prices)
    for day, until in zip(days, [*days[1:], None], strict=True):
        version = TariffVersion.objects.create(
            pk=natural_keys.take("tariff_versions", f"{code}|{day}"),
            tariff=made,
            valid_from=day,
            valid_to=date.fromordinal(until.toordinal() - 1) if until else None,
            **IMPORTED,
        )
        TariffComponent.objects.create(
            pk=natural_keys.take("tariff_components", f"{code}|{day}|WODA"),
            version=version,
            code="WODA",
            name="Woda",
            net_price=Decimal(prices[day]),
            **IMPORTED,
        )
    return made


def norm(code: str, quantity: str, valid_from: date) -> FlatRateNorm:
    """A norm of the flat rate."""
    return FlatRateNorm.objects.create(
        pk=natural_keys.take("norms", code),
        code=code,
        name=code,
        monthly_quantity=Decimal(quantity),
        valid_from=valid_from,
        **IMPORTED,
    )
