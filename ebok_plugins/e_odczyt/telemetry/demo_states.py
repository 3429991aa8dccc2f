"""Remote readings of the demo town: a few meters with 60 days of hours, one of them with a leak."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from ebok.customers.models import Customer, Meter
from ebok_plugins.e_odczyt.models import RemoteMeter
from ebok_plugins.e_odczyt.telemetry import partitions, storing
from ebok_plugins.e_odczyt.telemetry.alarms import Alarm
from ebok_plugins.e_odczyt.telemetry.detecting import WARSAW
from ebok_plugins.e_odczyt.telemetry.formats import Line
from ebok_plugins.e_odczyt.telemetry.watching import watch

DAYS = 60
LEAK_DAYS = 6
LEAK = 8
"""Litres an hour that run through the cistern of the first customer."""
HABITS = (0, 0, 0, 0, 0, 6, 22, 30, 18, 8, 6, 6, 8, 7, 6, 9, 14, 18, 24, 26, 20, 16, 9, 3)
"""Litres that may flow in each hour of the day."""


def load(codes: tuple[str, ...]) -> None:
    """States of one meter of each of these customers, up to now; the first one leaks."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    partitions.create_missing(now - timedelta(days=31 * number) for number in range(4))
    for place, code in enumerate(codes):
        customer = Customer.objects.filter(code=code).first()
        meter = _meter(customer) if customer else None
        if meter is None or RemoteMeter.objects.filter(pk=meter.pk).exists():
            continue
        storing.store(list(_lines(meter, now, leaks=place == 0)), now)
    watch(timezone.now() + timedelta(minutes=2))


def _meter(customer: Customer) -> Meter | None:
    return Meter.objects.filter(customer=customer, is_active=True, unit=storing.UNIT).order_by("pk").first()


def _lines(meter: Meter, now: datetime, *, leaks: bool) -> Iterator[Line]:
    drawn = random.Random(meter.number)  # noqa: S311 (a demo that looks the same each time)
    litres = 1000 * drawn.randint(90, 600)
    begin = now - timedelta(days=DAYS)
    for number in range(DAYS * 24 + 1):
        moment = begin + timedelta(hours=number)
        most = HABITS[moment.astimezone(WARSAW).hour]
        litres += drawn.randint(0, most) if most and drawn.random() < 0.8 else 0
        flags = 0
        if leaks and moment > now - timedelta(days=LEAK_DAYS):
            litres += LEAK + drawn.choice((-1, 0, 1))
            flags = int(Alarm.LEAK) if number % 24 == 0 else 0
        if drawn.random() < 0.02:
            continue  # the radio was not heard
        yield Line(number, meter.number, moment, Decimal(litres) / 1000, flags)
