"""Tables written as CSV, JSON Lines or a workbook: the same rows always give the same bytes."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, Self

from django.utils.translation import gettext as _

from ebok.ports.spreadsheets import new_workbook, text_cell

DELIMITER = ";"
MOST_ROWS_OF_A_SHEET = 1_048_575
"""Excel's limit without the header (ECMA-376 has none; Excel specifications and limits)."""

_BEGINNING = datetime(1980, 1, 1)  # noqa: DTZ001 (the first moment a ZIP can say; it knows no zones)


class TooManyRows(Exception):
    """A worksheet cannot hold so many rows; `sentence` says what to do."""

    def __init__(self) -> None:
        self.sentence = _("A worksheet holds at most %(most)s rows. Export as CSV instead.") % {
            "most": MOST_ROWS_OF_A_SHEET
        }
        super().__init__(self.sentence)


class TableFile(Protocol):
    """A file being written; leaving the block finishes it."""

    def __init__(self, path: Path, headers: Sequence[str]) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...

    def write(self, cells: Sequence[str]) -> None:
        """Add one row."""
        ...


class CsvFile:
    """UTF-8 without a mark, semicolons, line feeds: the neutral file."""

    def __init__(self, path: Path, headers: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, delimiter=DELIMITER, lineterminator="\n")
        self._writer.writerow(headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def write(self, cells: Sequence[str]) -> None:
        """Add one row."""
        self._writer.writerow(cells)


class JsonLinesFile:
    """One object in each line; empty cells are null, so that every line has every key.

    A file without rows holds `{"": [headers]}`, which an import reads as a header.
    """

    def __init__(self, path: Path, headers: Sequence[str]) -> None:
        self._headers = list(headers)
        self._empty = True
        self._file = path.open("w", encoding="utf-8", newline="\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._empty:
            self._file.write(json.dumps({"": self._headers}, ensure_ascii=False) + "\n")
        self._file.close()

    def write(self, cells: Sequence[str]) -> None:
        """Add one row."""
        self._empty = False
        row = {header: cell or None for header, cell in zip(self._headers, cells, strict=True)}
        self._file.write(json.dumps(row, ensure_ascii=False) + "\n")


class WorkbookFile:
    """One sheet of texts: nothing in it is a formula, and no number loses its zeros."""

    def __init__(self, path: Path, headers: Sequence[str]) -> None:
        self._path = path
        self._book = new_workbook()
        self._sheet: Any = self._book.create_sheet("1")
        self._rows = -1
        self.write(headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if exception[0] is not None:
            self._sheet.close()
            return
        self._book.properties.created = self._book.properties.modified = _BEGINNING
        raw = self._path.with_name(f"{self._path.name}.raw")
        try:
            self._book.save(raw)
            _without_moments(raw, self._path)
        finally:
            raw.unlink(missing_ok=True)

    def write(self, cells: Sequence[str]) -> None:
        """Add one row. Raises `TooManyRows`."""
        self._rows += 1
        if self._rows > MOST_ROWS_OF_A_SHEET:
            raise TooManyRows
        self._sheet.append([text_cell(self._sheet, cell) for cell in cells])


def _without_moments(source: Path, target: Path) -> None:
    """Copy a ZIP so that it does not tell when it was made."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            entry = zipfile.ZipInfo(name, _BEGINNING.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            with old.open(name) as reading, new.open(entry, "w", force_zip64=True) as writing:
                if name == "docProps/core.xml":
                    writing.write(_core_without_moments(reading.read()))
                else:
                    shutil.copyfileobj(reading, writing)


def _core_without_moments(core: bytes) -> bytes:
    # Saving writes the present moment over the one that was set.
    before, mark, rest = core.partition(b"<dcterms:modified")
    if not mark:
        return core
    _moment, _end, after = rest.partition(b"</dcterms:modified>")
    return before + after


FORMS_OF_FILE: dict[str, Callable[[Path, Sequence[str]], Any]] = {
    "csv": CsvFile,
    "jsonl": JsonLinesFile,
    "xlsx": WorkbookFile,
}
"""Ending of the file's name to what writes it."""
