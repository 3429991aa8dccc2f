"""From states as they came to what flowed: a pure step before detection.

States come late, twice, with holes, garbled, and go on with another meter; hours are counted in UTC, so
the two days of a year that change the clock need no special case. What cannot be told apart from noise
is left out rather than guessed: a hole becomes one long step, a jump no pipe can carry becomes a break.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import gcd
from typing import NamedTuple

POSSIBLE_FLOW = 7_000
"""Litres an hour: Q4 of a house's meter (Q3 = 4) is 5 m³/h, and a half more; above it the state jumped."""
GARBLED_DROP = 1_000
"""A state lower by more litres than this is a reset, another meter or a garbled telegram, never backflow."""
WHOLE_STEP = 3.2
"""Hours up to which a step of an hourly series says when the water flowed; a longer one is a hole."""
HOURLY = 2.5
DAILY = 40.0


class Sample(NamedTuple):
    """A state in litres at a moment that knows its zone."""

    moment: datetime
    litres: int


class Step(NamedTuple):
    """What the meter counted between two states that follow each other; negative when it went back."""

    begin: datetime
    end: datetime
    litres: int

    @property
    def hours(self) -> float:
        """Real hours, whatever the clocks on the wall did."""
        return (self.end - self.begin).total_seconds() / 3600

    @property
    def flow(self) -> float:
        """Litres an hour."""
        return self.litres / self.hours


@dataclass(frozen=True)
class Series:
    """The steps of one meter in the order of time, and what was left out on the way."""

    steps: Sequence[Step] = ()
    breaks: Sequence[datetime] = ()
    """Moments at which counting began anew: a reset, another meter, a roll-over that lost its hours."""
    repeated: int = 0
    garbled: int = 0
    pace: float = field(default=0.0)
    """The usual hours between two states; 0 when there are none."""
    resolution: int = 1
    """The smallest amount the meter can tell, in litres."""

    @property
    def is_hourly(self) -> bool:
        """Whether single hours can be told."""
        return 0 < self.pace <= HOURLY

    @property
    def is_daily(self) -> bool:
        """Whether single days can be told, and hours cannot."""
        return HOURLY < self.pace <= DAILY


def read(
    samples: Iterable[Sample], *, exchanged: Iterable[datetime] = (), modulus: int | None = None
) -> Series:
    """The series of these states, in whatever order and number they came.

    Of several states of one moment the first counts. `exchanged` are moments at which another meter took
    over; no step spans one. `modulus` is what the dial counts up to in litres, so that a roll-over is known.
    """
    unique: dict[datetime, int] = {}
    given = 0
    for moment, litres in samples:
        given += 1
        unique.setdefault(moment, litres)
    ordered = [Sample(moment, unique[moment]) for moment in sorted(unique)]
    kept = _without_garbled(ordered)
    steps, breaks = _steps(kept, sorted(exchanged), modulus)
    return Series(
        steps=steps,
        breaks=breaks,
        repeated=given - len(ordered),
        garbled=len(ordered) - len(kept),
        pace=statistics.median(step.hours for step in steps) if steps else 0.0,
        resolution=_resolution(steps),
    )


def _without_garbled(ordered: list[Sample]) -> list[Sample]:
    """Without single states that leave the line of their neighbours and come back to it."""
    kept: list[Sample] = []
    for number, sample in enumerate(ordered):
        after = ordered[number + 1] if number + 1 < len(ordered) else None
        if kept and after is not None and _leaves(kept[-1], sample, after):
            continue
        kept.append(sample)
    return kept


def _leaves(before: Sample, sample: Sample, after: Sample) -> bool:
    hours = (after.moment - before.moment).total_seconds() / 3600
    if not 0 <= after.litres - before.litres <= POSSIBLE_FLOW * hours:
        return False
    too_low = before.litres - sample.litres > GARBLED_DROP
    too_high = sample.litres - after.litres > GARBLED_DROP
    return too_low or too_high


def _steps(
    kept: list[Sample], exchanged: list[datetime], modulus: int | None
) -> tuple[list[Step], list[datetime]]:
    steps: list[Step] = []
    breaks: list[datetime] = []
    waiting = list(reversed(exchanged))
    for before, after in itertools.pairwise(kept):
        while waiting and waiting[-1] <= before.moment:
            waiting.pop()
        litres = after.litres - before.litres
        hours = (after.moment - before.moment).total_seconds() / 3600
        if litres < -GARBLED_DROP and modulus and litres + modulus <= POSSIBLE_FLOW * hours:
            litres += modulus
        spans_exchange = bool(waiting) and waiting[-1] <= after.moment
        if spans_exchange or litres < -GARBLED_DROP or litres > POSSIBLE_FLOW * max(hours, 1):
            breaks.append(after.moment)
        else:
            steps.append(Step(before.moment, after.moment, litres))
    return steps, breaks


def _resolution(steps: Sequence[Step]) -> int:
    """The largest number of litres that divides what nearly every step counted."""
    found = 0
    for step in steps:
        found = gcd(found, abs(step.litres))
        if found == 1:
            return 1
    return found or 1
