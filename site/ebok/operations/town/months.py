"""The months of the town's past, as whole numbers and as the text that stands in files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

PRICES_CHANGE = 6
"""New prices are valid from the first day of June."""


class _Days(dict[int, str]):
    """Days as files write them, each worked out once."""

    def __missing__(self, day: int) -> str:
        text = self[day] = date.fromordinal(day).isoformat()
        return text


class Month(NamedTuple):
    """One month; `first` and `last` are ordinals of days, `tariff_year` is the year its prices began."""

    place: int
    year: int
    number: int
    first: int
    last: int
    label: str
    tariff_year: int

    @property
    def days(self) -> int:
        """How many days it has."""
        return self.last - self.first + 1


class Calendar:
    """The `count` full months that end on or before `until`.

    Raises `ValueError` where the calendar has no such months.
    """

    def __init__(self, until: date, count: int) -> None:
        month = last_full_month(until)
        found = []
        for place in range(count - 1, -1, -1):
            found.append(_month(place, month))
            month -= timedelta(days=1)
            month = month.replace(day=1)
        self.months: Sequence[Month] = tuple(reversed(found))
        self.start = self.months[0].first - 1
        """The day of the readings the window begins with."""
        self.end = self.months[-1].last
        self.iso: Callable[[int], str] = _Days().__getitem__
        """The day as files write it."""

    @property
    def last_day(self) -> date:
        """The day the town's books were closed for the delivery."""
        return date.fromordinal(self.end)


def last_full_month(until: date) -> date:
    """The first day of the last month that is over when `until` is."""
    following = until + timedelta(days=1)
    if following.day == 1:
        return until.replace(day=1)
    return (until.replace(day=1) - timedelta(days=1)).replace(day=1)


def tariff_year(year: int, number: int) -> int:
    """The year in which the prices of a month began."""
    return year if number >= PRICES_CHANGE else year - 1


def _month(place: int, first: date) -> Month:
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Month(
        place,
        first.year,
        first.month,
        first.toordinal(),
        following.toordinal() - 1,
        f"{first.year}/{first.month:02d}",
        tariff_year(first.year, first.month),
    )
