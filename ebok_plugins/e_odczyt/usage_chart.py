"""Usage of the last twelve months as bars beside the year before (F10), from what the readings counted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from ebok.billing.queries import Metered, metered_usage
from ebok.billing.spreading import ByMonth, by_month, end_of, last_months, month_of, months_before
from ebok.customers.models import Customer
from ebok.look.charts import BarChart, Point, bar_chart
from ebok.look.dates import written
from ebok.look.templatetags.eb import HARD, decimal

MONTHS = 12
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Usage:
    """The chart and the sentence that says what it means."""

    chart: BarChart
    sentence: str


def usage_of(customer: Customer, today: date) -> Metered:
    """What was counted in the last two years; one query."""
    return metered_usage(customer, months_before(month_of(today), 2 * MONTHS + 1))


def year_of(metered: Metered, meters: Collection[int], unit: str, today: date) -> Usage | None:
    """Twelve months of these meters; None where nothing was counted."""
    stretches = metered.stretches(meters)
    if not stretches:
        return None
    last = max(stretch.last for stretch in stretches)
    newest = month_of(last)
    if end_of(newest) - last > timedelta(days=3):
        # A month cut off would look like saving.
        newest = months_before(newest, 1)
    amounts = by_month(stretches)
    known = month_of(min(stretch.first for stretch in stretches))
    months = last_months(newest, MONTHS)
    chart = bar_chart(
        [_point(month, amounts, known) for month in months],
        title=_("Usage by month"),
        unit=unit,
        period_label=_("Month"),
        series=_("usage"),
        now_label=_("newest"),
        reference=_("a year earlier") if known <= months_before(newest, MONTHS) else "",
    )
    total = sum((amounts.get(month, Decimal(0)) for month in months), Decimal(0))
    return Usage(chart, _("%(total)s in 12 months.") % {"total": f"{decimal(total, 0)}{HARD}{unit}"})


def _point(month: date, amounts: ByMonth, known: date) -> Point:
    earlier = months_before(month, MONTHS)
    reference = amounts.get(earlier, Decimal(0)) if earlier >= known else None
    return Point(
        label=written(month, "F Y"),
        short=written(month, "b").lower(),
        value=amounts.get(month, Decimal(0)).quantize(TENTH),
        reference=None if reference is None else reference.quantize(TENTH),
    )
