"""Any dataset as a file: what an export wrote, an import reads with nothing new and nothing changed.

Rows come in the order of their natural keys, compared byte by byte, so that the same data always give the
same file. Nothing is held in memory but the rows being written.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path, PurePath
from typing import Any

from django.db import connection, models, transaction
from django.db.models.functions import Collate

from ebok.exchange.mirror import Source
from ebok.exchange.models import Delivery, NaturalKey
from ebok.exchange.moments import ZONE
from ebok.exchange.profiles import Profile
from ebok.exchange.profiles.writing import Writer, write_csv
from ebok.exchange.staging import Shape
from ebok.exchange.table_files import FORMS_OF_FILE
from ebok.exchange.validation import canonical
from ebok.ports.datasets import KEY_SEPARATOR, Column, ColumnType, Dataset
from ebok.ports.spreadsheets import neutralise

FETCHED = 2000
"""Rows asked of the database at a time."""
_TEXTS = (ColumnType.TEXT, ColumnType.CODE, ColumnType.CHOICE)


@dataclass(frozen=True)
class Written:
    """A file that was written: what a manifest says about it."""

    dataset: str
    path: Path
    rows: int
    sha256: str
    totals: dict[str, str] = field(default_factory=dict)


def rows_of(dataset: Dataset, since: datetime | None = None) -> Iterator[list[str]]:
    """Cells of every row as the neutral file has them, in the order of natural keys.

    `since` leaves out what was last changed before that moment; of a dataset that does not know when its
    rows changed, it leaves out what deliveries taken over before that moment brought.
    """
    shape = Shape(dataset)
    columns = _Columns(shape)
    query = _since(shape, shape.model._default_manager.all(), since)
    query = query.annotate(**columns.names).order_by(*columns.order())
    for values in query.values_list(*columns.asked()).iterator(chunk_size=FETCHED):
        yield columns.cells(values)


class _Columns:
    """Where in a row of the database each cell of the file stands."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.names = {
            f"name_{link.number}": models.Subquery(
                NaturalKey.objects.filter(pk=models.OuterRef(link.reference.field)).values("key")[:1]
            )
            for link in shape.links
        }
        self.filled = list(shape.filled)
        self._cells = [self._source(column) for column in shape.columns]

    def asked(self) -> list[str]:
        """What the query returns for each row."""
        return [*(item.field.attname for item in self.filled), *self.names]

    def order(self) -> list[Any]:
        """The natural key, byte by byte."""
        if self.shape.keyed:
            own = NaturalKey.objects.filter(pk=models.OuterRef("pk")).values("key")[:1]
            return [_bytewise(models.Subquery(own))]
        parts: list[Any] = []
        for name in self.shape.dataset.natural_key:
            number = self._link_of(name)
            if number is not None:
                part = _bytewise(models.F(f"name_{number}"))
                parts += [] if part in parts else [part]
                continue
            column = self.shape.dataset.column(name)
            value = models.F(column.attname)
            parts.append(_bytewise(value) if _is_text(self.shape, column) else value.asc())
        return parts

    def cells(self, values: Sequence[Any]) -> list[str]:
        """The cells of one row, in the order of the dataset's columns."""
        return [source(values) for source in self._cells]

    def _source(self, column: Column) -> Callable[[Sequence[Any]], str]:
        for place, item in enumerate(self.filled):
            if item.column is column:
                return lambda values: canonical(column, values[place])
        number = self._link_of(column.name)
        if number is None:
            return lambda values: ""
        place = len(self.filled) + list(self.names).index(f"name_{number}")
        part = self.shape.links[number].reference.columns.index(column.name)
        return lambda values: values[place].split(KEY_SEPARATOR)[part] if values[place] else ""

    def _link_of(self, name: str) -> int | None:
        """The reference that knows the cell best: the one of fewest columns."""
        links = [link for link in self.shape.links if name in link.reference.columns]
        best = min(links, key=lambda link: len(link.reference.columns), default=None)
        return best.number if best else None


def _is_text(shape: Shape, column: Column) -> bool:
    return column.type in _TEXTS and isinstance(shape.fields[column.attname], models.CharField)


def _bytewise(expression: Any) -> Any:
    collation = "C" if connection.vendor == "postgresql" else "BINARY"
    return Collate(expression, collation).asc()


def _since(shape: Shape, query: models.QuerySet[Any], since: datetime | None) -> models.QuerySet[Any]:
    if since is None:
        return query
    if shape.has("changed_at"):
        return query.filter(changed_at__gte=since)
    batches = Delivery.objects.filter(applied_at__gte=since).values("pk")
    return query.filter(models.Q(batch_id__in=batches) | models.Q(source=Source.ENTERED))


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything as it was when the block began, where the database can do that without locking."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def write_dataset(
    dataset: Dataset,
    folder: Path,
    *,
    form: str = "csv",
    profile: Profile | None = None,
    since: datetime | None = None,
    for_spreadsheets: bool = False,
) -> Written:
    """Write the dataset into the folder; the file appears when it is whole, or not at all.

    Without a profile it is neutral and called `<dataset>.<form>`. `for_spreadsheets` puts an apostrophe
    before texts that a spreadsheet would run as formulas; such a file is for reading. Raises `OSError`,
    `CannotWrite` for a row the profile has no words for, and `TooManyRows` for a worksheet.
    """
    columns = [column.name for column in dataset.columns]
    tally = _Tally(dataset)
    rows = tally.seen(rows_of(dataset, since))
    if for_spreadsheets:
        rows = (_for_spreadsheets(dataset, cells) for cells in rows)
    writer = Writer(profile, dataset, columns) if profile else None
    path = folder / (
        PurePath(writer.file_name).with_suffix(f".{form}") if writer else f"{dataset.key}.{form}"
    )
    with replaced(path) as unfinished:
        if profile is not None and form == "csv":
            with unfinished.open("wb") as raw:
                raw.writelines(write_csv(profile, dataset, columns, rows))
        else:
            with FORMS_OF_FILE[form](unfinished, writer.headers if writer else columns) as file:
                for cells in rows:
                    file.write(writer.texts(cells) if writer else cells)
    return Written(dataset.key, path, tally.rows, sha256_of(path), tally.totals())


class _Tally:
    """Counts rows and adds up control totals while they pass."""

    def __init__(self, dataset: Dataset) -> None:
        names = [column.name for column in dataset.columns]
        self._places = {name: names.index(name) for name in dataset.totals}
        self._sums = dict.fromkeys(dataset.totals, Decimal(0))
        self.rows = 0

    def seen(self, rows: Iterable[list[str]]) -> Iterator[list[str]]:
        """The same rows."""
        for cells in rows:
            self.rows += 1
            for name, place in self._places.items():
                self._sums[name] += Decimal(cells[place] or 0)
            yield cells

    def totals(self) -> dict[str, str]:
        """The sums, exact, as texts."""
        return {name: str(total) for name, total in self._sums.items()}


def _for_spreadsheets(dataset: Dataset, cells: list[str]) -> list[str]:
    """Numbers stay numbers: -12.50 is no formula."""
    return [
        neutralise(cell) if column.type in _TEXTS else cell
        for column, cell in zip(dataset.columns, cells, strict=True)
    ]


def write_manifest(
    folder: Path, written: Sequence[Written], as_of: datetime | None, *, complete: bool = True
) -> Path:
    """Write `manifest.json`, which tells an importer how many rows and which sums to expect.

    `complete` is False when rows were left out, so that nobody takes them for vanished.
    """
    path = folder / "manifest.json"
    content = {
        "as_of": as_of.astimezone(ZONE).isoformat() if as_of else None,
        "complete": complete,
        "files": {
            item.path.name: {"rows": item.rows, "sha256": item.sha256, "totals": item.totals}
            for item in written
        },
    }
    with replaced(path) as unfinished:
        unfinished.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A path to write to; it takes the place of `path` when the block ends well, and is removed when not."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield unfinished
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
