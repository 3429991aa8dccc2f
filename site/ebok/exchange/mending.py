"""Rejected rows as a file that people mend in a spreadsheet and send again.

The file is neutral whatever profile the delivery came with. Its last column is headed
`e-BOK <delivery> <dataset>: …` and says what is wrong with the row; by that header an import knows the file
again: it reads it as neutral, takes it for a part of that delivery (nothing vanishes, the same as-of date),
and takes off the apostrophes that were put before cells which a spreadsheet would run or spoil.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from ebok.exchange.declared import declared_dataset
from ebok.exchange.models import DeliveryPart, Finding, FindingKind
from ebok.ports.datasets import Column, ColumnType

DELIMITER = ";"
FETCHED = 2000
_MARK = re.compile(r"e-bok ([0-9]{1,18}) ([a-z][a-z0-9_]*):")
_SPOILED = re.compile(
    r"[=+\-@\t\r']"  # run as a formula, or already guarded
    r"|0[0-9]|[0-9]{12}|[0-9]+[.,][0-9]|[0-9]+[eE][0-9]"  # a number that loses zeros or digits
    r"|[0-9]{1,2}[-./ ][0-9]{1,2}(?:[-./ ]|\Z)|[0-9]{1,2}[-./][0-9]{4}\Z"  # a day
)
"""What begins so is run, or read as a number or a day and written back differently."""
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Mended:
    """Which rejected rows a file holds."""

    delivery: int
    dataset: str


def mended(headers: Sequence[str]) -> Mended | None:
    """What the headers of a file say, or None when it is an ordinary one."""
    for header in headers:
        found = _MARK.match(" ".join(header.strip("\ufeff \t").casefold().split()))
        if found:
            return Mended(int(found[1]), found[2])
    return None


def is_mark(header: str) -> bool:
    """Whether this is the column that says what was wrong."""
    return mended([header]) is not None


def protected(column: Column, text: str) -> str:
    """The cell as a spreadsheet leaves it alone; `bare` gives it back."""
    if column.type in (ColumnType.DECIMAL, ColumnType.INTEGER):
        if _NUMBER.fullmatch(text):
            return text.replace(".", ",")
    elif column.type in (ColumnType.DATE, ColumnType.MOMENT) and text[:1].isdecimal():
        return text
    return f"'{text}" if _SPOILED.match(text) else text


def bare(text: str) -> str:
    """The cell without the apostrophe that `protected` put before it; a mended cell may have kept it."""
    return text[1:] if text.startswith("'") else text


def file_name(part: DeliveryPart) -> str:
    """The name under which the rejected rows of a part are downloaded."""
    return f"{part.dataset}-odrzucone-{part.delivery_id}.csv"


def rejects_csv(part: DeliveryPart) -> Iterator[bytes]:
    """The rejected rows of a part with what is wrong; UTF-8 with a mark, as spreadsheets expect it.

    Rows of which nothing could be read are left out: they are in the report only.
    """
    columns = declared_dataset(part.dataset).columns
    head = _("what is wrong")
    yield "\ufeff".encode() + _line(
        [*(column.name for column in columns), f"e-BOK {part.delivery_id} {part.dataset}: {head}"]
    )
    for _place, group in groupby(_findings(part), key=lambda finding: (finding.row_number, finding.cells)):
        findings = list(group)
        cells = findings[0].cells
        if any(cells.values()):
            reasons = " ".join(dict.fromkeys(_reason(finding) for finding in findings))
            yield _line([*(protected(column, cells.get(column.name, "")) for column in columns), reasons])


def _findings(part: DeliveryPart) -> Iterator[Finding]:
    rejected = Finding.objects.filter(part=part, kind=FindingKind.REJECTED)
    return rejected.order_by("row_number", "pk").iterator(chunk_size=FETCHED)


def _reason(finding: Finding) -> str:
    reason = f"{finding.column}: {finding.reason}" if finding.column else finding.reason
    return f"'{reason}" if _SPOILED.match(reason) else reason


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=DELIMITER, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()
