"""Bar charts drawn on the server: heights in percent of a small SVG for each bar. No Django models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Number = int | float | Decimal

SHORT = 2
"""Signs of a number that fit under a bar on the narrowest phone."""


@dataclass(frozen=True)
class Point:
    """One period: its long and short name, its value, and the value to compare with (or None).

    `exact` and `reference_exact` stand in the table where the bar has room only for something rounder.
    """

    label: str
    short: str
    value: Number
    reference: Number | None = None
    exact: str = ""
    reference_exact: str = ""


@dataclass(frozen=True)
class Bar:
    """A drawn bar. `top` and `height` are percent of the drawing, written with a dot."""

    label: str
    short: str
    value_text: str
    top: str
    height: str
    reference_text: str
    reference_top: str | None
    is_now: bool
    exact_text: str = ""
    reference_exact_text: str = ""


@dataclass(frozen=True)
class BarChart:
    """What `components/chart.html` draws: words and bars."""

    title: str
    unit: str
    period_label: str
    series: str
    bars: Sequence[Bar]
    now_label: str = ""
    reference: str = ""

    @property
    def is_long(self) -> bool:
        """Whether the numbers under the bars are too long to stand side by side on a phone."""
        return any(len(bar.value_text) > SHORT for bar in self.bars)


def bar_chart(
    points: Sequence[Point],
    *,
    title: str,
    unit: str,
    period_label: str,
    series: str,
    now_label: str = "",
    reference: str = "",
) -> BarChart:
    """A chart that starts at zero; the highest value or reference leaves a little air above.

    With `now_label` the last bar is marked as the newest. Negative values are drawn as zero:
    a correction has no height, its number still stands under the bar and in the table.
    """
    highest = max(
        [0.0, *(float(value) for point in points for value in (point.value, point.reference) if value)]
    )
    scale = 92.3 / highest if highest else 0.0

    def top(value: Number) -> float:
        return 100 - max(0.0, float(value)) * scale

    bars = [
        Bar(
            label=point.label,
            short=point.short,
            value_text=_written(point.value),
            top=f"{top(point.value):.1f}",
            height=f"{100 - top(point.value):.1f}",
            reference_text="" if point.reference is None else _written(point.reference),
            reference_top=None if point.reference is None else f"{top(point.reference):.1f}",
            is_now=bool(now_label) and index == len(points) - 1,
            exact_text=point.exact,
            reference_exact_text=point.reference_exact,
        )
        for index, point in enumerate(points)
    ]
    return BarChart(title, unit, period_label, series, bars, now_label, reference)


def _written(value: Number) -> str:
    """Up to two decimals, none that are zero, a comma between: "9", "9,5"."""
    return f"{Decimal(str(value)):.2f}".rstrip("0").rstrip(".").replace(".", ",").replace("-", "\u2212")
