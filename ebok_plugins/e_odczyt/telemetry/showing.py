"""Charts of remote states: days of a month, hours of a day, and the sentence above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from ebok.look.charts import BarChart, Point, bar_chart
from ebok.look.dates import written
from ebok.look.templatetags.eb import day_month
from ebok_plugins.e_odczyt.telemetry import wording
from ebok_plugins.e_odczyt.telemetry.days import Day, by_day
from ebok_plugins.e_odczyt.telemetry.detecting import WARSAW
from ebok_plugins.e_odczyt.telemetry.series import Series

DAYS = 12
HALF = 2
"""Hours of one bar: twelve of them fit on a phone."""


@dataclass(frozen=True)
class Shown:
    """A chart, what it means, and all the numbers."""

    chart: BarChart
    sentence: str
    rows: Sequence[tuple[str, str]]
    """Label and amount of what the table shows: days, or single hours."""
    heading: str


def midnight(on: date) -> datetime:
    """The local beginning of a day."""
    return datetime.combine(on, time(), WARSAW)


def span_of_days(last: date) -> tuple[datetime, datetime]:
    """The time of the chart of days that ends with this day; a day before, for the step over midnight."""
    return midnight(last - timedelta(days=DAYS)), midnight(last + timedelta(days=1)) + timedelta(hours=3)


def span_of_hours(on: date) -> tuple[datetime, datetime]:
    """The time of the chart of one day, a little wider on both sides."""
    return midnight(on) - timedelta(hours=3), midnight(on + timedelta(days=1)) + timedelta(hours=3)


def days_chart(series: Series, last: date) -> Shown:
    """Twelve days, the newest on the right; a day of which too little is known has no height."""
    known = {day.on: day for day in by_day(series, WARSAW)}
    wanted = [last - timedelta(days=DAYS - 1 - number) for number in range(DAYS)]
    points = [_day_point(on, known.get(on)) for on in wanted]
    told = [day.litres for on in wanted if (day := known.get(on)) is not None and day.litres is not None]
    rows = [(point.label, point.exact) for point in reversed(points)]
    return Shown(
        chart=bar_chart(
            points,
            title=_("Water by day, in litres"),
            unit="l",
            period_label=_("Day"),
            series=_("litres a day"),
        ),
        sentence=_("%(amount)s in %(count)d days, %(day)s a day in the middle.")
        % {
            "amount": wording.amount(sum(told)),
            "count": len(told),
            "day": wording.amount(sum(told) / len(told)),
        }
        if told
        else _("Nothing is known of these days."),
        rows=rows,
        heading=_("Day"),
    )


def hours_chart(series: Series, on: date) -> Shown:
    """The hours of a day, two in a bar; the table has each hour."""
    begin, end = midnight(on), midnight(on + timedelta(days=1))
    amounts = _by_hour(series, begin, end)
    bars: dict[int, float] = {}
    for local_hour, _label, litres in amounts:
        if litres is not None:
            bars[local_hour // HALF] = bars.get(local_hour // HALF, 0.0) + litres
    points = [
        Point(
            label=f"{number * HALF}:00–{number * HALF + HALF}:00",
            short=str(number * HALF),
            value=Decimal(round(bars.get(number, 0))),
            exact=_litres(bars.get(number)),
        )
        for number in range(24 // HALF)
    ]
    told = [litres for _hour, _label, litres in amounts if litres is not None]
    least = min(told) if told else 0.0
    words = {"amount": wording.amount(sum(told)), "day": day_month(on), "least": wording.amount(least)}
    if not told:
        sentence = _("Nothing is known of this day.")
    elif least > 0:
        sentence = _("%(amount)s on %(day)s; at least %(least)s in every hour.") % words
    else:
        sentence = _("%(amount)s on %(day)s; in the quietest hour nothing.") % words
    return Shown(
        chart=bar_chart(
            points,
            title=_("Water by hour on %(day)s, in litres") % words,
            unit="l",
            period_label=_("Hours"),
            series=_("litres in two hours"),
        ),
        sentence=sentence,
        rows=[(label, _litres(litres)) for _hour, label, litres in amounts],
        heading=_("Hour"),
    )


def _by_hour(series: Series, begin: datetime, end: datetime) -> list[tuple[int, str, float | None]]:
    """Local hour, words and litres of each real hour of the day; None where nothing is known."""
    found: list[tuple[int, str, float | None]] = []
    moment = begin.astimezone(ZoneInfo("UTC"))
    while moment < end:
        after = moment + timedelta(hours=1)
        shares = [
            step.litres * ((min(step.end, after) - max(step.begin, moment)) / (step.end - step.begin))
            for step in series.steps
            if step.begin < after and step.end > moment and step.hours <= 3
        ]
        local = moment.astimezone(WARSAW)
        found.append((local.hour, written(local, "G:i"), max(0.0, sum(shares)) if shares else None))
        moment = after
    return found


def _day_point(on: date, day: Day | None) -> Point:
    litres = day.litres if day is not None else None
    return Point(
        label=day_month(on),
        short=str(on.day),
        value=Decimal(max(0, litres or 0)),
        exact=_litres(litres),
    )


def _litres(litres: float | None) -> str:
    return "–" if litres is None else str(round(litres))
