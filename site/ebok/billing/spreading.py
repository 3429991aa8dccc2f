"""Quantities and amounts of a stretch of days, shared out over the months it touches. No Django."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

ByMonth = dict[date, Decimal]
"""The first day of a month to what falls into it."""


class Stretch(NamedTuple):
    """So much of something between two days, both included."""

    first: date
    last: date
    amount: Decimal


def month_of(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)


def months_before(month: date, count: int) -> date:
    """The first day of the month `count` months earlier."""
    place = month.year * 12 + month.month - 1 - count
    return date(place // 12, place % 12 + 1, 1)


def last_months(newest: date, count: int) -> list[date]:
    """The first days of `count` months up to that of `newest`, the oldest first."""
    return [months_before(month_of(newest), back) for back in range(count - 1, -1, -1)]


def end_of(month: date) -> date:
    """The last day of the month."""
    return months_before(month, -1) - timedelta(days=1)


def spread(stretch: Stretch) -> ByMonth:
    """Shared out by days; the parts are rounded like the whole and add up to it exactly."""
    first, last, amount = stretch
    days = (last - first).days + 1
    if days <= 0 or month_of(first) == month_of(last):
        return {month_of(last): amount}
    found: ByMonth = {}
    given, month = Decimal(0), month_of(first)
    exponent = Decimal((0, (1,), int(amount.as_tuple().exponent)))
    while month <= last:
        passed = (min(end_of(month), last) - first).days + 1
        so_far = amount if passed == days else (amount * passed / days).quantize(exponent)
        found[month] = so_far - given
        given, month = so_far, months_before(month, -1)
    return found


def by_month(stretches: Iterable[Stretch]) -> ByMonth:
    """All of them together."""
    found: ByMonth = {}
    for stretch in stretches:
        for month, part in spread(stretch).items():
            found[month] = found.get(month, Decimal(0)) + part
    return found


def days_covered(stretches: Iterable[Stretch]) -> int:
    """How many days the stretches cover together, days that several cover counted once."""
    covered, until = 0, date.min
    for first, last, _amount in sorted(stretches):
        begin = max(first, until + timedelta(days=1)) if until > date.min else first
        if last >= begin:
            covered += (last - begin).days + 1
        until = max(until, last)
    return covered
