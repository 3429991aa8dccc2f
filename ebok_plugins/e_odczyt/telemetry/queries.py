"""Reading remote states and findings. What is a customer's begins with the customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q, QuerySet

from ebok.customers.models import Customer
from ebok_plugins.e_odczyt.models import (
    Absence,
    Finding,
    FindingState,
    MeterAlarm,
    RemoteFile,
    RemoteMeter,
    RemoteState,
)
from ebok_plugins.e_odczyt.telemetry.detecting import Kind
from ebok_plugins.e_odczyt.telemetry.series import Sample, Series, read

OPEN = (FindingState.NEW, FindingState.TOLD, FindingState.ANSWERED)
TO_ANSWER = (FindingState.NEW, FindingState.TOLD)


def remote_meters(customer: Customer) -> QuerySet[RemoteMeter]:
    """The customer's meters of which remote states come, with meter and point."""
    return (
        RemoteMeter.objects.filter(
            customer=customer, meter__customer=customer, meter__point__customer=customer
        )
        .select_related("meter__point")
        .order_by("-meter__is_active", "meter__number", "pk")
    )


def series_of(customer_id: int, meter_id: int, begin: datetime, end: datetime) -> Series:
    """What flowed through the meter in this time, while the customer held it."""
    rows = RemoteState.objects.filter(
        meter_id=meter_id, customer_id=customer_id, moment__gte=begin, moment__lte=end
    ).order_by("moment")
    return read(Sample(moment, int(value * 1000)) for moment, value in rows.values_list("moment", "value"))


def findings_of(customer: Customer) -> QuerySet[Finding]:
    """The customer's findings, the newest first, with meter and point."""
    return (
        Finding.objects.filter(customer=customer, meter__customer=customer, meter__point__customer=customer)
        .select_related("meter__point")
        .order_by("-begin", "-pk")
    )


def alarms_of(customer_id: int, meter_id: int) -> QuerySet[MeterAlarm]:
    """What the device of the meter reported, the newest first."""
    return MeterAlarm.objects.filter(customer=customer_id, meter=meter_id).order_by("-last_at", "-pk")


def absences_of(customer: Customer) -> QuerySet[Absence]:
    """When the customer is away, the newest first."""
    return Absence.objects.filter(customer=customer).order_by("-begin", "-pk")


def all_findings(chosen: Mapping[str, str]) -> QuerySet[Finding]:
    """Findings for employees, the newest first; filtered by kind, state, answer and words."""
    found = Finding.objects.select_related("meter__point", "customer").order_by("-pk")
    if chosen.get("rodzaj") in {kind.value for kind in Kind}:
        found = found.filter(kind=chosen["rodzaj"])
    state = chosen.get("stan", "")
    if state == "":
        found = found.filter(state__in=OPEN)
    elif state in FindingState:
        found = found.filter(state=state)
    if words := chosen.get("q", ""):
        found = found.filter(
            Q(meter__number__istartswith=words)
            | Q(customer__code__istartswith=words)
            | Q(customer__name__icontains=words)
        )
    return found


def files() -> QuerySet[RemoteFile]:
    """Files of remote readings, the newest first."""
    return RemoteFile.objects.select_related("received_by").order_by("-pk")
