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


class Look(enum.StrEnum):
    """How a cell is set."""

    TEXT = "text"
    CODE = "code"
    MONEY = "money"
    NUMBER = "number"
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
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "d.m.Y, H:i")
    if isinstance(value, date):
        return date_format(value, "d.m.Y")
    if look is Look.MONEY:
        return money_text(value)
    if isinstance(value, Decimal):
        return number_format(_short(value), use_l10n=True, force_grouping=True)
    return str(value)


def _short(value: Decimal) -> Decimal:
    """Without noughts that say nothing."""
    short = value.normalize()
    exponent = short.as_tuple().exponent
    return short.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else short


def of_field(model: type[models.Model], name: str, *, url: Callable[[Any], str] | None = None) -> Shown:
    """The column of a model's field: choices in words, amounts as money where they are money."""
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    if field.choices:
        return Shown(title=field.verbose_name, value=lambda row: _chosen(row, name), url=url)
    return Shown(
        title=field.verbose_name, value=lambda row: getattr(row, name), look=_look(field), url=url
    )


def of_fields(model: type[models.Model], names: Sequence[str]) -> tuple[Shown, ...]:
    """The columns of these fields."""
    return tuple(of_field(model, name) for name in names)


def _chosen(row: Any, name: str) -> str:
    return str(getattr(row, f"get_{name}_display")())


def _look(field: models.Field[Any, Any]) -> Look:
    if isinstance(field, models.DecimalField):
        return Look.MONEY if field.decimal_places == 2 else Look.NUMBER
    if isinstance(field, models.BooleanField):
        return Look.TEXT
    if isinstance(field, models.IntegerField):
        return Look.NUMBER
    return Look.DATE if isinstance(field, models.DateField) else Look.TEXT
