"""Charts of months and years, and the sentence that says what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from ebok.billing.spreading import (
    ByMonth,
    Stretch,
    days_covered,
    end_of,
    last_months,
    month_of,
    months_before,
)
from ebok.look.charts import BarChart, Point, bar_chart
from ebok.look.dates import written
from ebok.look.templatetags.eb import HARD, decimal, money_text

YEAR = 12
MOST_YEARS = 5
ZLOTY = "zł"
TENTH, WHOLE = Decimal("0.1"), Decimal(1)
LARGE = Decimal(1000)
"""From here on a month's bar says no fractions: there is no room for them."""


@dataclass(frozen=True)
class Comparison:
    """A year of months beside the year before, and what both add up to."""

    chart: BarChart
    total: Decimal
    before: Decimal | None
    """None when the year before is not known to its end."""
    sentence: str


def newest_month(stretches: Sequence[Stretch], today: date) -> date:
    """The last month that was counted to its end, nearly: a month cut off would look like saving.

    Where there is only a month that has just begun, it is that one.
    """
    if not stretches:
        return months_before(month_of(today), 1)
    last = max(stretch.last for stretch in stretches)
    month = month_of(last)
    if end_of(month) - last <= timedelta(days=3):
        return month
    earlier = months_before(month, 1)
    return earlier if min(stretch.first for stretch in stretches) <= end_of(earlier) else month


def year_of_months(
    by_month: ByMonth,
    newest: date,
    *,
    title: str,
    unit: str,
    series: str,
    now_label: str = "",
    known_since: date | None = None,
    is_calendar_year: bool = False,
) -> Comparison:
    """Twelve months up to `newest`, each beside the same month a year earlier.

    Months before `known_since` have no line: nothing is known of them, and nothing is not zero.
    """
    months = last_months(newest, YEAR)
    known = month_of(known_since) if known_since else None
    points = [_point(month, by_month, known, unit) for month in months]
    total = sum((by_month.get(month, Decimal(0)) for month in months), Decimal(0))
    earlier = [months_before(month, YEAR) for month in months]
    is_known = known is not None and known <= earlier[0]
    before = sum((by_month.get(month, Decimal(0)) for month in earlier), Decimal(0)) if is_known else None
    has_reference = any(point.reference is not None for point in points)
    return Comparison(
        chart=bar_chart(
            points,
            title=title,
            unit=unit,
            period_label=_("Month"),
            series=series,
            now_label=now_label,
            reference=_("a year earlier") if has_reference else "",
        ),
        total=total,
        before=before,
        sentence=_sentence(total, before, unit, newest, is_calendar_year=is_calendar_year),
    )


def years_chart(totals: Mapping[int, Decimal], *, title: str, unit: str, series: str) -> BarChart:
    """One bar for each year."""
    points = [
        Point(str(year), str(year), _short(totals[year], unit), exact=_exact(totals[year], unit))
        for year in sorted(totals)
    ]
    return bar_chart(points, title=title, unit=unit, period_label=_("Year"), series=series)


def daily(total: Decimal, stretches: Sequence[Stretch], first: date, last: date) -> Decimal | None:
    """The average day between these days, counting only days that were measured; None for none."""
    inside = [
        Stretch(max(stretch.first, first), min(stretch.last, last), stretch.amount)
        for stretch in stretches
        if stretch.last >= first and stretch.first <= last
    ]
    days = days_covered(inside)
    return total / days if days else None


def quantity(value: Decimal, unit: str) -> str:
    """ "94 m³", "7,5 m³", "2713,40 zł"."""
    if unit == ZLOTY:
        return str(money_text(value))
    places = 0 if value == value.to_integral_value() or abs(value) >= LARGE else 1
    return f"{decimal(value.quantize(TENTH if places else WHOLE, ROUND_HALF_UP), places)}{HARD}{unit}"


def _sentence(
    total: Decimal, before: Decimal | None, unit: str, newest: date, *, is_calendar_year: bool
) -> str:
    words = {"total": quantity(total, unit), "year": newest.year}
    if before is None:
        said = _("%(total)s in %(year)s.") if is_calendar_year else _("%(total)s in 12 months.")
        return said % words
    words["difference"] = quantity(abs(total - before), unit)
    if is_calendar_year:
        less, more, same = (
            _("%(total)s in %(year)s, %(difference)s less than a year earlier."),
            _("%(total)s in %(year)s, %(difference)s more than a year earlier."),
            _("%(total)s in %(year)s, as much as a year earlier."),
        )
    else:
        less, more, same = (
            _("%(total)s in 12 months, %(difference)s less than a year earlier."),
            _("%(total)s in 12 months, %(difference)s more than a year earlier."),
            _("%(total)s in 12 months, as much as a year earlier."),
        )
    return (less if total < before else more if total > before else same) % words


def _point(month: date, by_month: ByMonth, known: date | None, unit: str) -> Point:
    earlier = months_before(month, YEAR)
    value = by_month.get(month, Decimal(0))
    reference = by_month.get(earlier, Decimal(0)) if known is not None and earlier >= known else None
    return Point(
        label=written(month, "F Y"),
        short=written(month, "b").lower(),
        value=_short(value, unit),
        reference=None if reference is None else _short(reference, unit),
        exact=_exact(value, unit),
        reference_exact="" if reference is None else _exact(reference, unit),
    )


def _short(value: Decimal, unit: str) -> Any:
    """As exact as there is room under a bar."""
    return value.quantize(WHOLE if unit == ZLOTY or abs(value) >= LARGE else TENTH, ROUND_HALF_UP)


def _exact(value: Decimal, unit: str) -> str:
    """As the table says it: grosze, and quantities without needless zeros."""
    if unit == ZLOTY:
        return str(decimal(value, 2))
    exponent = value.normalize().as_tuple().exponent
    return str(decimal(value, max(0, -exponent if isinstance(exponent, int) else 0)))
