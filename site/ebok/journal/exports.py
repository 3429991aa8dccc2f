"""The journal as CSV and XLSX, without live formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.journal.analysis_tables import Table
from ebok.journal.queries import Row
from ebok.ports.spreadsheets import neutralise, new_workbook, text_cell

MOST_ROWS = 100_000
"""More than this is not exported at once; the period is narrowed instead."""


def header() -> list[str]:
    """Titles of the columns."""
    return [
        _("Moment"),
        _("Kind"),
        _("Event text"),
        _("Who"),
        _("Address (IP)"),
        _("Device"),
        _("Object"),
        _("Customer"),
        _("Site"),
        _("Event"),
    ]


def cells(row: Row) -> list[Any]:
    """One row; what was erased is empty."""
    event, detail = row.event, row.detail
    return [
        timezone.localtime(event.moment).strftime("%Y-%m-%d %H:%M:%S"),
        row.kind_title,
        detail.text if detail else _("(erased)"),
        detail.actor_label if detail else "",
        (detail.address or "") if detail else "",
        detail.device if detail else "",
        f"{event.object_type} {event.object_id}".strip(),
        event.customer_id,
        event.site_id,
        str(event.id),
    ]


def as_csv(rows: Iterable[Row]) -> Iterator[str]:
    """Lines of a CSV file with a byte order mark and semicolons, as Polish spreadsheets expect it."""
    yield "\ufeff" + _line(header())
    for row in rows:
        yield _line(cells(row))


def as_xlsx(rows: Iterable[Row]) -> bytes:
    """A workbook with one sheet; text cells are typed as text, so even `=1+1` is only shown."""
    book = new_workbook()
    _add_sheet(book, _("Event journal"), header(), (cells(row) for row in rows))
    return _written(book)


def table_as_csv(table: Table) -> Iterator[str]:
    """One table of the analysis as the lines of a CSV file."""
    yield "\ufeff" + _line(list(table.columns))
    for row in table.rows:
        yield _line([cell.plain for cell in row])


def tables_as_xlsx(tables: Iterable[Table]) -> bytes:
    """The tables of the analysis as a workbook, a sheet each."""
    book = new_workbook()
    for table in tables:
        _add_sheet(book, table.title, table.columns, ([cell.plain for cell in row] for row in table.rows))
    return _written(book)


def _add_sheet(book: Any, title: str, titles: Iterable[str], rows: Iterable[list[Any]]) -> None:
    # A sheet's name has at most 31 characters.
    sheet = book.create_sheet(title[:31])
    sheet.append([_cell(sheet, name) for name in titles])
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])


def _written(book: Any) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _line(values: list[Any]) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerow([neutralise("" if value is None else value) for value in values])
    return file.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return text_cell(sheet, neutralise(value))
