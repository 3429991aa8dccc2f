"""How often the detection of e-Odczyt is right, on planted series: `python -m tests.bench leaks`.

Recall: of the planted faults, how many were found (same kind, overlapping in time). Precision: of what was
found of a kind in all series, sound ones too, how much was planted. Seeds are fixed, so the figures are the
same on every machine.
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from ebok_plugins.e_odczyt.telemetry.detecting import Found, Kind, detect
from ebok_plugins.e_odczyt.telemetry.series import read
from tests.bench.figures import Figure, at_least, told
from tests.bench.servers import say
from tests.plugins.e_odczyt.telemetry.planted import FAULTS, NOISES, Noise, Planted, planted

FULL, QUICK = 40, 10
"""Series of each kind; twice as many sound ones."""
LIMITS = {"clean": (0.95, 0.95), "usual": (0.95, 0.95), "rough": (0.9, 0.85)}
"""Precision and recall that hold, for each noise."""
DAILY_LIMITS = (0.9, 0.75)
BY_DAY = tuple(kind for kind in FAULTS if kind is not Kind.BACKFLOW)
"""A day in which a little flows back and more is used looks like any other."""
SLACK = timedelta(hours=30)
"""How far outside the planted time a finding may lie: days are told whole."""


def measure(*, quick: bool = False) -> list[Figure]:
    """Precision and recall by noise, of all kinds and of each."""
    say("Leaks …")
    count = QUICK if quick else FULL
    figures = []
    for noise in NOISES:
        figures += _figures(f"hourly, {noise.name}", Score.of(noise, count, hours=1), LIMITS[noise.name])
    by_day = Score.of(NOISES[1], count, hours=24, kinds=BY_DAY)
    figures += _figures("daily, usual", by_day, DAILY_LIMITS)
    figures.append(_cost())
    return figures


def _figures(name: str, score: Score, limits: tuple[float, float]) -> list[Figure]:
    figures = [
        at_least(f"remote states {name}: precision", limits[0], score.precision(), firm=True),
        at_least(f"remote states {name}: recall", limits[1], score.recall(), firm=True),
    ]
    for kind in score.kinds:
        words = f"precision {score.precision(kind):.2f}, recall {score.recall(kind):.2f}"
        figures.append(told(f"  {kind}", f"{words} of {score.planted[kind]}"))
    figures.append(told("  false findings in sound series", f"{score.in_sound} in {score.planted[None]}"))
    return figures


class Score:
    """Counts of planted, found and right ones by kind."""

    def __init__(self, kinds: Sequence[Kind] = FAULTS) -> None:
        self.kinds = kinds
        self.planted: Counter[Kind | None] = Counter()
        self.recalled: Counter[Kind] = Counter()
        self.found: Counter[Kind] = Counter()
        self.right: Counter[Kind] = Counter()
        self.in_sound = 0

    @classmethod
    def of(cls, noise: Noise, count: int, *, hours: int, kinds: Sequence[Kind] = FAULTS) -> Score:
        """The score over so many series of each kind and twice as many sound ones."""
        score = cls(kinds)
        for kind in (*kinds, None, None):
            for number in range(count):
                seed = number if kind else score.planted[None]
                one = planted(seed, kind, noise, hours=hours)
                score.add(one, detect(read(one.samples), away=one.away))
        return score

    def add(self, one: Planted, found: Iterable[Found]) -> None:
        """Count one series."""
        self.planted[one.kind] += 1
        hit = False
        for finding in found:
            if finding.kind not in FAULTS:
                continue
            self.found[finding.kind] += 1
            right = is_right(one, finding)
            self.right[finding.kind] += right
            hit = hit or right
            self.in_sound += one.kind is None
        if one.kind and hit:
            self.recalled[one.kind] += 1

    def precision(self, kind: Kind | None = None) -> float:
        """Of one kind, or of all."""
        found = self.found[kind] if kind else self.found.total()
        right = self.right[kind] if kind else self.right.total()
        return right / found if found else 1.0

    def recall(self, kind: Kind | None = None) -> float:
        """Of one kind, or of all."""
        there = self.planted[kind] if kind else sum(self.planted[fault] for fault in self.kinds)
        return (self.recalled[kind] if kind else self.recalled.total()) / there


def is_right(one: Planted, finding: Found) -> bool:
    """Whether the finding is what was planted, at the time it was planted."""
    if finding.kind is not one.kind or one.begin is None or one.end is None:
        return False
    return finding.begin <= one.end and finding.end >= one.begin and finding.begin >= one.begin - SLACK


def _cost() -> Figure:
    series = [planted(seed, Kind.LEAK, NOISES[1]) for seed in range(8)]
    times = []
    for one in series:
        began = time.process_time()
        detect(read(one.samples))
        times.append(time.process_time() - began)
    each = statistics.median(times)
    return told(
        "  a meter with 60 days of hours", f"{each * 1e3:.0f} ms, {0.1 / each:.0f} in a tenth of a second"
    )
