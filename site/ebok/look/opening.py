"""Opening hours: how they are written and whether the office is open. No Django models here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.utils.translation import pgettext_lazy

MONDAY_TO_SUNDAY = range(1, 8)

_WEEKDAYS = (
    pgettext_lazy("opening hours", "Monday"),
    pgettext_lazy("opening hours", "Tuesday"),
    pgettext_lazy("opening hours", "Wednesday"),
    pgettext_lazy("opening hours", "Thursday"),
    pgettext_lazy("opening hours", "Friday"),
    pgettext_lazy("opening hours", "Saturday"),
    pgettext_lazy("opening hours", "Sunday"),
)


@dataclass(frozen=True)
class Hours:
    """The same hours on some days. `days` are ISO weekday numbers, 1 for Monday."""

    days: frozenset[int]
    opens: time
    closes: time

    @property
    def label(self) -> str:
        """The days in words, runs joined: "poniedziałek", "wtorek–piątek", "sobota, niedziela"."""
        return ", ".join(_run_label(run) for run in _runs(self.days))

    @property
    def written(self) -> str:
        """The hours as "7:30–15:30"."""
        return f"{clock(self.opens)}–{clock(self.closes)}"


def clock(moment: time) -> str:
    """A time of day without a leading zero: "7:30"."""
    return f"{moment.hour}:{moment.minute:02}"


def open_until(hours: Iterable[Hours], moment: datetime) -> time | None:
    """When the office closes if it is open at this local moment, else None."""
    for entry in hours:
        if moment.isoweekday() in entry.days and entry.opens <= moment.time() < entry.closes:
            return entry.closes
    return None


def weekday(number: int) -> str:
    """Name of an ISO weekday in the active language, small letters in Polish."""
    return str(_WEEKDAYS[number - 1])


def _runs(days: Iterable[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _run_label(run: list[int]) -> str:
    if len(run) > 2:
        return f"{weekday(run[0])}–{weekday(run[-1])}"
    return ", ".join(weekday(day) for day in run)
