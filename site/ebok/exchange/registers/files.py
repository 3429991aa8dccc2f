"""Registers as CSV and XLSX: streamed, in the order of the list, without live formulas."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.utils import timezone

from ebok.exchange.registers.columns import Shown, State
from ebok.ports.spreadsheets import neutralise, new_workbook, text_cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS_OF_XLSX = 100_000
"""A workbook cannot be streamed; what is longer goes as CSV."""


class TooLong(Exception):
    """The list has more rows than a workbook may have."""


def as_csv(rows: Iterable[Any], columns: Sequence[Shown]) -> Iterator[str]:
    """Lines of a CSV file as Polish spreadsheets read it: byte order mark, semicolons, decimal commas."""
    yield "\ufeff" + _line([str(column.title) for column in columns])
    for row in rows:
        yield _line([_written(column.value(row)) for column in columns])


def as_xlsx(rows: Iterable[Any], columns: Sequence[Shown], title: str) -> IO[bytes]:
    """A workbook with one sheet, text typed as text; in a temporary file. Raises `TooLong`."""
    book = new_workbook()
    sheet = book.create_sheet("".join(sign for sign in title if sign not in "[]:*?/\\")[:31])
    sheet.append([_cell(sheet, str(column.title)) for column in columns])
    for number, row in enumerate(rows):
        if number == MOST_ROWS_OF_XLSX:
            raise TooLong
        sheet.append([_cell(sheet, column.value(row)) for column in columns])
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book.save(file)
    file.seek(0)
    return file


def _line(values: Sequence[Any]) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerow(values)
    return file.getvalue()


def _written(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else neutralise(str(value))


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, State):
        value = str(value)
    if not isinstance(value, str):
        return value
    return text_cell(sheet, neutralise(value))
