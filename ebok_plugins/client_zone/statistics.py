"""Statistics of a customer (F10): of what the reader chose, by month and year, in quantity and money."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from ebok.billing.queries import Metered, MeterFacts, billed_usage, charges_over
from ebok.billing.spreading import ByMonth, Stretch, by_month, end_of, last_months, month_of
from ebok.customers.models import Customer, ServicePoint
from ebok.look.charts import BarChart
from ebok.look.templatetags.eb import HARD, decimal, price
from ebok_plugins.client_zone import charts
from ebok_plugins.client_zone.charts import MOST_YEARS, YEAR, ZLOTY, Comparison

Groups = list[tuple[str, list[tuple[str, str]]]]
"""Heading to (value, words) of a select."""
PER_UNIT = Decimal("0.01")


@dataclass(frozen=True)
class Choice:
    """What the statistics are about: all meters of a unit, one point, or one meter.

    `points` are the codes of which invoice lines are summed; None is all of them.
    """

    value: str
    title: str
    unit: str
    meters: frozenset[int]
    points: tuple[str, ...] | None
    meter_number: str = ""


@dataclass(frozen=True)
class YearRow:
    """One year in figures; None where something is not known."""

    year: int
    quantity: Decimal | None
    daily: Decimal | None
    amount: Decimal | None
    per_unit: Decimal | None
    is_whole: bool


@dataclass(frozen=True)
class Statistics:
    """Everything the page shows."""

    choice: Choice
    usage: Comparison | None
    daily: str
    amounts: Comparison | None
    per_unit: str
    years: list[YearRow]
    years_usage: BarChart | None
    years_amounts: BarChart | None


@dataclass(frozen=True)
class Network:
    """The points and meters one may choose from; the points by id."""

    metered: Metered
    points: dict[int, ServicePoint] = field(default_factory=dict)

    def choices(self) -> list[Choice]:
        """All of a unit first, then each point, then each meter (where there are several)."""
        units = self.metered.units
        found = [self._all_of(unit, alone=len(units) == 1) for unit in units]
        meters = self.metered.meters
        for point in self.points.values():
            own = {key for key, facts in meters.items() if facts.point_id == point.pk}
            found += [self._point(point, unit, own) for unit in sorted({meters[key].unit for key in own})]
            if not own:
                found.append(self._bare(point))
        if len(meters) > 1:
            found += [self._meter(key, facts) for key, facts in meters.items() if facts.number]
        return found or [Choice("", _("Everything on your invoices"), "", frozenset(), None)]

    def groups(self, choices: Sequence[Choice]) -> Groups:
        """The same for a select with headings."""
        titles = {"w": _("All meters"), "p": _("Points"), "l": _("Meters"), "": _("Invoices")}
        found: dict[str, list[tuple[str, str]]] = {}
        for choice in choices:
            found.setdefault(choice.value[:1], []).append((choice.value, choice.title))
        return [(titles[key], options) for key, options in found.items()]

    def _all_of(self, unit: str, *, alone: bool) -> Choice:
        main = self.metered.main_meters(unit)
        places = {self.metered.meters[key].point_id for key in main}
        # Where all meters count the same, charges without a meter belong to the same bill.
        codes = None if alone else tuple(sorted(p.code for p in self.points.values() if p.pk in places))
        return Choice(f"w{unit}", _("All meters (%(unit)s)") % {"unit": unit}, unit, frozenset(main), codes)

    def _point(self, point: ServicePoint, unit: str, own: Collection[int]) -> Choice:
        meters = self.metered.meters
        chosen = {key for key in own if meters[key].unit == unit}
        main = {key for key in chosen if meters[key].counts} or chosen
        title = f"{_place(point)} ({unit})"
        return Choice(f"p{point.pk}{unit}", title, unit, frozenset(main), (point.code,))

    def _bare(self, point: ServicePoint) -> Choice:
        return Choice(f"p{point.pk}", _place(point), "", frozenset(), (point.code,))

    def _meter(self, key: int, facts: MeterFacts) -> Choice:
        title = " · ".join(filter(None, (facts.number, facts.point)))
        return Choice(f"l{key}", f"{title} ({facts.unit})", facts.unit, frozenset({key}), None, facts.number)


def since_of(today: date) -> date:
    """From when on everything is read: whole years, as many as are compared."""
    return date(today.year - MOST_YEARS + 1, 1, 1)


def years_of(stretches: Sequence[Stretch], today: date) -> list[int]:
    """Calendar years of which something is known, the newest first."""
    since = since_of(today).year
    return sorted(
        {day.year for s in stretches for day in (s.first, s.last) if day.year >= since}, reverse=True
    )


class Counting:
    """Counts for one choice. `sees_bills` and `sees_readings` say what the reader may see."""

    def __init__(
        self, customer: Customer, network: Network, choice: Choice, today: date, *, sees_bills: bool
    ) -> None:
        self.choice, self.today = choice, today
        since = since_of(today)
        self.measured = network.metered.stretches(choice.meters)
        self.unit = choice.unit
        if not network.metered.readings and not choice.meters and sees_bills:
            self.measured, self.unit = _billed(customer, since)
        self.charged = (
            [
                charge.stretch
                for charge in charges_over(
                    customer, since, points=choice.points, meter_number=choice.meter_number
                )
            ]
            if sees_bills
            else []
        )

    @property
    def years(self) -> list[int]:
        """Years one may choose."""
        return years_of([*self.measured, *self.charged], self.today)

    def count(self, year: int | None) -> Statistics:
        """The figures of the last twelve months, or of a calendar year."""
        used, paid = by_month(self.measured), by_month(self.charged)
        newest = date(year, 12, 1) if year else self._newest()
        usage = self._usage(used, newest, year) if self.measured else None
        amounts = self._amounts(paid, newest, year) if self.charged else None
        rows = [self._year(number, used, paid) for number in self.years[:MOST_YEARS]]
        quantities = {row.year: row.quantity for row in rows if row.quantity is not None}
        sums = {row.year: row.amount for row in rows if row.amount is not None}
        return Statistics(
            choice=self.choice,
            usage=usage,
            daily=self._daily(usage, newest),
            amounts=amounts,
            per_unit=self._per_unit(used, paid, newest),
            years=rows,
            years_usage=charts.years_chart(
                quantities,
                title=_("Usage by year, in %(unit)s") % {"unit": self.unit},
                unit=self.unit,
                series=_("usage"),
            )
            if len(quantities) > 1
            else None,
            years_amounts=charts.years_chart(
                sums, title=_("Amounts by year, in zł"), unit=ZLOTY, series=_("amount with VAT")
            )
            if len(sums) > 1
            else None,
        )

    def _newest(self) -> date:
        return charts.newest_month(self.measured or self.charged, self.today)

    def _usage(self, used: ByMonth, newest: date, year: int | None) -> Comparison:
        return charts.year_of_months(
            used,
            newest,
            title=_("Usage by month, in %(unit)s") % {"unit": self.unit},
            unit=self.unit,
            series=str(year) if year else _("last 12 months"),
            now_label="" if year else _("newest month"),
            known_since=min(stretch.first for stretch in self.measured),
            is_calendar_year=year is not None,
        )

    def _amounts(self, paid: ByMonth, newest: date, year: int | None) -> Comparison:
        return charts.year_of_months(
            paid,
            newest,
            title=_("Amounts by month, in zł"),
            unit=ZLOTY,
            series=str(year) if year else _("last 12 months"),
            now_label="" if year else _("newest month"),
            known_since=min(stretch.first for stretch in self.charged),
            is_calendar_year=year is not None,
        )

    def _daily(self, usage: Comparison | None, newest: date) -> str:
        if usage is None:
            return ""
        first, last = last_months(newest, YEAR)[0], end_of(newest)
        average = charts.daily(usage.total, self.measured, first, last)
        return "" if average is None else f"{decimal(_rounded(average), 2)}{HARD}{self.unit}"

    def _per_unit(self, used: ByMonth, paid: ByMonth, newest: date) -> str:
        """Only of months of which both are known: a bill still to come would make water look cheap."""
        months = [month for month in last_months(newest, YEAR) if month in used and month in paid]
        quantity = sum((used[month] for month in months), Decimal(0))
        amount = sum((paid[month] for month in months), Decimal(0))
        return f"{price(_rounded(amount / quantity))}{HARD}zł" if quantity > 0 and amount > 0 else ""

    def _year(self, year: int, used: ByMonth, paid: ByMonth) -> YearRow:
        quantity, amount = _in_year(used, year), _in_year(paid, year)
        both = [month for month in used if month.year == year and month in paid]
        used_of_both = sum((used[month] for month in both), Decimal(0))
        paid_of_both = sum((paid[month] for month in both), Decimal(0))
        first, last = date(year, 1, 1), date(year, 12, 31)
        days = charts.daily(quantity, self.measured, first, last) if quantity is not None else None
        months = {month for month in (used or paid) if month.year == year}
        return YearRow(
            year=year,
            quantity=quantity,
            daily=None if days is None else _rounded(days),
            amount=amount,
            per_unit=_rounded(paid_of_both / used_of_both) if used_of_both > 0 else None,
            is_whole=len(months) == YEAR and month_of(self.today).year > year,
        )


def _in_year(found: ByMonth, year: int) -> Decimal | None:
    inside = [part for month, part in found.items() if month.year == year]
    return sum(inside, Decimal(0)) if inside else None


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(PER_UNIT, ROUND_HALF_UP)


def _billed(customer: Customer, since: date) -> tuple[list[Stretch], str]:
    """What invoices say was used, in the unit of most of them: for people without a meter."""
    rows = billed_usage(customer, since)
    units = [unit for _stretch, unit in rows]
    unit = max(set(units), key=units.count) if units else ""
    return [stretch for stretch, own in rows if own == unit], unit


def _place(point: ServicePoint) -> str:
    address: Any = point.street and f"{point.street} {point.house}{'/' + point.flat if point.flat else ''}"
    return " · ".join(filter(None, (point.name or point.code, address)))
