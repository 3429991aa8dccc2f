"""Reads: meters that can be read, and readings that were sent. Everything begins with the customer."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from ebok.billing.models import Reading, ReadingKind
from ebok.customers.models import Customer, Meter, PointStatus, ServicePoint, SettlementForm
from ebok.customers.queries import meters_for
from ebok_plugins.e_odczyt.models import SentReading, SentState

PENDING = (SentState.DOUBTFUL, SentState.ACCEPTED, SentState.EXPORTED, SentState.TAKEN)


def readable_meters(customer: Customer, words: str = "") -> QuerySet[Meter]:
    """Meters in use at points in use, those of a point together; narrowed by words of address or number."""
    found = meters_for(customer).filter(is_active=True).exclude(point__status=PointStatus.CLOSED)
    for word in words.split():
        place = (
            Q(point__street__icontains=word) | Q(point__house__iexact=word) | Q(point__name__icontains=word)
        )
        found = found.filter(place | Q(point__code__icontains=word) | Q(number__icontains=word))
    return found.order_by("point__code", "point_id", "number", "id")


def by_point(meters: Sequence[Meter]) -> list[tuple[ServicePoint, list[Meter]]]:
    """The meters under their points, in the order in which they come."""
    found: dict[int, tuple[ServicePoint, list[Meter]]] = {}
    for meter in meters:
        found.setdefault(meter.point_id, (meter.point, []))[1].append(meter)
    return list(found.values())


def flat_points(customer: Customer) -> QuerySet[ServicePoint]:
    """Points in use without a meter, for which usage is declared (F02)."""
    metered = Meter.objects.filter(customer=customer, point_id=OuterRef("pk"), is_active=True)
    wanted = (SettlementForm.FLAT, SettlementForm.FORECAST)
    found = ServicePoint.objects.filter(customer=customer, settlement_form__in=wanted)
    return found.exclude(status=PointStatus.CLOSED).filter(~Exists(metered)).order_by("code")


def place_of(point: ServicePoint) -> str:
    """The point as people call it: its address, else its name, else its code."""
    return point.address or point.name or point.code


def sent_by(customer: Customer) -> QuerySet[SentReading]:
    """What was sent for the customer, the newest first."""
    found = SentReading.objects.filter(customer=customer).select_related("meter", "point")
    return found.order_by("-sent_at", "-id")


def not_mirrored(customer: Customer) -> QuerySet[SentReading]:
    """What was sent and is not among the billing system's readings yet: it would stand there twice."""
    mirror = Reading.objects.filter(
        customer=customer,
        meter_id=OuterRef("meter_id"),
        register=OuterRef("register"),
        read_on=OuterRef("read_on"),
        kind=ReadingKind.CUSTOMER,
    )
    return sent_by(customer).filter(~Exists(mirror))


def queue(state: str = SentState.DOUBTFUL, words: str = "") -> QuerySet[SentReading]:
    """Sent readings of all customers for staff, those sent first at the head while they wait."""
    found = SentReading.objects.filter(state=state) if state else SentReading.objects.all()
    for word in words.split():
        person = Q(customer__name__icontains=word) | Q(customer__code__icontains=word)
        found = found.filter(person | Q(meter__number__icontains=word) | Q(point__reading_zone__iexact=word))
    found = found.select_related("customer", "point", "meter", "sent_by", "decided_by")
    return found.order_by("id" if state == SentState.DOUBTFUL else "-id")


def waiting_count(most: int = 99) -> int:
    """How many doubtful readings nobody has decided on, at most `most`."""
    return SentReading.objects.filter(state=SentState.DOUBTFUL)[:most].count()
