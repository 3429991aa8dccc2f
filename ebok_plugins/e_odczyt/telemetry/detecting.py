"""What a series of remote states says about a meter: leaks and other things somebody should look at.

Pure and transparent: every finding comes from one rule that can be said in a sentence, with a size and a
confidence. No learning. `wording.sentence` says it in words; limits are in `Limits`, for each point.
"""

from __future__ import annotations

import enum
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from ebok_plugins.e_odczyt.telemetry.days import Day, by_day, runs
from ebok_plugins.e_odczyt.telemetry.series import WHOLE_STEP, Series, Step

WARSAW = ZoneInfo("Europe/Warsaw")
CHANCE = 0.02
"""Leaks a series of sound days may be taken for by chance."""
DAYS_BEFORE, DAYS_RISEN = 12, 5
"""Daily states: days that say what is usual, and days that must all be above it."""


class Kind(enum.StrEnum):
    """What was found."""

    LEAK = "leak"
    """Water flows the whole day round; the night never comes to rest."""
    BURST = "burst"
    """Far more flows for hours than ever before."""
    BACKFLOW = "backflow"
    """The state went back: water flows from the house into the network."""
    STUCK = "stuck"
    """Nothing is counted where something always was."""
    AWAY_USE = "away_use"
    """Water is used while nobody should be there."""
    VACANT = "vacant"
    """Nothing was used for some days. Worth knowing, no reason to worry."""


@dataclass(frozen=True)
class Found:
    """One finding: from when to when, how much, how sure."""

    kind: Kind
    begin: datetime
    end: datetime
    flow: float
    """Litres an hour: the steady flow of a leak, the mean of a burst; 0 where nothing flows."""
    litres: int
    """Litres in the whole time."""
    confidence: float
    """0 to 1."""
    is_open: bool
    """It goes on at the end of the series."""


@dataclass(frozen=True)
class Limits:
    """What is usual at a point. The defaults are those of a household."""

    quiet_flow: float = 0.5
    """Litres an hour that may flow at the quietest hours of a day."""
    leak_days: int = 2
    burst_flow: float = 300.0
    """Litres an hour below which nothing is a burst."""
    burst_times: float = 3.0
    """How many times more than the highest usual flow a burst is."""
    burst_hours: float = 2.5
    backflow: int = 3
    """Litres back within a day that are worth telling."""
    stuck_days: int = 21
    vacant_days: int = 4
    away_use: int = 10
    """Litres during an absence that are worth telling: a filter rinses itself, a dishwasher does not."""

    @classmethod
    def for_point(cls, persons: int | None, meters_below: int = 0) -> Limits:
        """Limits of a point where so many people live, or so many sub-meters hang behind the meter.

        6 % of people are up at night and take 10 litres: the 0.6 litres an hour and head by which night
        flow is judged in leakage practice. Above eight people some of it is never zero.
        """
        people = max(persons or 0, 2 * meters_below)
        if people <= 8:
            return cls()
        return cls(quiet_flow=0.6 * people, burst_flow=300.0 + 60.0 * people, away_use=30)


def detect(
    series: Series,
    *,
    limits: Limits | None = None,
    away: Iterable[tuple[datetime, datetime]] = (),
    zone: tzinfo = WARSAW,
) -> list[Found]:
    """Everything the series tells, in the order of time.

    `away` are absences the client has told. A series with more than 40 hours between states tells of
    backflow only.
    """
    limits = limits or Limits()
    found = _backflow(series, limits)
    if series.is_hourly or series.is_daily:
        days = by_day(series, zone)
        bursts = _bursts_by_hour(series, limits) if series.is_hourly else _bursts_by_day(series, days, limits)
        leaks = (
            _leaks_by_hour(series, days, limits) if series.is_hourly else _leaks_by_day(series, days, limits)
        )
        found += bursts
        found += [leak for leak in leaks if not any(_mostly_within(leak, burst) for burst in bursts)]
        found += _still(series, days, limits)
        found += _away(series, away, limits)
    return sorted(found, key=lambda one: (one.begin, one.kind))


def _mostly_within(inner: Found, outer: Found) -> bool:
    shared = min(inner.end, outer.end) - max(inner.begin, outer.begin)
    return shared > (inner.end - inner.begin) / 2


# --- leak ------------------------------------------------------------------------------------------------


def _leaks_by_hour(series: Series, days: Sequence[Day], limits: Limits) -> list[Found]:
    """Days in a row of which even the quietest hours flow. A day full of holes is neither for nor against.

    In some houses a day without rest happens by chance. How often it does at this meter on its other days
    says how many in a row are more than chance.
    """
    quiet = {day.on: day.quiet for day in days if day.quiet is not None}
    found = []
    for run in runs(days, lambda day: None if day.quiet is None else day.quiet > limits.quiet_flow):
        told = [day for day in run if day.on in quiet]
        if len(told) < limits.leak_days:
            continue
        flows = [quiet[day.on] for day in told]
        steady = statistics.median(flows)
        own = {day.on for day in told}
        others = [flow for on, flow in quiet.items() if on not in own]
        restless = sum(1 for flow in others if flow > max(limits.quiet_flow, steady / 2))
        chance = ((restless + 0.5) / (len(others) + 3)) ** len(told) * len(quiet)
        if chance > CHANCE:
            continue
        spread = statistics.median(abs(one - steady) for one in flows) / steady
        covered = min(1.0, sum(day.known for day in told) / (20.0 * len(told)))
        confidence = (0.95 - chance) * (1 - 0.3 * min(1.0, spread)) * (0.75 + 0.25 * covered)
        begin, end = told[0].begin, told[-1].end
        hours = (end - begin).total_seconds() / 3600
        found.append(
            Found(
                Kind.LEAK, begin, end, round(steady, 1), round(steady * hours),
                round(confidence, 2), run[-1] is days[-1],
            )
        )  # fmt: skip
    return found


def _leaks_by_day(series: Series, days: Sequence[Day], limits: Limits) -> list[Found]:
    """A rise of the daily use that does not go back. Guests look the same, so it stays a maybe."""
    told = [day for day in days if day.litres]
    used = [day.litres or 0 for day in told]
    found: list[Found] = []
    start = DAYS_BEFORE
    while start + DAYS_RISEN <= len(told):
        before = sorted(used[:start])
        usual = statistics.median(before)
        deviation = 1.48 * statistics.median(abs(one - usual) for one in before)
        window = used[start : start + DAYS_RISEN]
        # The second lowest of the days must be high; one day with many guests says nothing.
        rise = sorted(window)[1] - usual
        needed = max(1.9 * deviation, 40 + 24 * limits.quiet_flow, 2 * series.resolution)
        if rise < needed or min(window) < usual:
            start += 1
            continue
        last = start + DAYS_RISEN
        while last < len(told) and used[last] > usual + rise / 4:
            last += 1
        extra = statistics.median(used[start:last]) - usual
        begin, end = told[start].begin, told[last - 1].end
        hours = (end - begin).total_seconds() / 3600
        confidence = min(0.7, 0.4 + 0.02 * (last - start) + 0.05 * min(4.0, rise / needed))
        found.append(
            Found(
                Kind.LEAK, begin, end, round(extra / 24, 1), round(extra / 24 * hours),
                round(confidence, 2), last == len(told),
            )
        )  # fmt: skip
        start = last + DAYS_BEFORE
    return found


# --- burst -----------------------------------------------------------------------------------------------


def _bursts_by_hour(series: Series, limits: Limits) -> list[Found]:
    """Hours in a row, each with far more than the most that was usual."""
    whole = [step for step in series.steps if step.hours <= WHOLE_STEP]
    if len(whole) < 48:
        return []
    peaks: dict[date, float] = {}
    for step in whole:
        peaks[step.end.date()] = max(step.flow, peaks.get(step.end.date(), 0.0))
    # The highest hour of a usual day; up to half of the days may belong to the burst itself.
    limit = max(limits.burst_flow, limits.burst_times * statistics.median(peaks.values()))
    found = []
    for run in runs(series.steps, lambda step: _above(step, limit)):
        hours = sum(step.hours for step in run)
        if hours < limits.burst_hours:
            continue
        litres = sum(step.litres for step in run)
        over = litres / hours / limit
        confidence = min(0.97, 0.55 + 0.1 * min(over, 3) + 0.03 * min(hours, 8))
        found.append(
            Found(
                Kind.BURST, run[0].begin, run[-1].end, round(litres / hours, 1), litres,
                round(confidence, 2), run[-1] is series.steps[-1],
            )
        )  # fmt: skip
    return found


def _above(step: Step, limit: float) -> bool | None:
    """None for a hole through which as much may have flowed all the time."""
    if step.flow <= limit:
        return False
    return True if step.hours <= WHOLE_STEP else None


def _bursts_by_day(series: Series, days: Sequence[Day], limits: Limits) -> list[Found]:
    told = [day for day in days if day.litres is not None]
    if len(told) < 10:
        return []
    used = sorted(day.litres or 0 for day in told)
    usual = used[int(len(used) * 0.8)]
    limit = max(limits.burst_flow * 8, limits.burst_times * usual)
    found = []
    for run in runs(days, lambda day: None if day.litres is None else day.litres > limit):
        litres = sum(day.litres or 0 for day in run)
        hours = (run[-1].end - run[0].begin).total_seconds() / 3600
        confidence = min(0.9, 0.5 + 0.12 * min(litres / len(run) / limit, 3))
        found.append(
            Found(
                Kind.BURST, run[0].begin, run[-1].end, round(litres / hours, 1), litres,
                round(confidence, 2), run[-1] is days[-1],
            )
        )  # fmt: skip
    return found


# --- backflow --------------------------------------------------------------------------------------------


def _backflow(series: Series, limits: Limits) -> list[Found]:
    """How far the state fell below what it had reached, until it came up again or a day went by."""
    least = max(limits.backflow, 2 * series.resolution)  # the last digit trembles in ultrasonic meters
    found: list[Found] = []
    for steps in _falls(series.steps):
        depth = deepest = 0
        last = steps[0]
        for step in steps:
            depth -= step.litres
            if depth > deepest:
                deepest, last = depth, step
        if deepest < least:
            continue
        back = [step for step in steps if step.litres < 0 and step.end <= last.end]
        hours = sum(step.hours for step in back)
        confidence = min(0.97, 0.6 + 0.05 * len(back) + 0.02 * min(deepest / series.resolution, 10))
        found.append(
            Found(
                Kind.BACKFLOW, steps[0].begin, last.end, round(deepest / hours, 1), deepest,
                round(confidence, 2), last is series.steps[-1],
            )
        )  # fmt: skip
    return found


def _falls(steps: Iterable[Step]) -> Iterable[list[Step]]:
    """From a step that goes back to where the state is as high as before, or a day passed without another."""
    fall: list[Step] = []
    depth = 0
    back_at: datetime | None = None
    for step in steps:
        quiet_day = back_at is not None and (step.end - back_at).total_seconds() > 24 * 3600
        if fall and (quiet_day or depth - step.litres <= 0) and step.litres >= 0:
            yield fall
            fall, depth = [], 0
        elif fall or step.litres < 0:
            fall.append(step)
            depth -= step.litres
        if step.litres < 0:
            back_at = step.end
    if fall:
        yield fall


# --- nothing counted -------------------------------------------------------------------------------------


def _still(series: Series, days: Sequence[Day], limits: Limits) -> list[Found]:
    """Days in a row without a litre: an empty house, or a meter that stands."""
    told = [day for day in days if day.litres is not None]
    found = []
    longest = 0
    rested = 0  # days with a quiet hour: a meter that never rested and is still now has stopped
    seen = 0
    for run in runs(told, lambda day: (day.litres or 0) <= 0):
        before = [day for day in told if day.end <= run[0].begin]
        used = sum(1 for day in before if (day.litres or 0) > 0)
        seen = sum(1 for day in before if day.quiet is not None)
        rested = sum(1 for day in before if day.quiet is not None and day.quiet <= 0)
        always = used >= 10 and used >= 0.7 * len(before)
        never_rests = series.is_hourly and seen >= 10 and rested <= 0.05 * seen
        needed = limits.vacant_days if never_rests else max(limits.stuck_days, 2 * longest)
        kind = Kind.STUCK if always and len(run) >= needed else Kind.VACANT
        if len(run) >= limits.vacant_days and used:
            sure = 0.9 if never_rests else 0.5 + 0.02 * (len(run) - limits.stuck_days)
            found.append(
                Found(
                    kind, run[0].begin, run[-1].end, 0.0, 0,
                    round(min(0.9, sure), 2) if kind is Kind.STUCK else 0.9, run[-1] is told[-1],
                )
            )  # fmt: skip
        longest = max(longest, len(run))
    return found


# --- use while away --------------------------------------------------------------------------------------


def _away(series: Series, away: Iterable[tuple[datetime, datetime]], limits: Limits) -> list[Found]:
    """Steps wholly within an absence that counted something."""
    found = []
    for begin, end in away:
        inside = [step for step in series.steps if step.begin >= begin and step.end <= end]
        used = [step for step in inside if step.litres > 0]
        litres = sum(step.litres for step in used)
        if litres < max(limits.away_use, 2 * series.resolution):
            continue
        hours = sum(step.hours for step in used)
        found.append(
            Found(
                Kind.AWAY_USE, used[0].begin, used[-1].end, round(litres / hours, 1), litres,
                0.9, used[-1] is series.steps[-1],
            )
        )  # fmt: skip
    return found
