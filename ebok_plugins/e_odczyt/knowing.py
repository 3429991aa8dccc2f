"""What is known about registers when a reading comes in: everything `rules.judge` needs, read at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from django.utils import timezone
from wagtail.models import Site

from ebok.billing.models import Reading, ReadingKind, ReadingState
from ebok.billing.queries import readings_for
from ebok.customers.models import Customer, Meter
from ebok.customers.queries import meters_for
from ebok_plugins.e_odczyt.models import DEAD, ReadingSettings, ReadingWindow, SentReading
from ebok_plugins.e_odczyt.rules import CONFIRM, Dial, Known, Limits, Other, Past, Rule, Span, usual_daily

Register = tuple[int, int]
"""Id of the meter, number of the register."""
LOOKED_BACK = timedelta(days=3 * 366)
MOST_NEIGHBOURS = 60
"""Meters of the customer among which a mix-up is looked for."""


@dataclass(frozen=True)
class Windows:
    """The reading windows of a site."""

    rows: Sequence[ReadingWindow]

    def of(self, zone: str) -> list[ReadingWindow]:
        """Those of one zone, the earliest first."""
        return [row for row in self.rows if row.zone in ("", zone)]

    def is_open(self, zone: str, day: date) -> bool:
        """Whether readings of that day are taken; a zone without windows is never closed."""
        found = self.of(zone)
        return not found or any(row.covers(day) for row in found)

    def current(self, zone: str, today: date) -> ReadingWindow | None:
        """The window of today, else the next one."""
        return next((row for row in self.of(zone) if row.closes_on >= today), None)


def windows_of(site: Site, today: date) -> Windows:
    """Windows that matter now: those of the last two months and all that come."""
    found = ReadingWindow.objects.filter(site=site, closes_on__gte=today - timedelta(days=62))
    return Windows(list(found.order_by("opens_on", "id")))


def site_settings(site: Site) -> ReadingSettings:
    """The settings of the site."""
    found: ReadingSettings = ReadingSettings.for_site(site)
    return found


def limits_of(settings: ReadingSettings) -> Mapping[str, Limits]:
    """How each service is judged; one that is missing by `Limits(days_back=…)`."""
    found: dict[str, Limits] = defaultdict(lambda: Limits(days_back=settings.days_back))
    for row in settings.rules.all():
        found[row.service] = Limits(
            severity={
                Rule.BELOW_LAST: row.below_last,
                Rule.BELOW_ESTIMATE: CONFIRM,
                Rule.TOO_HIGH: row.too_high,
                Rule.OTHER_METER: row.other_meter,
                Rule.RED_DIGITS: row.red_digits,
                Rule.AFTER_EXCHANGE: row.after_exchange,
                Rule.OUTSIDE_WINDOW: row.outside_window,
                Rule.ZERO_LONG: row.zero_long,
            },
            times=row.times,
            least=row.least,
            zero_days=row.zero_days,
            days_back=settings.days_back,
        )
    return found


def known_of(
    customer: Customer, meters: Sequence[Meter], limits: Mapping[str, Limits]
) -> dict[Register, Known]:
    """What is known about every register of these meters of the customer (with points and registers)."""
    neighbours = list(meters_for(customer).filter(is_active=True)[:MOST_NEIGHBOURS])
    everything = {meter.pk: meter for meter in [*neighbours, *meters]}
    series = _series(customer, everything)
    sent = _sent(customer, everything)
    old = _old_states(customer, meters)
    lasts = {
        (meter.pk, number): _last(meter, series[meter.pk, number], sent.get((meter.pk, number)))
        for meter in everything.values()
        for number in numbers_of(meter)
    }
    others = {
        key: _as_other(everything[key[0]], key[1], last, series[key], limits)
        for key, last in lasts.items()
        if last
    }
    return {
        (meter.pk, number): Known(
            dial=Dial(digits=meter.digits, decimals=meter.decimals),
            multiplier=_multiplier(meter, number),
            last=lasts[meter.pk, number],
            spans=_spans(series[meter.pk, number]),
            mounted_on=meter.mounted_on,
            removed_on=meter.removed_on,
            old_state=old.get(meter.pk) if number == 1 else None,
            others=[other for key, other in others.items() if key != (meter.pk, number)],
            moved_on=_moved_on(series[meter.pk, number]),
        )
        for meter in meters
        for number in numbers_of(meter)
    }


def numbers_of(meter: Meter) -> list[int]:
    """Numbers of the registers of a meter; one that names none has one."""
    return [register.number for register in meter.registers.all()] or [1]


def _series(customer: Customer, meters: Iterable[int]) -> dict[Register, list[Reading]]:
    """Readings of the last years by register, the oldest first; the real one last where a day has several."""
    today = timezone.localdate()
    found = readings_for(customer, since=today - LOOKED_BACK).filter(meter_id__in=list(meters))
    series: dict[Register, list[Reading]] = defaultdict(list)
    for reading in found.exclude(state=ReadingState.REJECTED).order_by("read_on", "-kind"):
        series[reading.meter_id, reading.register].append(reading)
    return series


def _sent(customer: Customer, meters: Iterable[int]) -> dict[Register, SentReading]:
    """The newest living sent reading of each register."""
    found = SentReading.objects.filter(customer=customer, meter_id__in=list(meters)).exclude(state__in=DEAD)
    return {(row.meter_id or 0, row.register): row for row in found.order_by("read_on", "id")}


def _old_states(customer: Customer, meters: Sequence[Meter]) -> dict[int, Decimal]:
    """Meter to the last state of the meter that hung at its point before it."""
    points = {meter.point_id for meter in meters}
    rows = Meter.objects.filter(customer=customer, point_id__in=points, removed_state__isnull=False)
    removed = list(rows.exclude(removed_on=None).order_by("removed_on"))
    found: dict[int, Decimal] = {}
    for meter in meters:
        for old in removed:
            fits = meter.mounted_on is not None and old.removed_on is not None and old.pk != meter.pk
            if fits and abs((meter.mounted_on - old.removed_on).days) <= 7 and old.removed_state is not None:  # type: ignore[operator]  # asked a line above
                found[meter.pk] = old.removed_state
    return found


def _last(meter: Meter, series: Sequence[Reading], sent: SentReading | None) -> Past | None:
    found: Past | None = None
    if series:
        newest = series[-1]
        found = Past(value=newest.value, on=newest.read_on, is_estimate=newest.kind == ReadingKind.ESTIMATED)
    elif meter.mounted_state is not None:
        found = Past(value=meter.mounted_state, on=meter.mounted_on, is_mounting=True)
    if (
        sent is not None
        and sent.value is not None
        and (found is None or found.on is None or found.is_mounting or sent.read_on > found.on)
    ):
        return Past(value=sent.value, on=sent.read_on)
    return found


def _spans(series: Sequence[Reading]) -> list[Span]:
    pairs = pairwise(series)
    return [
        Span(first=before.read_on, last=after.read_on, usage=after.usage)
        for before, after in pairs
        if after.usage is not None and after.usage >= 0 and after.read_on > before.read_on
    ]


def _moved_on(series: Sequence[Reading]) -> date | None:
    """The last day on which it moved; the first known day where it never did."""
    moved = [reading.read_on for reading in series if reading.usage]
    return moved[-1] if moved else (series[0].read_on if series else None)


def _multiplier(meter: Meter, number: int) -> Decimal:
    found = next((row.multiplier for row in meter.registers.all() if row.number == number), None)
    return found or Decimal(1)


def _as_other(
    meter: Meter, number: int, last: Past, series: Sequence[Reading], limits: Mapping[str, Limits]
) -> Other:
    """What the register may show by now: twice the usual for the time that has passed."""
    limit = limits[meter.point.service]
    today = timezone.localdate()
    daily = usual_daily(_spans(series), today)
    days = (today - last.on).days if last.on else 31
    room = limit.least if daily is None else max(limit.least, daily * max(days, 1) * 2)
    name = next((row.name for row in meter.registers.all() if row.number == number), "")
    return Other(name=f"{meter.number} {name}".strip(), last=last.value, most=last.value + room)
