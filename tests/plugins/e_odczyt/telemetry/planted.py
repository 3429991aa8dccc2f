"""Series of a meter with a fault planted in them, from a seed: the same on every machine.

Households of one to six people with their habits: morning and evening, people on shifts, a softener that
rinses itself at night, a garden watered by a clock, holidays. Then the noise of radio: lost hours, states
sent twice, jitter, garbled telegrams, a dial that tells tens of litres only.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ebok_plugins.e_odczyt.telemetry.detecting import Kind
from ebok_plugins.e_odczyt.telemetry.series import Sample

WARSAW = ZoneInfo("Europe/Warsaw")
FAULTS = (Kind.LEAK, Kind.BURST, Kind.BACKFLOW, Kind.STUCK, Kind.AWAY_USE)


@dataclass(frozen=True)
class Noise:
    """How bad the radio is."""

    name: str
    resolution: int = 1
    lost_hours: float = 0.0
    lost_days: float = 0.0
    """Share of days of which nothing came."""
    repeated: float = 0.0
    jitter_minutes: int = 0
    garbled: float = 0.0


CLEAN = Noise("clean")
USUAL = Noise("usual", lost_hours=0.04, lost_days=0.01, repeated=0.05, jitter_minutes=6)
ROUGH = Noise(
    "rough", resolution=10, lost_hours=0.15, lost_days=0.05, repeated=0.15, jitter_minutes=12, garbled=0.003
)
NOISES = (CLEAN, USUAL, ROUGH)


@dataclass
class Planted:
    """States as they came, the fault that is in them (None: a sound meter) and what the client said."""

    samples: list[Sample]
    kind: Kind | None
    begin: datetime | None = None
    end: datetime | None = None
    flow: float = 0.0
    away: list[tuple[datetime, datetime]] = field(default_factory=list)
    holidays: int = 0


def planted(
    seed: int,
    kind: Kind | None,
    noise: Noise = CLEAN,
    *,
    days: int = 60,
    hours: int = 1,
    start: datetime | None = None,
) -> Planted:
    """A series of so many days with one state each `hours`, and the fault in its second half."""
    drawn = random.Random(f"{seed} {kind} {noise.name} {days} {hours}")
    first = (start or datetime(2026, 3, 1, tzinfo=WARSAW)).astimezone(dt.UTC)
    flows = _household(drawn, first, days * 24)
    result = Planted([], kind)
    if kind is not Kind.AWAY_USE and drawn.random() < 0.3:
        result.holidays = drawn.randint(3, 14)
        at = drawn.randint(5, 20) * 24
        for hour in range(at, min(at + result.holidays * 24, len(flows))):
            flows[hour] = 0
    frozen = _plant(drawn, flows, result, first, days)
    result.samples = _sent(drawn, flows, frozen, first, noise, hours)
    return result


def _household(drawn: random.Random, first: datetime, count: int) -> list[int]:
    people = drawn.choice((1, 1, 2, 2, 3, 4, 5, 6))
    shifts = drawn.random() < 0.15
    softener = drawn.random() < 0.25
    watered = drawn.random() < 0.15
    weights = [1, 1, 1, 1, 1, 3, 10, 14, 10, 6, 5, 5, 5, 5, 5, 6, 8, 9, 11, 12, 11, 9, 6, 3]
    if shifts:
        weights = weights[8:] + weights[:8]
    total = sum(weights)
    # Draws of water: a Poisson count of 12 litres in the mean, thin at night.
    none = [math.exp(-people * 8.0 * weight / total) for weight in weights]
    flows = []
    for day, hour in _wall_clock(first, count):
        litres = sum(max(1, round(drawn.expovariate(1 / 12))) for _ in range(_poisson(drawn, none[hour])))
        if softener and hour == 2 and day % 4 == 0:
            litres += 90
        if watered and hour in (4, 5) and day % 2 == 0:
            litres += drawn.randint(200, 260)
        flows.append(litres)
    return flows


@functools.cache
def _wall_clock(first: datetime, count: int) -> list[tuple[int, int]]:
    """The local day and hour of each hour of a series."""
    moments = ((first + timedelta(hours=number)).astimezone(WARSAW) for number in range(count))
    return [(moment.toordinal(), moment.hour) for moment in moments]


def _poisson(drawn: random.Random, limit: float) -> int:
    product, count = drawn.random(), 0
    while product > limit:
        product *= drawn.random()
        count += 1
    return count


def _plant(drawn: random.Random, flows: list[int], result: Planted, first: datetime, days: int) -> int | None:
    """Change the flows by the fault; the hour from which a stuck meter counts nothing, or None."""
    if result.kind is None:
        return None
    at = drawn.randint(days // 2, days // 2 + 6) * 24 + drawn.randint(0, 23)
    hours = range(at, min(at + _hours(drawn, result.kind), len(flows)))
    result.begin, result.end = first + timedelta(hours=at), first + timedelta(hours=hours.stop)
    if result.kind is Kind.LEAK:
        result.flow, carry = drawn.choice((3, 6, 10, 20, 45)), 0.0
        for hour in hours:
            carry += result.flow * drawn.uniform(0.85, 1.15)
            flows[hour] += int(carry)
            carry -= int(carry)
    elif result.kind is Kind.BURST:
        result.flow = drawn.choice((700, 1200, 2500))
        for hour in hours:
            flows[hour] += round(result.flow * drawn.uniform(0.9, 1.1))
    elif result.kind is Kind.BACKFLOW:
        result.flow = drawn.randint(40, 200) // len(hours)
        for hour in hours:
            flows[hour] = -int(result.flow)
    elif result.kind is Kind.AWAY_USE:
        _leave(drawn, flows, hours)
        result.away.append((result.begin, result.end))
    return at if result.kind is Kind.STUCK else None


def _leave(drawn: random.Random, flows: list[int], hours: range) -> None:
    """Nobody is there, but for a few hours something runs."""
    flows[hours.start : hours.stop] = [0] * len(hours)
    used = drawn.randint(hours.start + 30, hours.stop - 30)
    for hour in range(used, used + drawn.randint(2, 8)):
        flows[hour] = drawn.randint(15, 60)


def _hours(drawn: random.Random, kind: Kind) -> int:
    """How long the fault lasts."""
    return {
        Kind.LEAK: drawn.randint(4, 15) * 24,
        Kind.BURST: drawn.randint(3, 20),
        Kind.BACKFLOW: drawn.randint(1, 4),
        Kind.AWAY_USE: drawn.randint(5, 12) * 24,
        Kind.STUCK: 10_000,
    }[kind]


def _sent(
    drawn: random.Random, flows: list[int], frozen: int | None, first: datetime, noise: Noise, every: int
) -> list[Sample]:
    state = drawn.randint(20_000, 900_000)
    lost = {day for day in range(len(flows) // 24 + 1) if drawn.random() < noise.lost_days}
    samples = [Sample(first, _told(state, noise))]
    for number, litres in enumerate(flows, 1):
        if frozen is None or number <= frozen:
            state += litres
        if number % every or number // 24 in lost or drawn.random() < noise.lost_hours:
            continue
        moment = first + timedelta(hours=number, minutes=drawn.randint(0, noise.jitter_minutes))
        told = _told(state, noise)
        if drawn.random() < noise.garbled:
            told = drawn.choice((0, told * 10, drawn.randint(0, 99_999_999)))
        samples.append(Sample(moment, told))
        if drawn.random() < noise.repeated:
            samples.append(samples[-1])
    drawn.shuffle(samples)
    return samples


def _told(state: int, noise: Noise) -> int:
    return state - state % noise.resolution
