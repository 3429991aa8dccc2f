"""Readings of one customer (F04-F07)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from ebok.billing.models import InvoiceLine, Reading
from ebok.customers.models import Customer, Meter


def readings_for(
    customer: Customer, *, meter: Meter | None = None, since: date | None = None
) -> QuerySet[Reading]:
    """The readings, the newest first; registers of a dual-tariff meter one after another (F05).

    They stay with the customer who held the point on that day: a new tenant never sees the old one's.
    """
    found = Reading.objects.filter(customer=customer)
    if meter is not None:
        found = found.filter(meter=meter)
    if since is not None:
        found = found.filter(read_on__gte=since)
    return found.order_by("-read_on", "meter_id", "register", "kind")


def last_readings(customer: Customer, meters: Iterable[Meter]) -> dict[tuple[int, int], Reading]:
    """The last reading of every register of these meters, by (meter id, register); one query."""
    wanted = [meter.pk for meter in meters]
    if not wanted:
        return {}
    own = Reading.objects.filter(customer=customer, meter_id__in=wanted)
    newest = own.filter(meter_id=OuterRef("meter_id"), register=OuterRef("register")).order_by("-read_on")
    found = own.filter(read_on=Subquery(newest.values("read_on")[:1])).order_by("-kind")
    # Where a day has two kinds of reading, the actual one is the lowest kind and comes last.
    return {(reading.meter_id, reading.register): reading for reading in found}


def settling_lines(customer: Customer, readings: Iterable[Reading]) -> dict[tuple[int, int], InvoiceLine]:
    """The invoice lines that settled these readings, by (invoice id, position); at most one query (F06)."""
    places = {
        (reading.invoice_id, reading.invoice_position)
        for reading in readings
        if reading.invoice_id is not None and reading.invoice_position is not None
    }
    if not places:
        return {}
    condition = Q()
    for invoice_id, position in sorted(places):
        condition |= Q(invoice_id=invoice_id, position=position)
    lines = InvoiceLine.objects.filter(condition, customer=customer, invoice__customer=customer)
    return {(line.invoice_id, line.position): line for line in lines.select_related("invoice")}
