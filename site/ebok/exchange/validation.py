"""The one validator of the house: what stands in a cell, as a value, or why it cannot be taken.

Files, SQL sources and forms are judged here and nowhere else. `sql_accepts` (in `sql_validation`, offered
here too) is a sufficient condition the database can test: what it accepts, `clean_cell` accepts with the
same value; everything else comes here.

Reading is lenient where only one meaning is possible: a decimal comma, hard and thin spaces between
thousands, Polish dates, hyphens in a NIP. It is strict where a guess would be needed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from ebok.exchange.checks_of_text import (
    CHECKS,
    HASH_MARK,
    HASH_OF_NOTHING,
    CellError,
    e_delivery_checksum_holds,
    is_marked_hash,
    keyed_hash,
    shown,
)
from ebok.exchange.sql_validation import default_value, quantized, sql_accepts, sql_value
from ebok.ports.datasets import KEY_SEPARATOR, Check, Column, ColumnType, Dataset, Stored, Value

__all__ = [
    "CellError",
    "CleanRow",
    "canonical",
    "clean_cell",
    "clean_row",
    "hashed_cell",
    "keyed_hash",
    "sql_accepts",
    "sql_value",
]

Day = TypeVar("Day", bound=date)

FIRST_YEAR = 1900
ZONE = ZoneInfo("Europe/Warsaw")
LONGEST_CELL = 10_000
"""Characters of a text whose column sets no limit."""

_THIN = str.maketrans("", "", " \u00a0\u2009\u202f\u2007")
_MINUS = str.maketrans("\u2212\u2013", "--")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u2009\u202f\u2007][0-9]{3})+(?=[.,]|\Z)|[0-9]+(?=[.,]|\Z)")
_DOTTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_POLISH_DAY = re.compile(r"([0-9]{1,2})([.-])([0-9]{1,2})\2([0-9]{4})(?: 00:00(?::00)?)?")
_SHORT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6})?)?"
    r"(?:Z| ?[+-][0-9]{2}:?[0-9]{2})?"
)
_TRUE = frozenset({"1", "tak", "t", "true", "yes", "y"})
_FALSE = frozenset({"0", "nie", "n", "f", "false", "no"})
_KEPT_CONTROLS = frozenset("\n\t")


@dataclass(frozen=True)
class CleanRow:
    """A row after it was judged: values by column name, and what is wrong by column name.

    A column with an error has no value. `warnings` do not stop the row.
    """

    values: dict[str, Value]
    errors: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)


def clean_cell(column: Column, text: str | None) -> Value:
    """The value that stands in the cell; None for an empty one that has no default.

    A choice gives what is stored, a keyed-hash column the hash. Raises `CellError` with a sentence in the
    active language.
    """
    stripped = "" if text is None else text.strip()
    if not stripped:
        return _empty(column)
    if column.stored is Stored.KEYED_HASH:
        return _hashed(column, stripped)
    return _READERS[column.type](column, stripped)


def canonical(column: Column, value: Value) -> str:
    """The one spelling of a value in neutral files: point decimals, ISO dates, `1` and `0`, "" for None.

    A keyed hash is written with its mark, so that a file made from the mirror can be read again.
    """
    if value is None:
        return ""
    value = quantized(column, value)
    if column.stored is Stored.KEYED_HASH:
        return f"{HASH_MARK}{value}" if value else ""
    if column.type is ColumnType.CHOICE:
        return next((word for word, stored in column.choices.items() if stored == value), str(value))
    return _spelled(column, value)


def _spelled(column: Column, value: Value) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return f"{value:.{column.places}f}"
    if isinstance(value, datetime):
        return value.astimezone(ZONE).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def hashed_cell(column: Column, text: str | None) -> str | None:
    """What may be staged of a cell of a keyed-hash column: the marked hash, or the mark of a refused text."""
    try:
        value = clean_cell(column, text)
    except CellError:
        return HASH_OF_NOTHING
    return None if value is None else f"{HASH_MARK}{value}"


def clean_row(dataset: Dataset, cells: Mapping[str, str | None]) -> CleanRow:
    """The whole row, every cell judged; the dataset's rules are asked only when their columns are right."""
    row = CleanRow({})
    for column in dataset.columns:
        try:
            row.values[column.name] = clean_cell(column, cells.get(column.name))
        except CellError as error:
            row.errors.append((column.name, error.sentence))
            continue
        row.warnings.extend((column.name, sentence) for sentence in _doubts(column, row.values[column.name]))
    for rule in dataset.rules:
        if all(name in row.values for name in rule.columns) and not rule.holds(row.values):
            row.errors.append((rule.columns[0], str(rule.sentence)))
    return row


def _empty(column: Column) -> Value:
    if column.default is not None:
        return default_value(column)
    if column.required:
        raise CellError(_("The cell is empty, but “%(column)s” is required.") % {"column": column.title})
    return None


def _doubts(column: Column, value: Value) -> list[str]:
    if column.check is Check.E_DELIVERY and isinstance(value, str) and not e_delivery_checksum_holds(value):
        sentence = _(
            "The check digits of the e-Delivery address “%(text)s” do not agree with the rest of it."
        )
        return [sentence % {"text": value}]
    return []


def _hashed(column: Column, text: str) -> str:
    if is_marked_hash(text):
        return text.removeprefix(HASH_MARK)
    if text == HASH_OF_NOTHING:
        raise CellError(
            _("What stood here is not right for “%(column)s” and was not kept; write it again.")
            % {"column": column.title}
        )
    return keyed_hash(_text(column, text))


# Readers: a text that is neither empty nor padded -----------------------------------------


def _text(column: Column, text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        _refuse_controls(text, _KEPT_CONTROLS if column.type is ColumnType.TEXT else frozenset())
    if "\ufffd" in text:
        raise CellError(
            _(
                "A character of “%(text)s” could not be read:"
                " the file's encoding is another one than expected."
            )
            % {"text": shown(text)}
        )
    if column.check is not None:
        text = CHECKS[column.check](text)
    longest = column.max_length or LONGEST_CELL
    if len(text) > longest:
        raise CellError(
            _("The text has %(length)d characters; at most %(longest)d are expected.")
            % {"length": len(text), "longest": longest}
        )
    return text


def _refuse_controls(text: str, kept: frozenset[str]) -> None:
    for sign in text:
        if unicodedata.category(sign) in {"Cc", "Cs"} and sign not in kept:
            raise CellError(
                _("The text holds the control character %(code)s, which nobody can see; remove it.")
                % {"code": f"U+{ord(sign):04X}"}
            )


def _code(column: Column, text: str) -> str:
    if KEY_SEPARATOR in text:
        raise CellError(
            _("“%(text)s” holds the character “|”, which codes may not have.") % {"text": shown(text)}
        )
    return _text(column, text)


def _integer(column: Column, text: str) -> int:
    number = _plain_number(text)
    if number is None or "." in number:
        raise CellError(_("“%(text)s” is not a whole number such as 12.") % {"text": shown(text)})
    _refuse_too_many_digits(column, number, text, places=0)
    value = int(number)
    _refuse_out_of_range(column, value, text)
    return value


def _decimal(column: Column, text: str) -> Decimal:
    number = _plain_number(text)
    if number is None:
        raise CellError(_("“%(text)s” is not a number such as 1234.56 or 1 234,56.") % {"text": shown(text)})
    whole, _point, fraction = number.partition(".")
    if len(fraction) > column.places:
        if fraction[column.places :].strip("0"):
            raise CellError(
                _("“%(text)s” has more than %(places)d digits after the decimal point.")
                % {"text": shown(text), "places": column.places}
            )
        number = f"{whole}.{fraction[: column.places]}" if column.places else whole
    _refuse_too_many_digits(column, whole, text, places=column.places)
    value = Decimal(number).quantize(Decimal(1).scaleb(-column.places))
    value = value if value else abs(value)
    _refuse_out_of_range(column, value, text)
    return value


def _plain_number(text: str) -> str | None:
    """Digits with an optional sign and point, or None when the text is no number with one meaning."""
    number = text.translate(_MINUS)
    negative = number.startswith("-")
    if negative or number.startswith("+"):
        number = number[1:].lstrip()
    elif number.endswith("-"):  # as SAP writes it
        negative, number = True, number[:-1].rstrip()
    if _DOTTED.fullmatch(number):
        number = number.replace(".", "").replace(",", ".")
    elif not number.isascii() or " " in number or "," in number:
        if not _GROUPED.match(number):
            return None
        whole, comma, fraction = number.partition("," if "," in number else ".")
        if not (_GROUPED.fullmatch(whole)):
            return None
        number = whole.translate(_THIN) + ("." if comma else "") + fraction
    if not number.isascii() or not _NUMBER.fullmatch(number):
        return None
    return f"-{number}" if negative else number


def _refuse_too_many_digits(column: Column, whole: str, text: str, *, places: int) -> None:
    most = column.digits - places
    if len(whole.lstrip("-").lstrip("0")) > most:
        raise CellError(
            _("“%(text)s” is too large: at most %(most)d digits before the decimal point are expected.")
            % {"text": shown(text), "most": most}
        )


def _refuse_out_of_range(column: Column, value: Decimal | int, text: str) -> None:
    if column.minimum is not None and value < column.minimum:
        raise CellError(
            _("“%(text)s” is too small: at least %(limit)s is expected.")
            % {"text": shown(text), "limit": column.minimum}
        )
    if column.maximum is not None and value > column.maximum:
        raise CellError(
            _("“%(text)s” is too large: at most %(limit)s is expected.")
            % {"text": shown(text), "limit": column.maximum}
        )


def _date(column: Column, text: str) -> date:
    if found := _ISO_DAY.fullmatch(text) or _SHORT_DAY.fullmatch(text):
        year, month, day = found[1], found[2], found[3]
    elif found := _POLISH_DAY.fullmatch(text):
        day, month, year = found[1], found[3], found[4]
    else:
        raise CellError(
            _("“%(text)s” is not a date; a day such as 2026-11-22 or 22.11.2026 is expected.")
            % {"text": shown(text)}
        )
    try:
        value = date(int(year), int(month), int(day))
    except ValueError:
        raise CellError(_("There is no day “%(text)s” in the calendar.") % {"text": shown(text)}) from None
    return _plausible(value, text)


def _plausible(value: Day, text: str) -> Day:
    if value.year < FIRST_YEAR:
        raise CellError(
            _("“%(text)s” lies before the year %(year)d, which cannot be right.")
            % {"text": shown(text), "year": FIRST_YEAR}
        )
    return value


def _moment(column: Column, text: str) -> datetime:
    if not _MOMENT.fullmatch(text):
        raise CellError(
            _("“%(text)s” is not a point in time such as 2026-11-22T19:30:00+01:00.") % {"text": shown(text)}
        )
    try:
        value = datetime.fromisoformat(text.replace(",", ".").replace(" +", "+").replace(" -", "-"))
        aware = value.replace(tzinfo=ZONE) if value.tzinfo is None else value
        moment = aware.astimezone(UTC)
    except (ValueError, OverflowError):
        raise CellError(_("There is no moment “%(text)s” in the calendar.") % {"text": shown(text)}) from None
    if value.tzinfo is None and moment.astimezone(ZONE).replace(tzinfo=None) != value:
        raise CellError(
            _(
                "“%(text)s” was skipped when the clocks changed to summer time;"
                " write the zone, such as +01:00."
            )
            % {"text": shown(text)}
        )
    return _plausible(moment, text)


def _boolean(column: Column, text: str) -> bool:
    word = text.casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise CellError(_("“%(text)s” is neither yes nor no: 1 or 0 is expected.") % {"text": shown(text)})


def _choice(column: Column, text: str) -> str | int:
    if text in column.choices:
        return column.choices[text]
    folded = text.casefold()
    for word, stored in column.choices.items():
        if word.casefold() == folded:
            return stored
    raise CellError(
        _("“%(text)s” is not known here; expected is one of: %(choices)s.")
        % {"text": shown(text), "choices": ", ".join(column.choices)}
    )


_READERS: Mapping[ColumnType, Callable[[Column, str], Value]] = {
    ColumnType.TEXT: _text,
    ColumnType.CODE: _code,
    ColumnType.INTEGER: _integer,
    ColumnType.DECIMAL: _decimal,
    ColumnType.DATE: _date,
    ColumnType.MOMENT: _moment,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.CHOICE: _choice,
}
