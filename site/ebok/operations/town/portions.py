"""Portions of the town as bytes of neutral files, made by one process or by several.

Knows nothing of Django, so that the processes of a pool start quickly; what it must know of a dataset is
handed over in a `Sheet`.
"""

from __future__ import annotations

import csv
import io
import multiprocessing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from ebok.operations.town.rows import Row, Rows
from ebok.operations.town.town import GATHERED, Town

DELIMITER = ";"
_ALONE_UP_TO = 2_000
"""Customers for which other processes are not worth starting."""


@dataclass(frozen=True)
class Sheet:
    """What is summed in the rows of a dataset: name and place of each column."""

    key: str
    totals: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Text:
    """Rows of one dataset as they stand in its file, with their number and the sums of the columns."""

    content: bytes
    rows: int
    totals: tuple[Decimal, ...]


Portion = Mapping[str, Text]


def portions(town: Town, sheets: Sequence[Sheet], *, processes: int = 1) -> Iterator[Portion]:
    """The whole town in order; the bytes do not depend on the number of processes."""
    yield texts(town.common(), sheets)
    starts = range(1, town.customers + 1, GATHERED)
    make = partial(_customers, town, sheets)
    if processes < 2 or town.customers <= _ALONE_UP_TO:
        yield from map(make, starts)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap(make, starts)


def _customers(town: Town, sheets: Sequence[Sheet], first: int) -> Portion:
    return texts(town.portion(first, min(first + GATHERED, town.customers + 1)), sheets)


def texts(gathered: Rows, sheets: Sequence[Sheet]) -> Portion:
    """Gathered rows as bytes; datasets without rows are left out."""
    return {sheet.key: _text(gathered.of[sheet.key], sheet) for sheet in sheets if gathered.of[sheet.key]}


def _text(rows: Sequence[Row], sheet: Sheet) -> Text:
    totals = tuple(sum_of(row[place] for row in rows) for _name, place in sheet.totals)
    return Text(encoded(rows), len(rows), totals)


def sum_of(cells: Iterable[str]) -> Decimal:
    """The sum of the cells that are not empty."""
    return sum(map(Decimal, filter(None, cells)), Decimal(0))


def encoded(rows: Iterable[Row]) -> bytes:
    """Rows as CSV: UTF-8, semicolons, quotes where they are needed, a line feed after each row."""
    out = io.StringIO()
    csv.writer(out, delimiter=DELIMITER, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
