"""A figure with its limit, the table of them, and how a process of its own hands them over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One line of the table. `firm`: the same on every machine, so missing the limit fails the bench."""

    name: str
    limit: str
    value: str
    good: bool | None
    firm: bool = False

    @property
    def verdict(self) -> str:
        """The last column."""
        if self.good is None:
            return ""
        return "holds" if self.good else ("FAILS" if self.firm else "misses (a time: not an error)")


def at_least(name: str, limit: float, value: float, told: str = "", *, firm: bool = False) -> Figure:
    """A ratio that must not be less than its limit."""
    return Figure(name, f"≥ {limit:g}", f"{value:.2f}{_behind(told)}", value >= limit, firm)


def at_most(
    name: str, limit: float, value: float, told: str = "", *, unit: str = "", firm: bool = False
) -> Figure:
    """A ratio or an amount that must not be more than its limit."""
    shown = f"{value:.2f}" if not unit else f"{value:.1f} {unit}"
    return Figure(name, f"≤ {limit:g} {unit}".strip(), f"{shown}{_behind(told)}", value <= limit, firm)


def told(name: str, value: str) -> Figure:
    """A figure without a limit."""
    return Figure(name, "", value, None)


def _behind(words: str) -> str:
    return f" ({words})" if words else ""


def print_table(figures: Iterable[Figure]) -> None:
    """Figure, limit, value, verdict."""
    rows = [("figure", "limit", "value", "verdict")]
    rows += [(figure.name, figure.limit, figure.value, figure.verdict) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for number, row in enumerate(rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))


def write(path: Path, figures: Iterable[Figure]) -> None:
    """Hand figures over to the process that prints them."""
    path.write_text(json.dumps([asdict(figure) for figure in figures]))


def read(path: Path) -> list[Figure]:
    """Figures another process has written."""
    return [Figure(**figure) for figure in json.loads(path.read_text())]
