"""Quantities and amounts over time (F10): what the readings counted, and what the invoices charged for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from ebok.billing.models import Invoice, InvoiceLine, LineKind, Reading, ReadingState
from ebok.billing.queries.balance import exact
from ebok.billing.spreading import Stretch
from ebok.customers.models import Customer, Meter, SettlementForm

COUNTED = (ReadingState.PENDING, ReadingState.SETTLED)
"""Readings that say how much was used; rejected ones and checks of a meter do not."""
LONGEST_STRETCH = timedelta(days=400)
"""How far before a period the reading may lie with which its first stretch begins."""
WATER = "m³"
USUAL_STRETCH = 30
"""Days of a stretch of which the first reading is not known."""
SPLITTING = (SettlementForm.GARDEN, SettlementForm.SUB_METER)
"""Roles of meters whose water a main meter has counted already."""

FACTS = {
    "number": "number",
    "unit": "unit",
    "active": "is_active",
    "role": "role",
    "point": "point_id",
    "name": "point__name",
}
"""What is asked of a meter: our word and the path from the meter."""


@dataclass(frozen=True)
class MeterFacts:
    """What a list or chart says about a meter; plain where the meter is another customer's now."""

    number: str = ""
    unit: str = WATER
    is_active: bool = False
    counts: bool = True
    """False for a garden meter and a sub-meter: the main meter has counted their water too."""
    point_id: int | None = None
    point: str = ""


class UsageReading(NamedTuple):
    """A reading with the few columns that charts need."""

    meter_id: int
    register: int
    read_on: date
    kind: int
    value: Decimal
    usage: Decimal | None


@dataclass(frozen=True)
class Metered:
    """The readings of a period and the meters they are of, by id."""

    readings: list[UsageReading]
    meters: Mapping[int, MeterFacts]

    @property
    def units(self) -> list[str]:
        """The units counted, that of most meters first."""
        found = [facts.unit for facts in self.meters.values()]
        return sorted(set(found), key=lambda unit: (-found.count(unit), unit != WATER, unit))

    def stretches(self, meter_ids: Collection[int]) -> list[Stretch]:
        """What these meters counted, from reading to reading."""
        return list(stretches(reading for reading in self.readings if reading.meter_id in meter_ids))

    def main_meters(self, unit: str) -> set[int]:
        """The meters that count in this unit and are not counted by another one too."""
        return {key for key, facts in self.meters.items() if facts.unit == unit and facts.counts}


def metered_usage(customer: Customer, since: date) -> Metered:
    """The customer's readings from `since` on, and one stretch before; one query.

    A reading stays with the customer who held the point that day, also when the meter is another's now.
    """
    own = Meter.objects.filter(pk=OuterRef("meter_id"), customer=customer, point__customer=customer)
    rows = (
        Reading.objects.filter(customer=customer, state__in=COUNTED, read_on__gte=since - LONGEST_STRETCH)
        .annotate(**{f"own_{name}": Subquery(own.values(path)[:1]) for name, path in FACTS.items()})
        .order_by("meter_id", "register", "read_on", "kind")
        .values_list(*UsageReading._fields, *(f"own_{name}" for name in FACTS))
    )
    readings: list[UsageReading] = []
    meters: dict[int, MeterFacts] = {}
    width = len(UsageReading._fields)
    for row in rows:
        reading = UsageReading(*row[:width])
        # Where a day has two kinds of reading, the lowest kind is the actual one and comes first.
        if not readings or readings[-1][:3] != reading[:3]:
            readings.append(reading)
        if reading.meter_id not in meters:
            meters[reading.meter_id] = _facts(dict(zip(FACTS, row[width:], strict=True)))
    return Metered(readings, meters)


def stretches(readings: Iterable[UsageReading]) -> Iterator[Stretch]:
    """What was counted between each reading and the one before it at the same register.

    `readings` come ordered by meter, register and day. Where the billing system does not say what was used,
    the difference of the states says it; a state that went back says nothing.
    """
    before: UsageReading | None = None
    for reading in readings:
        known = before is not None and before[:2] == reading[:2]
        begin = before.read_on if known and before else None
        used = reading.usage
        if used is None and known and before is not None and reading.value >= before.value:
            used = reading.value - before.value
        if used is not None:
            first = (begin or reading.read_on - timedelta(days=USUAL_STRETCH)) + timedelta(days=1)
            yield Stretch(min(first, reading.read_on), reading.read_on, used)
        before = reading


@dataclass(frozen=True)
class Charged:
    """What invoices charged for a period: usage lines and fixed ones."""

    stretch: Stretch
    is_for_usage: bool


def charges_over(
    customer: Customer,
    since: date,
    *,
    points: Collection[str] | None = None,
    meter_number: str = "",
) -> list[Charged]:
    """The gross amounts of invoice lines by the periods they are for; one query, few rows.

    A correction stands in the period of what it corrects. `points` are codes; None is all of them. An invoice
    without a period counts on its day of issue.
    """
    lines = InvoiceLine.objects.filter(
        customer=customer, invoice__customer=customer, invoice__is_cancelled=False
    ).annotate(
        ends=Coalesce("invoice__period_to", "invoice__issued_on"),
        begins=Coalesce("invoice__period_from", "invoice__issued_on"),
    )
    if points is not None:
        lines = lines.filter(point_code__in=points)
    if meter_number:
        lines = lines.filter(meter_number=meter_number)
    rows = lines.filter(ends__gte=since).values("begins", "ends", "kind").annotate(sum=Sum("gross"))
    return [
        Charged(Stretch(min(begins, ends), ends, exact(amount)), kind == LineKind.USAGE)
        for begins, ends, kind, amount in rows.order_by("begins", "ends", "kind").values_list(
            "begins", "ends", "kind", "sum"
        )
    ]


def billed_usage(customer: Customer, since: date) -> list[tuple[Stretch, str]]:
    """The quantities that stand on invoices with their unit, for customers without a meter; one query."""
    rows: QuerySet[Any] = (
        Invoice.objects.filter(customer=customer, is_cancelled=False, usage__isnull=False)
        .exclude(usage_unit="")
        .annotate(ends=Coalesce("period_to", "issued_on"), begins=Coalesce("period_from", "issued_on"))
        .filter(ends__gte=since)
    )
    return [
        (Stretch(min(begins, ends), ends, usage), unit)
        for begins, ends, usage, unit in rows.order_by("ends", "id").values_list(
            F("begins"), F("ends"), "usage", "usage_unit"
        )
    ]


def _facts(known: Mapping[str, Any]) -> MeterFacts:
    if known["number"] is None:
        return MeterFacts()
    return MeterFacts(
        number=known["number"],
        unit=known["unit"],
        is_active=bool(known["active"]),
        counts=known["role"] not in SPLITTING,
        point_id=known["point"],
        point=known["name"] or "",
    )
