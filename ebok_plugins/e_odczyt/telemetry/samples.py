"""Sample remote readings for the contract tests, the sweep and the page walk."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.utils import timezone

from ebok.customers.models import Meter
from ebok_plugins.e_odczyt.models import (
    Absence,
    Finding,
    FindingState,
    MeterAlarm,
    RefusedLine,
    RemoteFile,
    RemoteMeter,
)
from ebok_plugins.e_odczyt.telemetry import intake, storing
from ebok_plugins.e_odczyt.telemetry.alarms import Alarm
from ebok_plugins.e_odczyt.telemetry.detecting import Kind
from ebok_plugins.e_odczyt.telemetry.formats import Refusal

if TYPE_CHECKING:
    from ebok.testing.samples import SampleWorld


def populate(world: SampleWorld, count: int) -> None:
    """Findings, alarms, absences and files, so many of each, at one meter with two days of states."""
    meter = Meter.objects.filter(customer=world.customer).order_by("pk")[0]
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    rows = [
        storing.Row(meter.pk, now - timedelta(hours=48 - hour), world.customer.pk, 100 + hour, 0)
        for hour in range(49)
    ]
    storing.insert(rows)
    RemoteMeter.objects.get_or_create(
        meter=meter,
        defaults={
            "customer": world.customer,
            "first_moment": rows[0].moment,
            "last_moment": rows[-1].moment,
            "last_value": rows[-1].value,
        },
    )
    for place in range(count):
        begin = now - timedelta(days=place + 2)
        Finding.objects.create(
            meter=meter, customer=world.customer, kind=Kind.LEAK.value, begin=begin, end=now, flow=7.0,
            litres=168, confidence=0.9, state=FindingState.TOLD, found_at=now, remark=world.secret,
        )  # fmt: skip
        MeterAlarm.objects.create(
            meter=meter, customer=world.customer, kind=int(Alarm.LEAK), begin=begin, last_at=now
        )
        day = now.date() + timedelta(days=place)
        Absence.objects.create(customer=world.customer, begin=day, end=day, told_at=now)
        file, _is_new = intake.keep_file(
            f"odczyty-{place}.csv", ContentFile(f"{world.secret} {place}".encode())
        )
    RefusedLine.objects.bulk_create(
        RefusedLine(file=file, number=place + 1, why=Refusal.NOT_READABLE.value, text=world.secret)
        for place in range(count)
    )


def url_arguments(world: SampleWorld) -> dict[str, dict[str, object]]:
    """One of each for the addresses."""
    finding = Finding.objects.filter(customer=world.customer).order_by("pk")[0]
    absence = Absence.objects.filter(customer=world.customer).order_by("pk")[0]
    file = RemoteFile.objects.order_by("-pk")[0]
    return {
        "client:e_odczyt:finding": {"pk": finding.pk},
        "client:e_odczyt:remove_absence": {"pk": absence.pk},
        "employee:e_odczyt:close_finding": {"pk": finding.pk},
        "employee:e_odczyt:remote_meter": {"pk": finding.meter_id},
        "employee:e_odczyt:remote_file": {"pk": file.pk},
    }
