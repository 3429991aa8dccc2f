"""Streets from a CSV file: our own columns, or TERYT's ULIC register as it is downloaded.

Own columns (any order, Polish or English names): miejscowosc, rodzaj, ulica, sym, sym_ul, przebieg.
ULIC columns: SYM, SYM_UL, CECHA, NAZWA_1, NAZWA_2 (https://eteryt.stat.gov.pl).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from snippets.outages import addresses, plans
from snippets.outages.models import Street

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes; the whole country's register is about as large, one town's a thousandth of it."""
MOST_ERRORS = 100
"""Row errors reported one by one; the rest are counted."""

_COLUMNS = {
    "miejscowosc": "locality", "locality": "locality", "town": "locality",
    "rodzaj": "prefix", "cecha": "prefix", "kind": "prefix", "prefix": "prefix",
    "ulica": "name", "nazwa": "name", "nazwa 1": "name", "street": "name", "name": "name",
    "nazwa 2": "first_name",
    "przebieg": "line", "line": "line",
    "sym": "sym", "sym ul": "sym_ul", "symul": "sym_ul",
}  # fmt: skip


class UnreadableFile(Exception):
    """The file as a whole makes no sense; the sentence says why."""


@dataclass(frozen=True)
class RowError:
    """A row that was left out, numbered as a spreadsheet numbers it."""

    row: int
    sentence: str


@dataclass
class ImportReport:
    """What an import did. Rows that were there already and equal are `unchanged`."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    errors: list[RowError] = field(default_factory=list)

    def reject(self, row: int, sentence: str) -> None:
        """Count a row that was left out, and keep its reason while there is room."""
        self.rejected += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(RowError(row, sentence))

    def __str__(self) -> str:
        return _("%(added)d added, %(changed)d changed, %(unchanged)d unchanged, %(rejected)d left out") % {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
        }


def import_streets(content: bytes, *, locality: str = "") -> ImportReport:
    """Take the streets of a CSV file into the register; running it again changes nothing.

    `locality` stands in where the file names none (ULIC does not). UTF-8 or Windows-1250,
    comma, semicolon or tab. A wrong row is reported and left out, the others are taken.
    Raises `UnreadableFile` when there is no usable heading.
    """
    report = ImportReport()
    rows = _valid_rows(_rows(_decoded(content)), locality, report)
    with transaction.atomic():
        _apply(rows, report)
    return report


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(_("The file is larger than 20 MB."))
    for encoding in ("utf-8-sig", "cp1250"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise UnreadableFile(_("This is not a text file. Save it as CSV (UTF-8 or Windows-1250)."))


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Row numbers and named cells."""
    heading = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(";,\t", key=heading.count)
    reader = csv.reader(io.StringIO(text.lstrip("\r\n")), delimiter=delimiter)
    try:
        names = [_COLUMNS.get(addresses.plain(cell.replace("_", " "))) for cell in next(reader, [])]
        if "name" not in names:
            raise UnreadableFile(_("The first row must name the columns; “ulica” (or NAZWA_1) is missing."))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                named = zip(names, cells, strict=False)
                yield reader.line_num, {name: cell.strip() for name, cell in named if name}
    except csv.Error as error:
        raise UnreadableFile(_("Row %(row)d cannot be read: %(error)s.") % {
            "row": reader.line_num, "error": error}) from error  # fmt: skip


def _valid_rows(
    rows: Iterable[tuple[int, dict[str, str]]], locality: str, report: ImportReport
) -> dict[tuple[str, str, str], Street]:
    """The streets of the file by their key; the last of two equal rows wins."""
    found: dict[tuple[str, str, str], Street] = {}
    for number, cells in rows:
        street = _street(cells, locality)
        sentence = _fault(street)
        if sentence:
            report.reject(number, sentence)
            continue
        key = (street.search_key, street.locality_key, street.prefix)
        if key in found:
            report.unchanged += 1
        found[key] = street
    return found


def _street(cells: dict[str, str], locality: str) -> Street:
    typed = " ".join(part for part in (cells.get("first_name", ""), cells.get("name", "")) if part)
    prefix, name = addresses.split_prefix(typed)
    given = cells.get("prefix", "")
    if given:
        prefix = addresses.PREFIXES.get(given.lower().rstrip("."), given[:20])
    street = Street(
        locality=cells.get("locality", "") or locality,
        prefix=prefix or ("" if "prefix" in cells else "ul."),
        name=name,
        sym=cells.get("sym", ""),
        sym_ul=cells.get("sym_ul", ""),
        line=cells.get("line", ""),
    )
    street.set_keys()
    return street


def _fault(street: Street) -> str:
    """Why a row cannot be taken, or an empty text."""
    faults = (
        (not street.name, _("There is no street name.")),
        (not street.search_key, _("The street name has no letter and no digit.")),
        (len(street.name) > 120, _("The street name is longer than 120 characters.")),
        (len(street.locality) > 80, _("The name of the locality is longer than 80 characters.")),
        (not _is_code(street.sym, 7), _("SYM must have at most 7 digits.")),
        (not _is_code(street.sym_ul, 5), _("SYM_UL must have at most 5 digits.")),
        (
            len(plans.read_line(street.line)) != len(street.line.split()),
            _("The course of the street must be points like 52.2210,18.2510."),
        ),
    )
    return next((sentence for is_wrong, sentence in faults if is_wrong), "")


def _is_code(text: str, longest: int) -> bool:
    """Whether the text is empty or a TERYT number."""
    return not text or (text.isascii() and text.isdigit() and len(text) <= longest)


def _apply(rows: dict[tuple[str, str, str], Street], report: ImportReport) -> None:
    """Add what is new, change what differs, in a handful of statements."""
    localities = {key[1] for key in rows}
    known = {
        (street.search_key, street.locality_key, street.prefix): street
        for street in Street.objects.filter(locality_key__in=localities)
    }
    added: list[Street] = []
    changed: list[Street] = []
    for key, street in rows.items():
        old = known.get(key)
        if old is None:
            added.append(street)
        elif _take_over(old, street):
            changed.append(old)
        else:
            report.unchanged += 1
    Street.objects.bulk_create(added, batch_size=500)
    Street.objects.bulk_update(changed, _WRITTEN, batch_size=500)
    report.added, report.changed = len(added), len(changed)


_WRITTEN = ("name", "locality", "sym", "sym_ul", "line", "south", "west", "north", "east")
"""Columns that an import may change."""


def _take_over(old: Street, new: Street) -> bool:
    """Bring `old` up to date; ids and courses the file leaves out stay. Returns whether anything differs."""
    before = [getattr(old, name) for name in _WRITTEN]
    old.name, old.locality = new.name, new.locality
    old.sym, old.sym_ul = new.sym or old.sym, new.sym_ul or old.sym_ul
    old.line = new.line or old.line
    old.set_keys()
    return before != [getattr(old, name) for name in _WRITTEN]
