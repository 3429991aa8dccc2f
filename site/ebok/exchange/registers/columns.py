"""What a register shows of a row: columns of lists, of tables in sections, and of exports."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from ebok.look.templatetags.eb import money_text

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

NOTHING = "–"
PRICE_PLACES = 5
"""Decimals of the fields that hold prices of units."""
ACCOUNTS = frozenset({"account", "virtual_account"})
"""Names of the fields that hold bank accounts."""


class Look(enum.StrEnum):
    """How a cell is set."""

    TEXT = "text"
    CODE = "code"
    MONEY = "money"
    NUMBER = "number"
    PRICE = "price"
    """A price of a unit: at least two decimals."""
    ACCOUNT = "account"
    """A bank account, in groups as on transfer forms."""
    DATE = "date"
    TAG = "tag"
    """A state: words, with a mark before them where it needs attention."""


@dataclass(frozen=True)
class State:
    """A state in words; `alarming` sets it apart by mark, weight and colour, never by colour alone."""

    words: str
    alarming: bool = False
    quiet: bool = False

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One column. `value` takes the row; `url`, when told, the address its cell leads to ("" for none)."""

    title: Text
    value: Callable[[Any], Any]
    look: Look = Look.TEXT
    url: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Cell:
    """A cell as a template draws it."""

    text: str
    look: str
    url: str = ""
    alarming: bool = False
    quiet: bool = False


def cells(row: Any, columns: Iterable[Shown]) -> list[Cell]:
    """The row's cells."""
    return [_cell(row, column) for column in columns]


def _cell(row: Any, column: Shown) -> Cell:
    value = column.value(row)
    return Cell(
        said(value, column.look),
        str(column.look),
        column.url(row) if column.url and value not in (None, "") else "",
        alarming=isinstance(value, State) and value.alarming,
        quiet=isinstance(value, State) and value.quiet,
    )


def said(value: Any, look: Look = Look.TEXT) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return _dated(value)
    if isinstance(value, Decimal):
        return money_text(value) if look is Look.MONEY else _number(value, look)
    return _grouped(str(value)) if look is Look.ACCOUNT else str(value)


def _dated(value: date) -> str:
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "d.m.Y, H:i")
    return date_format(value, "d.m.Y")


def _number(value: Decimal, look: Look) -> str:
    short = _short(value)
    if look is Look.PRICE and _places(short) < 2:
        short = short.quantize(Decimal("0.01"))
    return number_format(short, use_l10n=True, force_grouping=True)


def _grouped(account: str) -> str:
    """As on transfer forms: two digits, then fours."""
    return " ".join([account[:2], *(account[place : place + 4] for place in range(2, len(account), 4))])


def _short(value: Decimal) -> Decimal:
    """Without noughts that say nothing."""
    short = value.normalize()
    exponent = short.as_tuple().exponent
    return short.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else short


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def of_field(model: type[models.Model], name: str, *, url: Callable[[Any], str] | None = None) -> Shown:
    """The column of a model's field: choices in words, amounts as money where they are money."""
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    if field.choices:
        return Shown(title=field.verbose_name, value=lambda row: _chosen(row, name), url=url)
    return Shown(title=field.verbose_name, value=lambda row: getattr(row, name), look=_look(field), url=url)


def of_fields(model: type[models.Model], names: Sequence[str]) -> tuple[Shown, ...]:
    """The columns of these fields."""
    return tuple(of_field(model, name) for name in names)


def _chosen(row: Any, name: str) -> str:
    return str(getattr(row, f"get_{name}_display")())


def _look(field: models.Field[Any, Any]) -> Look:
    if isinstance(field, models.DecimalField):
        return {2: Look.MONEY, PRICE_PLACES: Look.PRICE}.get(field.decimal_places or 0, Look.NUMBER)
    if field.name in ACCOUNTS:
        return Look.ACCOUNT
    if isinstance(field, models.BooleanField):
        return Look.TEXT
    if isinstance(field, models.IntegerField):
        return Look.NUMBER
    return Look.DATE if isinstance(field, models.DateField) else Look.TEXT
