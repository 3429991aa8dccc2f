"""One customer's part of the mirror for the sweep and the contracts: a little of everything.

Whatever stands here belongs to `world.customer` and carries `world.secret`, so that a page which shows it
to anybody else is found out.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from ebok.billing.models import FlatRateNorm, InvoiceLine, LedgerKind, ReadingState, Tariff
from ebok.customers.models import Meter, ServicePoint
from ebok.testing import mirror
from ebok.testing.samples import SampleWorld

TARIFF = "PROBA-W"
NORM = "PROBA-N"
CHARGE = "123.45"


def populate(world: SampleWorld, count: int = 1) -> None:
    """Add `count` things of each kind; `world.mirrored` names the newest by kind."""
    today = timezone.localdate()
    if not Tariff.objects.filter(code=TARIFF).exists():
        mirror.tariff(TARIFF, {today - timedelta(days=400): "4.50", today - timedelta(days=30): "5.10"})
    if not FlatRateNorm.objects.filter(code=NORM).exists():
        mirror.norm(NORM, "3.000", today - timedelta(days=400))
    for number in range(count):
        contract = mirror.contract(world.customer, name=f"Umowa {world.secret}", concluded_on=today)
        point = mirror.point(
            world.customer,
            name=f"Punkt {world.secret}",
            contract=contract,
            tariff_code=TARIFF,
            norm_code=NORM,
            persons=3,
        )
        meter = mirror.meter(point, producer=f"Zakład {world.secret}", registers=1 + number % 2)
        world.mirrored.update(contract=contract.pk, point=point.pk, meter=meter.pk)
        _money(world, number, point, meter)


def _money(world: SampleWorld, number: int, point: ServicePoint, meter: Meter) -> None:
    day = timezone.localdate() - timedelta(days=30 * (number % 24) + 20)
    owner = world.customer
    invoice = mirror.invoice(
        owner,
        CHARGE,
        day,
        due_on=day + timedelta(days=14),
        open_amount=Decimal(CHARGE) if number % 2 == 0 else Decimal(0),
        period_from=day - timedelta(days=30),
        period_to=day,
    )
    InvoiceLine.objects.create(
        customer=owner,
        invoice=invoice,
        position=1,
        name=f"Woda {world.secret}",
        point_code=point.code,
        meter_number=meter.number,
        register=1,
        read_from_on=day - timedelta(days=30),
        read_from=Decimal(100),
        read_to_on=day,
        read_to=Decimal(112),
        quantity=Decimal(12),
        unit="m³",
        unit_price=Decimal(CHARGE) / 12,
        net=Decimal(CHARGE),
        gross=Decimal(CHARGE),
        **mirror.IMPORTED,
    )
    kinds = (LedgerKind.INVOICE, LedgerKind.INTEREST, LedgerKind.DEMAND)
    entry = mirror.entry(
        owner,
        CHARGE,
        kind=kinds[number % 3],
        title=f"Należność {world.secret}",
        invoice=invoice,
        booked_on=day,
        due_on=day + timedelta(days=14),
        open_amount=invoice.open_amount,
    )
    payment = mirror.payment(owner, CHARGE, day + timedelta(days=10), title=f"Wpłata {world.secret}")
    if not entry.open_amount:
        mirror.allocation(payment, entry, CHARGE)
    mirror.reading(meter, day - timedelta(days=30), "100", state=ReadingState.SETTLED)
    mirror.reading(
        meter,
        day,
        "112",
        usage=Decimal(12),
        state=ReadingState.SETTLED,
        invoice_id=invoice.pk,
        invoice_position=1,
    )
    world.mirrored.update(invoice=invoice.pk, entry=entry.pk, payment=payment.pk)
