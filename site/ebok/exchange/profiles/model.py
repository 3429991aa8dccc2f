"""What a profile says: where the columns of a dataset stand in a delivery, and how they are written there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import get_language

DEFAULT_LANGUAGE = "pl"


@dataclass(frozen=True, kw_only=True)
class ColumnMap:
    """Where one column of a dataset comes from.

    `headers` are other names of the same column, the first found counts. `join` puts the cells of several
    headers together with `separator`. `constant` is the same text in every row. `words` maps what the
    delivery says to what the neutral file says. `dates` are masks of days and moments, `decimal` is the
    sign before the decimals; both fall back to the profile's.
    """

    headers: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    separator: str = ""
    constant: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    decimal: str = ""


@dataclass(frozen=True, kw_only=True)
class Split:
    """One header whose cells hold several columns.

    `pattern` has a named group for each column and must match the whole cell; `write` says how the cell is
    put together when a delivery of this kind is written: `{column}`, and `[…]` around what stands only when
    all columns named in it are filled.
    """

    header: str
    pattern: re.Pattern[str]
    write: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it gives."""
        return tuple(self.pattern.groupindex)


@dataclass(frozen=True, kw_only=True)
class DatasetMap:
    """Where one dataset comes from. Columns that are not named stand under their own name, or are missing.

    `members` are patterns of file names, `sheets` names of worksheets; `table` or `query` for databases.
    """

    members: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    columns: Mapping[str, ColumnMap] = field(default_factory=dict)
    splits: tuple[Split, ...] = ()
    table: str = ""
    query: str = ""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How the deliveries of one billing system look.

    `only_named` limits it to the datasets it names; otherwise every declared dataset is looked for.
    `encoding`, `delimiter` and `quote` are found out when empty. `url_variable` is the environment variable
    that holds a database's address; with it the profile reads a database and no files. `as_of` is a pattern
    with the groups year, month, day, and if it likes hour and minute, for the names of files.
    """

    name: str
    titles: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    path: Path | None = None
    complete: bool = True
    encoding: str = ""
    delimiter: str = ""
    quote: str = '"'
    decimal: str = ""
    dates: tuple[str, ...] = ()
    as_of: re.Pattern[str] | None = None
    as_of_query: str = ""
    url_variable: str = ""
    only_named: bool = False
    datasets: Mapping[str, DatasetMap] = field(default_factory=dict)
    write_encoding: str = "utf-8"
    write_delimiter: str = ";"
    write_line_end: str = "\n"

    @property
    def title(self) -> str:
        """Its title in the active language."""
        return _in_language(self.titles) or self.name

    @property
    def description(self) -> str:
        """What it is for, in the active language."""
        return _in_language(self.descriptions)

    @property
    def reads_database(self) -> bool:
        """Whether it reads tables of a database instead of files."""
        return bool(self.url_variable)

    def of(self, dataset: str) -> DatasetMap:
        """Where the dataset comes from; a dataset it does not name stands under its own names."""
        return self.datasets.get(dataset, _NEUTRAL)

    def is_neutral_for(self, dataset: str) -> bool:
        """Whether cells of the dataset stand in its deliveries exactly as in the neutral file."""
        mapped = self.of(dataset)
        return not (mapped.columns or mapped.splits or self.decimal or self.dates) and self.quote == '"'


_NEUTRAL = DatasetMap()


def _in_language(texts: Mapping[str, str]) -> str:
    language = (get_language() or DEFAULT_LANGUAGE).split("-")[0]
    return texts.get(language) or texts.get(DEFAULT_LANGUAGE) or next(iter(texts.values()), "")
