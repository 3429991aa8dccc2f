"""Worksheets of XLSX workbooks, read as a stream with a parser that knows no entities.

Our own small reader instead of a library's, because libraries hold all shared strings in memory and believe
what a workbook says about its size. What may hold macros or look into other files is refused.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path, PurePosixPath
from typing import IO, Any
from xml.etree.ElementTree import ParseError  # only the exception; parsing is defusedxml's

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from ebok.exchange.mending import mended
from ebok.exchange.profiles.model import Profile
from ebok.exchange.sources.interface import BrokenRow, Cells, Part, SourceRefused
from ebok.exchange.sources.mapping import Mapping as CellMapping
from ebok.ports.datasets import Dataset

MOST_COLUMNS = 500
HIGHEST_RATIO = 250
UNSUSPICIOUS = 8 << 20
LARGEST_PIECE = 8 << 20
"""Bytes of XML between two rows, or two shared strings; more is no table."""
CACHED_STRINGS = 5000

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_QUOTED_OR_COLOUR = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]')
_DATE_FORMATS = frozenset({14, 15, 16, 17, 22, 27, 30, 36, 50, 57})
_TIME_FORMATS = frozenset({18, 19, 20, 21, 45, 46, 47})
_LAST_SERIAL = 2_958_466
"""The first day after the year 9999."""


class _Refused(Exception):
    """Raised inside the parser's reader; becomes a `SourceRefused` outside."""


@dataclass(frozen=True)
class _Formats:
    """Which styles show a number as a day, and from which day days are counted."""

    dates: frozenset[int]
    epoch: datetime


class Workbook:
    """An XLSX file with its visible worksheets. Raises `SourceRefused` for anything suspicious."""

    def __init__(self, path: Path, member: str) -> None:
        self.path = path
        self.member = member
        with self.open() as archive:
            self._refuse_dangers(archive)
            self.sheets = list(self._find_sheets(archive))
            self.formats = self._find_formats(archive)
            for sheet in self.sheets:
                sheet.read_header()

    @contextmanager
    def open(self) -> Iterator[zipfile.ZipFile]:
        """The archive; whatever goes wrong inside becomes a `SourceRefused`."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                yield archive
        except _Refused:
            raise self.refuse(_("it grows beyond all measure when it is unpacked")) from None
        except DefusedXmlException:
            raise self.refuse(_("it defines entities, as only harmful files do")) from None
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            KeyError,
        ) as error:
            raise self.refuse(_("it is damaged, cut off or protected by a password")) from error
        except ParseError as error:
            raise self.refuse(_("it is damaged: %(error)s") % {"error": error}) from error

    def refuse(self, why: str) -> SourceRefused:
        """The error to raise, with the workbook's name."""
        return SourceRefused(
            _("The workbook %(member)s cannot be read: %(why)s.") % {"member": self.member, "why": why}
        )

    def _refuse_dangers(self, archive: zipfile.ZipFile) -> None:
        for entry in archive.infolist():
            name = entry.filename.lower()
            if "vbaproject" in name or "/macrosheets/" in name or "/activex/" in name:
                raise self.refuse(_("it holds macros; save it as XLSX without them"))
            if "/externallinks/" in name:
                raise self.refuse(
                    _("it takes values from other files; paste them as values and save it again")
                )
        if "xl/workbook.xml" not in archive.namelist():
            raise self.refuse(_("it is not an Excel workbook"))

    def _find_sheets(self, archive: zipfile.ZipFile) -> Iterator[Sheet]:
        targets = {
            item.get("Id"): item.get("Target", "")
            for item in elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
        }
        for item in elements(archive, "xl/workbook.xml", "sheet"):
            target = targets.get(item.get(_RELATION) or _strict_id(item), "")
            place = PurePosixPath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
            is_visible = item.get("state", "visible") == "visible"
            if is_visible and "worksheets" in place.parts and str(place) in archive.namelist():
                yield Sheet(self, item.get("name", ""), str(place))

    def _find_formats(self, archive: zipfile.ZipFile) -> _Formats:
        own: dict[int, str] = {}
        dates: set[int] = set()
        if "xl/styles.xml" in archive.namelist():
            own = {
                int(item.get("numFmtId", "0")): item.get("formatCode", "")
                for item in elements(archive, "xl/styles.xml", "numFmt")
            }
            styles = _cell_styles(archive)
            dates = {place for place, format_id in enumerate(styles) if _shows_days(format_id, own)}
        for item in elements(archive, "xl/workbook.xml", "workbookPr"):
            if item.get("date1904") in {"1", "true"}:
                return _Formats(frozenset(dates), datetime(1904, 1, 1))  # noqa: DTZ001 (days have no zone)
        # Excel believes that 1900 was a leap year; from March 1900 on this is the day it counts from.
        return _Formats(frozenset(dates), datetime(1899, 12, 30))  # noqa: DTZ001


class Sheet:
    """One worksheet: its headers, and its rows as texts."""

    def __init__(self, workbook: Workbook, title: str, entry: str) -> None:
        self.workbook = workbook
        self.title = title
        self.entry = entry
        self.headers: list[str] = []
        self.header_row = 0

    def read_header(self) -> None:
        """Find the first row with anything in it."""
        with self.workbook.open() as archive, shared_strings(archive) as strings:
            for number, cells in self._all(archive, strings):
                if isinstance(cells, list) and any(cells):
                    self.headers, self.header_row = cells, number
                    return

    def rows(self) -> Iterator[tuple[int, list[str] | str]]:
        """The rows under the header that hold anything, or a sentence where one cannot be read."""
        with self.workbook.open() as archive, shared_strings(archive) as strings:
            for number, cells in self._all(archive, strings):
                if number > self.header_row and (isinstance(cells, str) or any(cells)):
                    yield number, cells

    def _all(self, archive: zipfile.ZipFile, strings: Sequence[str]) -> Iterator[tuple[int, list[str] | str]]:
        number = 0
        for row in elements(archive, self.entry, "row"):
            said = row.get("r", "")
            number = int(said) if said.isdigit() and len(said) < 8 else number + 1
            yield number, self._cells(row, strings)

    def _cells(self, row: Any, strings: Sequence[str]) -> list[str] | str:
        cells: list[str] = []
        for cell in row:
            found = _PLACE.fullmatch(cell.get("r", ""))
            place = _column_number(found[1]) if found else len(cells)
            if place >= MOST_COLUMNS:
                raise self.workbook.refuse(
                    _("the sheet “%(sheet)s” has more than %(most)d columns")
                    % {"sheet": self.title, "most": MOST_COLUMNS}
                )
            text = _cell_text(cell, strings, self.workbook.formats)
            if text is None:
                return _("The cell %(place)s holds an error or a formula without its result.") % {
                    "place": cell.get("r", "?")
                }
            cells += [""] * (place - len(cells))
            if place < len(cells):
                cells[place] = text
            else:
                cells.append(text)
        return cells


class XlsxPart(Part):
    """One dataset in one worksheet."""

    def __init__(self, profile: Profile, dataset: Dataset, sheet: Sheet) -> None:
        super().__init__(dataset, f"{sheet.workbook.member} › {sheet.title}", "XLSX")
        if not sheet.headers:
            raise SourceRefused(
                _("%(member)s is empty: not even a header is in it.") % {"member": self.member}
            )
        self.sheet = sheet
        self.width = len(sheet.headers)
        self.mapping = CellMapping(profile, dataset, sheet.headers, self.member)
        self.mended = mended(sheet.headers)
        self.warnings = list(self.mapping.warnings)

    def rows(self) -> Iterator[tuple[int, Cells]]:
        for number, row in self.sheet.rows():
            yield number, self._mapped(row)

    def _mapped(self, row: list[str] | str) -> Cells | BrokenRow:
        if isinstance(row, str):
            return self.mapping.broken(row)
        # Worksheets leave out empty cells at the end of a row.
        while len(row) > self.width and not row[-1]:
            row.pop()
        return self.mapping.cells([*row, *[""] * (self.width - len(row))])


# XML ------------------------------------------------------------------------------------


class _Bounded:
    """The bytes of one entry, with an end to its growth and to the distance between two elements."""

    def __init__(self, file: IO[bytes], packed: int) -> None:
        self.file = file
        self.limit = max(packed * HIGHEST_RATIO, UNSUSPICIOUS)
        self.total = self.piece = 0

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(min(size, 65536) if size > 0 else 65536)
        self.total += len(block)
        self.piece += len(block)
        if self.total > self.limit or self.piece > LARGEST_PIECE:
            raise _Refused
        return block


def elements(archive: zipfile.ZipFile, entry: str, name: str) -> Iterator[Any]:
    """Every element of that name with its content, one at a time; what was read before is forgotten."""
    info = archive.getinfo(entry)
    with archive.open(info) as file:
        bounded = _Bounded(file, info.compress_size)
        open_elements: list[Any] = []
        inside = 0
        for event, element in iterparse(bounded, events=("start", "end"), forbid_dtd=True):
            wanted = element.tag.rpartition("}")[2] == name
            if event == "start":
                inside += wanted
                open_elements.append(element)
                continue
            open_elements.pop()
            inside -= wanted
            if wanted and not inside:
                yield element
                bounded.piece = 0
            if not inside and open_elements:
                open_elements[-1].clear()


def _strict_id(item: Any) -> str:
    return next((value for key, value in item.attrib.items() if key.endswith("}id")), "")


def _cell_styles(archive: zipfile.ZipFile) -> list[int]:
    """The number format of each cell style."""
    for block in elements(archive, "xl/styles.xml", "cellXfs"):
        return [int(item.get("numFmtId", "0")) for item in block]
    return []


def _shows_days(format_id: int, own: Mapping[int, str]) -> bool:
    if format_id not in own:
        return format_id in _DATE_FORMATS or format_id in _TIME_FORMATS
    letters = _QUOTED_OR_COLOUR.sub("", own[format_id]).casefold().replace("general", "")
    return bool(re.search(r"[ymdhs]", letters))


@contextmanager
def shared_strings(archive: zipfile.ZipFile) -> Iterator[Sequence[str]]:
    """The workbook's shared strings, kept in a temporary file."""
    with tempfile.TemporaryFile(prefix="ebok-xlsx-") as file:
        strings = _SharedStrings(file)
        if "xl/sharedStrings.xml" in archive.namelist():
            for item in elements(archive, "xl/sharedStrings.xml", "si"):
                strings.add(_rich_text(item))
        yield strings


class _SharedStrings(Sequence[str]):
    """Strings in a file, found by eight bytes in memory each; the first ones asked for stay at hand."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.ends = array("Q", [0])
        self.cache: dict[int, str] = {}

    def add(self, text: str) -> None:
        """Append a string."""
        self.ends.append(self.ends[-1] + self.file.write(text.encode("utf-8", "replace")))

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, place: Any) -> Any:
        if place in self.cache:
            return self.cache[place]
        if not 0 <= place < len(self):
            raise KeyError(place)
        self.file.seek(self.ends[place])
        text = self.file.read(self.ends[place + 1] - self.ends[place]).decode("utf-8")
        if len(self.cache) < CACHED_STRINGS and len(text) < 200:
            self.cache[place] = text
        return text


def _rich_text(item: Any) -> str:
    """All runs of a string, without the phonetic hints."""
    parts: list[str] = []
    for child in item:
        tag = child.tag.rpartition("}")[2]
        if tag == "t":
            parts.append(child.text or "")
        elif tag == "r":
            parts += [run.text or "" for run in child if run.tag.rpartition("}")[2] == "t"]
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), "".join(parts))


# Cells ----------------------------------------------------------------------------------


def _cell_text(cell: Any, strings: Sequence[str], formats: _Formats) -> str | None:
    """The cell as canonical text; None when it holds an error or a formula without a result."""
    kind = cell.get("t", "n")
    children = {child.tag.rpartition("}")[2]: child for child in cell}
    if "is" in children:
        return _rich_text(children["is"])
    value = (children["v"].text or "") if "v" in children else ""
    if kind == "e" or (not value and "f" in children and kind != "str"):
        return None
    return _typed_text(kind, value, cell.get("s", "0"), strings, formats) if value else ""


def _typed_text(kind: str, value: str, style: str, strings: Sequence[str], formats: _Formats) -> str | None:
    if kind == "s":
        return strings[int(value)] if value.strip().isdigit() else None
    if kind in {"str", "b", "d"}:
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    if style.isdigit() and int(style) in formats.dates:
        return _day_text(value, formats.epoch)
    return _number_text(value)


def _number_text(value: str) -> str | None:
    """A number as Excel shows it: 15 significant digits, without an exponent."""
    try:
        number = Decimal(f"{float(value):.15g}")
    except (ValueError, InvalidOperation):
        return None
    return f"{number:f}" if number.is_finite() and abs(number.adjusted()) < 40 else None


def _day_text(value: str, epoch: datetime) -> str | None:
    """A serial number of days as an ISO day, or as a moment when it has a time."""
    try:
        serial = float(value)
    except ValueError:
        return None
    if not 0 <= serial < _LAST_SERIAL:
        return None
    from openpyxl.utils.datetime import from_excel  # noqa: PLC0415 (a large package, for few files)

    found = from_excel(serial, epoch)
    if isinstance(found, datetime):
        at_midnight = (found.hour, found.minute, found.second, found.microsecond) == (0, 0, 0, 0)
        return found.date().isoformat() if at_midnight else found.isoformat(timespec="seconds")
    return found.isoformat() if found is not None else None


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
