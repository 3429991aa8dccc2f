"""A series seen by local days: what each used, how quiet its quietest hours were, how much of it is known."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TypeVar

from ebok_plugins.e_odczyt.telemetry.series import WHOLE_STEP, Series, Step

Item = TypeVar("Item")

KNOWN_ENOUGH = 14.0
"""Hours of a day that must be known before its quietest hours say anything ..."""
NIGHT = timedelta(hours=6)
NIGHT_ENOUGH = 3.0
"""... and hours of its night, which is the quietest in most houses."""
MOSTLY = 0.8
"""Share of a day that must be covered by steps before its use is told."""


@dataclass(frozen=True)
class Day:
    """One local day: 23, 24 or 25 hours."""

    on: date
    begin: datetime
    end: datetime
    litres: int | None
    """What was used; None when too little of the day is known."""
    quiet: float | None
    """Litres an hour in the quietest hours; None when hours cannot be told."""
    known: float
    """Hours that are known by the hour."""


def by_day(series: Series, zone: tzinfo) -> list[Day]:
    """The days from the first to the last state, also those of which nothing is known."""
    if not series.steps:
        return []
    first = series.steps[0].begin.astimezone(zone).date()
    last = (series.steps[-1].end - timedelta(microseconds=1)).astimezone(zone).date()
    bounds = [_midnight(first + timedelta(days=n), zone) for n in range((last - first).days + 2)]
    used, covered, known, nights = _spread(series, bounds)
    quiet = _quiet(series, bounds) if series.is_hourly else {}
    days = []
    for number, (begin, end) in enumerate(itertools.pairwise(bounds)):
        hours = (end - begin).total_seconds() / 3600
        days.append(
            Day(
                on=first + timedelta(days=number),
                begin=begin,
                end=end,
                litres=round(used[number]) if covered[number] >= MOSTLY * hours else None,
                quiet=quiet.get(number)
                if known[number] >= KNOWN_ENOUGH and nights[number] >= NIGHT_ENOUGH
                else None,
                known=known[number],
            )
        )
    return days


def _midnight(on: date, zone: tzinfo) -> datetime:
    return datetime.combine(on, time(), zone).astimezone(dt.UTC)


def _spread(series: Series, bounds: Sequence[datetime]) -> tuple[list[float], ...]:
    """Of each day: litres, hours covered, hours known by the hour, those of the night."""
    used, covered, known, nights = ([0.0] * (len(bounds) - 1) for _ in range(4))
    number = 0
    longest = 36.0 if series.is_daily else 12.0
    for step in series.steps:
        while step.begin >= bounds[number + 1]:
            number += 1
        hours = step.hours
        if hours > longest and step.litres:
            continue
        at, begin = number, step.begin
        while begin < step.end:
            end = min(step.end, bounds[at + 1])
            share = (end - begin).total_seconds() / 3600
            used[at] += step.litres * share / hours
            covered[at] += share
            if hours <= WHOLE_STEP:
                known[at] += share
                dark = min(end, bounds[at] + NIGHT) - begin
                nights[at] += max(0.0, dark.total_seconds() / 3600)
            begin, at = end, at + 1
    return used, covered, known, nights


def _quiet(series: Series, bounds: Sequence[datetime]) -> dict[int, float]:
    """By the number of the day, the lowest flow over a few hours without a hole.

    A meter that tells tens of litres only needs more hours than one that tells single litres. A hole in
    which nothing was counted is quiet too.
    """
    width = 2.0 if series.resolution <= 1 else 3.0 if series.resolution <= 10 else 6.0
    lowest: dict[int, float] = {}
    number = 0
    for begin, end, flow in _windows(series.steps, width):
        middle = begin + (end - begin) / 2
        while middle >= bounds[number + 1]:
            number += 1
        lowest[number] = min(flow, lowest.get(number, flow))
    return lowest


def _windows(steps: Sequence[Step], width: float) -> Iterable[tuple[datetime, datetime, float]]:
    start, litres = 0, 0
    for number, step in enumerate(steps):
        joined = number == 0 or steps[number - 1].end == step.begin
        if step.hours > WHOLE_STEP or not joined:
            start, litres = number, 0
            if step.hours > WHOLE_STEP:
                start = number + 1
                if step.litres == 0:
                    yield step.begin, step.end, 0.0
                continue
        litres += max(step.litres, 0)
        # The shortest window that is wide enough and ends here.
        while start < number and (step.end - steps[start + 1].begin).total_seconds() / 3600 >= width - 0.1:
            litres -= max(steps[start].litres, 0)
            start += 1
        hours = (step.end - steps[start].begin).total_seconds() / 3600
        if hours >= width - 0.1:
            yield steps[start].begin, step.end, litres / hours


def runs(items: Iterable[Item], holds: Callable[[Item], bool | None]) -> Iterable[list[Item]]:
    """Stretches of items for which `holds`; None neither begins nor ends one, and stays where it is last."""
    run: list[Item] = []
    length = 0
    for item in items:
        verdict = holds(item)
        if verdict:
            run.append(item)
            length = len(run)
        elif verdict is None and run:
            run.append(item)
        elif run:
            yield run[:length]
            run, length = [], 0
    if run:
        yield run
