"""The other way round: rows of the neutral file as a delivery of the kind a profile describes.

For tests and the demo town, and for a utility that wants to see what its system would have to write. Every
row is read back and compared, so that nothing is written which would come in as something else.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from zoneinfo import ZoneInfo

from ebok.exchange.profiles.model import ColumnMap, Profile, Split
from ebok.exchange.validation import clean_cell
from ebok.ports.datasets import Column, ColumnType, Dataset

ZONE = ZoneInfo("Europe/Warsaw")
ROWS_AT_A_TIME = 500

SqlValue = str | int | Decimal | date | datetime | None

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_NAME = re.compile(r"\{([a-z0-9_]+)\}")
_NUMBERS = {ColumnType.DECIMAL, ColumnType.INTEGER}


class CannotWrite(ValueError):
    """A row cannot be written in this profile so that it would be read as the same."""


class Writer:
    """Rows of one dataset in the spelling of a profile."""

    def __init__(self, profile: Profile, dataset: Dataset, columns: Sequence[str]) -> None:
        """`columns` are the columns of the neutral rows, in their order."""
        self.profile = profile
        self.dataset = dataset
        self.columns = tuple(columns)
        mapped = profile.of(dataset.key)
        self._targets: list[tuple[str, Callable[[Mapping[str, str]], str], Column | None]] = []
        split = {name: item for item in mapped.splits for name in item.columns}
        done: set[str] = set()
        for column in dataset.columns:
            if column.name in split:
                item = split[column.name]
                if item.header not in done and set(item.columns) & set(columns):
                    done.add(item.header)
                    self._targets.append((item.header, _put_together(item), None))
            elif column.name in columns:
                self._add(column, mapped.columns.get(column.name, ColumnMap(headers=(column.name,))))

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers of a delivery, or the columns of a table."""
        return tuple(header for header, _cell, _column in self._targets)

    @property
    def file_name(self) -> str:
        """The name of its file: the first pattern of the profile, without its wildcards."""
        members = self.profile.of(self.dataset.key).members
        return members[0].replace("*", "").replace("?", "") if members else f"{self.dataset.key}.csv"

    @property
    def table(self) -> str:
        """The name of its table."""
        return self.profile.of(self.dataset.key).table or self.dataset.key

    def texts(self, row: Sequence[str]) -> list[str]:
        """The cells of one neutral row. Raises `CannotWrite`."""
        cells = dict(zip(self.columns, row, strict=True))
        return [cell(cells) for _header, cell, _column in self._targets]

    def values(self, row: Sequence[str]) -> list[SqlValue]:
        """The values of one neutral row as a database keeps them: numbers, days, moments in local time."""
        found: list[SqlValue] = []
        for text, (_header, _cell, column) in zip(self.texts(row), self._targets, strict=True):
            found.append(_value(column, text) if text else None)
        return found

    def sql_types(self) -> list[str]:
        """The types of the table's columns, in words every database knows."""
        return [_sql_type(column) for _header, _cell, column in self._targets]

    def _add(self, column: Column, rule: ColumnMap) -> None:
        if rule.constant is not None:
            return
        spell = spelling(self.profile, column, rule)
        if not rule.join:
            self._targets.append((rule.headers[0], lambda row: _spelled(spell, row[column.name]), column))
            return
        for place, header in enumerate(rule.join):
            self._targets.append((header, _part_of(column.name, rule, place, spell), None))


def write_csv(
    profile: Profile, dataset: Dataset, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> Iterator[bytes]:
    """The file of one dataset as bytes, in blocks: encoding, delimiter and line ends of the profile.

    Raises `CannotWrite` for a row or a character the profile has no spelling for.
    """
    writer = Writer(profile, dataset, columns)
    buffer = io.StringIO()
    out = csv.writer(buffer, delimiter=profile.write_delimiter, lineterminator=profile.write_line_end)

    def block() -> bytes:
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        try:
            return text.encode(profile.write_encoding)
        except UnicodeEncodeError as error:
            raise CannotWrite(
                f"{dataset.key}: {profile.write_encoding} has no character “{text[error.start]}”."
            ) from None

    out.writerow(writer.headers)
    for number, row in enumerate(rows, start=1):
        out.writerow(writer.texts(row))
        if number % ROWS_AT_A_TIME == 0:
            yield block()
    yield block()


def file_name(profile: Profile, dataset: Dataset, stamp: str = "") -> str:
    """The name a delivery of the profile gives the dataset's file; `stamp` is put before the suffix."""
    path = PurePath(Writer(profile, dataset, ()).file_name)
    return f"{path.stem}{stamp}{path.suffix}"


def create_table(profile: Profile, dataset: Dataset, columns: Sequence[str]) -> str:
    """The statement that makes the table a profile reads the dataset from."""
    writer = Writer(profile, dataset, columns)
    parts = ", ".join(f"{name} {kind}" for name, kind in zip(writer.headers, writer.sql_types(), strict=True))
    return f"CREATE TABLE {writer.table} ({parts})"


def insert_into(profile: Profile, dataset: Dataset, columns: Sequence[str]) -> str:
    """The statement that takes `Writer.values`, with SQLAlchemy's parameters `:p0`, `:p1`, …"""
    writer = Writer(profile, dataset, columns)
    names = ", ".join(writer.headers)
    places = ", ".join(f":p{place}" for place in range(len(writer.headers)))
    return f"INSERT INTO {writer.table} ({names}) VALUES ({places})"  # noqa: S608 (names come from a checked profile)


def spelling(profile: Profile, column: Column, rule: ColumnMap) -> Callable[[str], str]:
    """From the neutral spelling of a filled cell to the profile's."""
    if rule.words:
        words: dict[str, str] = {}
        for word, text in rule.words.items():
            words.setdefault(text, word)
        if column.type in {ColumnType.CHOICE, ColumnType.BOOLEAN}:
            return lambda text: _word(words, column, text)
        inner = spelling(
            profile, column, ColumnMap(headers=rule.headers, dates=rule.dates, decimal=rule.decimal)
        )
        return lambda text: words[text] if text in words else inner(text)
    if column.type in _NUMBERS and (rule.decimal or profile.decimal) == ",":
        return lambda text: text.replace(".", ",")
    masks = rule.dates or profile.dates
    if masks and column.type is ColumnType.DATE:
        return lambda text: date.fromisoformat(text).strftime(masks[0])
    if masks and column.type is ColumnType.MOMENT:
        mask = next((mask for mask in masks if "%H" in mask), masks[0])
        return lambda text: _local(column, text).strftime(mask)
    return lambda text: text


def _spelled(spell: Callable[[str], str], text: str) -> str:
    return spell(text) if text else ""


def _word(words: Mapping[str, str], column: Column, text: str) -> str:
    if text not in words:
        raise CannotWrite(f"{column.name}: the profile has no word for “{text}”.")
    return words[text]


def _part_of(
    name: str, rule: ColumnMap, place: int, spell: Callable[[str], str]
) -> Callable[[Mapping[str, str]], str]:
    def cell(row: Mapping[str, str]) -> str:
        text = _spelled(spell, row[name])
        if not text:
            return ""
        parts = text.split(rule.separator) if rule.separator else [text]
        if len(parts) != len(rule.join):
            raise CannotWrite(f"{name}: “{text}” has not {len(rule.join)} parts.")
        return parts[place]

    return cell


def _put_together(split: Split) -> Callable[[Mapping[str, str]], str]:
    def cell(row: Mapping[str, str]) -> str:
        cells = {name: row.get(name, "") for name in split.columns}
        if not any(cells.values()):
            return ""

        def optional(found: re.Match[str]) -> str:
            return found[1] if all(cells[name] for name in _NAME.findall(found[1])) else ""

        text = _NAME.sub(lambda found: cells[found[1]], _OPTIONAL.sub(optional, split.write))
        again = split.pattern.fullmatch(text)
        if again is None or {name: again[name] or "" for name in split.columns} != cells:
            raise CannotWrite(f"{split.header}: “{text}” would be read as something else.")
        return text

    return cell


def _local(column: Column, text: str) -> datetime:
    moment = clean_cell(column, text)
    if not isinstance(moment, datetime):
        raise CannotWrite(f"{column.name}: “{text}” is no moment.")
    local = moment.astimezone(ZONE)
    if local.fold:
        raise CannotWrite(f"{column.name}: “{text}” happened twice that night without a zone.")
    return local.replace(tzinfo=None)


def _value(column: Column | None, text: str) -> SqlValue:
    if column is None:
        return text
    if column.type is ColumnType.DECIMAL:
        return Decimal(text)
    if column.type in {ColumnType.INTEGER, ColumnType.BOOLEAN}:
        return int(text)
    if column.type is ColumnType.DATE:
        return date.fromisoformat(text)
    if column.type is ColumnType.MOMENT:
        return _local(column, text)
    return text


def _sql_type(column: Column | None) -> str:
    if column is None:
        return "VARCHAR(255)"
    if column.type is ColumnType.DECIMAL:
        return f"DECIMAL({column.digits}, {column.places})"
    plain = {
        ColumnType.INTEGER: "INTEGER",
        ColumnType.BOOLEAN: "SMALLINT",
        ColumnType.DATE: "DATE",
        ColumnType.MOMENT: "TIMESTAMP",
        ColumnType.CHOICE: "VARCHAR(20)",
    }
    return plain.get(column.type, f"VARCHAR({column.max_length or 255})")
