"""What a room or a plugin says about a table it exchanges with the billing system.

A `Dataset` is the whole truth about one table of a delivery: its columns as they stand in the neutral
file, how each is checked, what a row is called (its natural key), what it refers to and what an import
may change. The exchange engine works from nothing else: files, SQL sources, forms, documentation
(`docs/exchange.md`) and exports all read these declarations.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

Value = str | int | bool | Decimal | date | datetime | None
"""A cell after it was checked."""

KEY_SEPARATOR = "|"
"""Joins the parts of a natural key of several columns; no part may contain it."""


class ColumnType(enum.StrEnum):
    """How the cells of a column are written in the neutral file."""

    TEXT = "text"
    """Free text: spaces at both ends are cut, runs of blanks inside stay."""
    CODE = "code"
    """A name given by the billing system: no control characters, no `|`, compared exactly."""
    INTEGER = "integer"
    DECIMAL = "decimal"
    """A number with at most `places` decimals; the neutral file writes a point."""
    DATE = "date"
    """A day, YYYY-MM-DD."""
    MOMENT = "moment"
    """A point in time, ISO 8601; without a zone it is read as Europe/Warsaw."""
    BOOLEAN = "boolean"
    """`1` or `0`; `tak`/`nie`, `t`/`n`, `true`/`false`, `yes`/`no` are read too."""
    CHOICE = "choice"
    """One of `choices`."""


class Check(enum.StrEnum):
    """A checksum or a form that the text of a cell must have."""

    NIP = "nip"
    NRB = "nrb"
    PESEL = "pesel"
    REGON = "regon"
    EMAIL = "email"
    PHONE = "phone"
    POSTCODE = "postcode"
    KSEF_NUMBER = "ksef_number"
    E_DELIVERY = "e_delivery"
    SHA256 = "sha256"


class Stored(enum.StrEnum):
    """What of a cell is kept in the mirror."""

    AS_IS = "as-is"
    KEYED_HASH = "keyed-hash"
    """Only a keyed hash (HMAC-SHA-256, hexadecimal) is kept; the text is not, not even in staging."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a dataset.

    `name` heads the column in the neutral file; `field` is the attribute of the model (its `attname`)
    it fills, `name` unless told. An empty cell is NULL, or "" where the model's field takes no NULL;
    `required` refuses it. `choices` maps what the file says to what is stored. `may_change` off means
    that another value for a known key is a conflict, not a change. `default` replaces an empty cell or
    a missing column. `total` sums the column into the control totals. `field=""` together with a
    reference means that the column serves that reference only.
    """

    name: str
    title: Text
    type: ColumnType = ColumnType.TEXT
    field: str | None = None
    required: bool = False
    max_length: int | None = None
    digits: int = 14
    places: int = 2
    minimum: Decimal | int | None = None
    maximum: Decimal | int | None = None
    choices: Mapping[str, str | int] = made_by(default_factory=dict)
    check: Check | None = None
    stored: Stored = Stored.AS_IS
    may_change: bool = True
    default: Value = None
    total: bool = False
    example: str = ""
    description: Text = ""

    @property
    def attname(self) -> str:
        """The attribute of the model this column fills; "" when it fills none."""
        return self.name if self.field is None else self.field


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Columns that together name a row of another dataset (or an earlier one of the same).

    `field` is the attname that takes the found row's id. `same_owner` demands that the found row
    belongs to the same customer; a row of somebody else is then a conflict. A name that leads nowhere
    makes the row an orphan when `required`, or when the cells are not empty.
    """

    columns: tuple[str, ...]
    dataset: str
    field: str
    required: bool = True
    same_owner: bool = True


@dataclass(frozen=True, kw_only=True)
class RowRule:
    """A rule over several columns of one row.

    `holds` judges the checked row in Python and is the authority, for files and for forms. `sql` is an
    optional expression over the staged columns that is true only for rows which `holds` accepts; rows
    for which it is not true are judged by `holds`. It may use `IS NULL`, comparisons, AND, OR, + and -,
    which both databases understand.
    """

    columns: tuple[str, ...]
    sentence: Text
    holds: Callable[[Mapping[str, Value]], bool]
    sql: str = ""


class Identity(enum.StrEnum):
    """How rows of the mirror are told apart."""

    KEYED = "keyed"
    """A surrogate id taken from the lookup table of natural keys (`exchange.NaturalKey`)."""
    COMPOSITE = "composite"
    """The primary key is made of references and columns; there is no lookup row."""


@dataclass(frozen=True, kw_only=True)
class Twin:
    """When a new row is probably one that was entered here by hand, under a name of our own.

    Both belong to the same customer; the columns in `same` are equal, those in `same_or_empty` are equal or
    empty in one of the rows, and the DATE column `near` differs by no more days than the administrator
    allows. `standing` maps attributes of the entered row to what they must be for it to count. `merged` is
    called when a person says that they are one, with the id of the row, its own name and the delivered one.
    """

    same: tuple[str, ...]
    near: str
    same_or_empty: tuple[str, ...] = ()
    standing: Mapping[str, Value] = made_by(default_factory=dict)
    merged: Callable[[int, str, str], None] | None = None


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One table of a delivery.

    `model` is `app_label.ModelName` of a model that inherits `ebok.exchange.mirror.Mirrored`.
    `natural_key` names the columns that tell a row apart. `owner` is the dataset of the reference that
    gives `customer_id`: "customers" for what a customer owns, "" for what belongs to the utility, and for
    the customers themselves the row is its own owner (`owns_itself`). `lookups` are further columns whose
    values are unique over all customers; each is kept in the lookup table as `<dataset>.<column>`.
    `order`: datasets are applied in rising order; references must point to a lower one (or to itself).
    `vanishes`: a row of the mirror that a complete delivery lacks is reported as vanished; False for
    datasets of which only news are ever sent.
    `after_apply` is called in the transaction of the apply step with the id of the batch, once, when rows
    of the dataset are new or changed; it must be set-based and repeatable.
    `before_apply` is called before that transaction with the first and the last day of each DATE column
    among the new rows, by column name: the place to make partitions. It must be repeatable.
    `twin`: how a new row is known that was entered by hand before; it becomes a conflict.
    `balance` gives the sum the report shows before and after, exact; at most one query.
    """

    key: str
    title: Text
    model: str
    columns: tuple[Column, ...]
    natural_key: tuple[str, ...]
    references: tuple[Reference, ...] = ()
    rules: tuple[RowRule, ...] = ()
    owner: str = "customers"
    owns_itself: bool = False
    identity: Identity = Identity.KEYED
    lookups: tuple[str, ...] = ()
    order: int = 100
    vanishes: bool = True
    after_apply: Callable[[int], None] | None = None
    before_apply: Callable[[Mapping[str, tuple[date, date]]], None] | None = None
    balance: Callable[[], Decimal] | None = None
    twin: Twin | None = None
    description: Text = ""

    def column(self, name: str) -> Column:
        """The column of that name. Raises `KeyError`."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def totals(self) -> tuple[str, ...]:
        """Names of the columns that are summed into the control totals."""
        return tuple(column.name for column in self.columns if column.total)
