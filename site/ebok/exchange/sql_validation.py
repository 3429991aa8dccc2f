"""Conditions a database can test that are enough for a cell to be right, and the value it then has.

Sufficient, never necessary: what these conditions refuse is judged by `ebok.exchange.validation`, and what
they accept has the same value there (a property test holds both to it). They speak only of the spelling a
neutral file has, so that a million good rows never pass through Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from math import ceil, floor
from typing import Literal

from ebok.exchange.checks_of_text import HASH_MARK
from ebok.ports.datasets import Check, Column, ColumnType, Stored, Value

Vendor = Literal["postgresql", "sqlite"]

LONGEST_EMAIL = 254
_UNSEEN = "\\u0001-\\u001f\\u007f-\\u009f"
_BLANKS = "\\u0020\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
_UNSEEN_GLOB = "*[\x01-\x1f\x7f-\x9f]*"
_BLANK_SIGNS = " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_LONGEST_TEXT = 10_000
FIRST_DAY, LAST_DAY = "1990-01-01", "2039-12-31"
"""The days PostgreSQL is asked to recognise."""
SHORT_RANGE = 1000
"""Whole numbers of a range no longer than this are listed."""

_SHORT_FORMS: Mapping[Check, tuple[str, str]] = {
    Check.POSTCODE: ("^[0-9]{2}-[0-9]{3}$", "[0-9][0-9]-[0-9][0-9][0-9]"),
    Check.SHA256: ("^[0-9a-f]{64}$", "[0-9a-f]" * 64),
    Check.PHONE: (r"^\+48[1-9][0-9]{8}$", "+48[1-9]" + "[0-9]" * 8),
    Check.E_DELIVERY: (
        "^AE:PL-[0-9]{5}-[0-9]{5}-[A-Z]{5}-[0-9]{2}$",
        f"AE:PL-{'[0-9]' * 5}-{'[0-9]' * 5}-{'[A-Z]' * 5}-[0-9][0-9]",
    ),
    Check.NIP: ("^[0-9]{10}$", "[0-9]" * 10),
    Check.REGON: ("^[0-9]{9}$", "[0-9]" * 9),
    Check.NRB: ("^[0-9]{26}$", "[0-9]" * 26),
}
_EMAIL = r"^[a-zA-Z0-9_+-]+(\.[a-zA-Z0-9_+-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$"
_KSEF = "^[0-9]{10}-20[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])-[0-9A-F]{12}-[0-9A-F]{2}$"
_MOMENT = (
    "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$"
)


def sql_accepts(column: Column, expression: str, vendor: Vendor) -> str | None:
    """A condition, never NULL, that is true only for cells that are right as they stand.

    `expression` is a text column or expression of the staging table without side effects (it is written
    several times). None means that no condition is known: every filled cell of the column is for Python.
    """
    filled = _filled(column, expression, vendor)
    empty = "FALSE" if column.required and column.default is None else "TRUE"
    condition = (
        f"CASE WHEN {expression} IS NULL OR {expression} = '' THEN {empty} ELSE {filled or 'FALSE'} END"
    )
    return condition.replace("FALSE", "0").replace("TRUE", "1") if vendor == "sqlite" else condition


def form_of(check: Check) -> str | None:
    """A pattern of ASCII signs for what is right by its form alone, for Python and PostgreSQL alike.

    None when a sum must hold besides, or when there is more to ask.
    """
    if check is Check.EMAIL:
        return _EMAIL[1:-1]
    if check not in _SHORT_FORMS or check in _CHECKSUMS:
        return None
    return _SHORT_FORMS[check][0][1:-1]


def sql_value(column: Column, expression: str, vendor: Vendor) -> str:
    """The stored value of an accepted cell as an expression of the type the model's column has.

    An empty cell is NULL, as the stage keeps it.
    """
    default = literal(default_value(column), vendor)
    value = _VALUES[vendor][column.type](column, expression)
    if column.stored is Stored.KEYED_HASH:
        value = f"substr({value}, {len(HASH_MARK) + 1})"
    return value if default == "NULL" else f"COALESCE({value}, {default})"


def default_value(column: Column) -> Value:
    """What an empty cell becomes. The default of a choice may be written as a file would write it."""
    default = column.default
    if column.type is ColumnType.CHOICE and isinstance(default, str):
        return column.choices.get(default, default)
    return quantized(column, default)


def quantized(column: Column, value: Value) -> Value:
    """A declared number such as 0 as the number a file would give."""
    if column.type is ColumnType.DECIMAL and isinstance(value, int | Decimal):
        return Decimal(value).quantize(Decimal(1).scaleb(-column.places))
    return value


def quoted(text: str) -> str:
    """An SQL string literal. Percent signs are doubled by nobody: pass no parameters, or double them."""
    return "'" + text.replace("'", "''") + "'"


def literal(value: Value, vendor: Vendor) -> str:
    """A checked value as an SQL literal."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE") if vendor == "postgresql" else str(int(value))
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, datetime):
        raise TypeError("A default moment has no use: it would be another one in every import.")
    if isinstance(value, date):
        day = quoted(value.isoformat())
        return f"DATE {day}" if vendor == "postgresql" else day
    return quoted(value)


def _filled(column: Column, x: str, vendor: Vendor) -> str | None:
    if column.stored is Stored.KEYED_HASH:
        return _matches(x, vendor, f"^{HASH_MARK}[0-9a-f]{{64}}$", HASH_MARK + "[0-9a-f]" * 64)
    if column.check is not None:
        checked = _checked(column.check, x, vendor)
        if checked is None:
            return None
        longest = column.max_length
        return f"({checked}){f' AND length({x}) <= {longest}' if longest else ''}"
    return _CONDITIONS[column.type](column, x, vendor)


def _matches(x: str, vendor: Vendor, pattern: str, glob: str) -> str:
    return f"{x} ~ {quoted(pattern)}" if vendor == "postgresql" else f"{x} GLOB {quoted(glob)}"


# By type --------------------------------------------------------------------------------


def _text(column: Column, x: str, vendor: Vendor) -> str:
    longest = column.max_length or _LONGEST_TEXT
    bar = "|" if column.type is ColumnType.CODE else ""
    if vendor == "postgresql":
        # First and last sign no blank, nothing unseen between.
        inner = f"[^{_UNSEEN}\\ufffd{bar}]"
        edge = f"[^{_UNSEEN}{_BLANKS}\\ufffd{bar}]"
        return f"length({x}) <= {longest} AND {x} ~ {quoted(f'^{edge}({inner}*{edge})?$')}"
    edges = f"[^{_BLANK_SIGNS}]"
    bars = f" AND instr({x}, '|') = 0" if bar else ""
    return (
        f"length({x}) <= {longest} AND {x} GLOB {_glob(edges + '*')} AND {x} GLOB {_glob('*' + edges)}"
        f" AND {x} NOT GLOB {_glob(_UNSEEN_GLOB)} AND instr({x}, char(65533)) = 0"
        f" AND instr({x}, char(0)) = 0{bars}"
    )


def _glob(pattern: str) -> str:
    """The pattern as a literal; control characters are spelled out, so that SQL text stays readable."""
    parts: list[str] = []
    run = ""
    for sign in pattern:
        if sign.isprintable():
            run += sign
            continue
        parts += [quoted(run)] if run else []
        parts.append(f"char({ord(sign)})")
        run = ""
    parts += [quoted(run)] if run else []
    return "(" + " || ".join(parts) + ")" if len(parts) > 1 else parts[0]


def _integer(column: Column, x: str, vendor: Vendor) -> str:
    if vendor == "postgresql":
        return _listed_integer(column, x) or _counted_integer(column, x)
    most = max(column.digits, 1)
    form = (
        f"({x} = '0' OR ({x} GLOB '[1-9]*' OR {x} GLOB '-[1-9]*') AND substr({x}, 2) NOT GLOB '*[^0-9]*'"
        f" AND length({x}) <= {most} + ({x} GLOB '-*'))"
    )
    return _bounded(column, x, form, vendor)


def _listed_integer(column: Column, x: str) -> str | None:
    """All numbers of a short range: PostgreSQL hashes the list, several times quicker than a pattern."""
    if column.minimum is None or column.maximum is None:
        return None
    first, last = ceil(column.minimum), floor(column.maximum)
    if last - first > SHORT_RANGE or len(str(last).lstrip("-")) > column.digits:
        return None
    return f"{x} IN ({', '.join(quoted(str(number)) for number in range(first, last + 1))})"


def _counted_integer(column: Column, x: str) -> str:
    """So few digits that no limit can be passed, without a sign and without leading zeros."""
    limit = column.maximum
    digits = column.digits if limit is None else min(column.digits, len(str(floor(limit) + 1)) - 1)
    if digits < 1 or (column.minimum is not None and column.minimum > 1):
        return _bounded(column, x, f"{x} ~ '^[1-9][0-9]{{0,{max(column.digits, 1) - 1}}}$'", "postgresql")
    zero = f"({x} = '0' OR ascii({x}) <> 48)" if (column.minimum or 0) <= 0 else f"ascii({x}) <> 48"
    return f"length({x}) <= {digits} AND translate({x}, '0123456789', '') = '' AND {zero}"


def _decimal(column: Column, x: str, vendor: Vendor) -> str:
    whole = max(column.digits - column.places, 1)
    if vendor == "postgresql":
        # A pattern with few states: PostgreSQL works them out anew for every cell.
        sign = "" if column.minimum is not None and column.minimum >= 0 else "-?"
        point = f"strpos({x}, '.')"
        fits = (
            f"CASE {point} WHEN 0 THEN length({x}) <= {whole}"
            f" ELSE {point} <= {whole} + 1 AND length({x}) - {point} <= {column.places} END"
        )
        form = f"{x} ~ '^{sign}[0-9]+(?:[.][0-9]+)?$' AND {fits}"
        return form if sign == "" and _only_not_negative(column) else _bounded(column, x, form, vendor)
    point = f"CASE instr({x}, '.') WHEN 0 THEN length({x}) + 1 ELSE instr({x}, '.') END"
    form = (
        f"(({x} GLOB '[0-9]*' AND {x} NOT GLOB '0[0-9]*'"
        f" OR {x} GLOB '-[0-9]*' AND {x} NOT GLOB '-0[0-9]*')"
        f" AND substr({x}, 2) NOT GLOB '*[^0-9.]*' AND {x} NOT GLOB '*.*.*' AND {x} GLOB '*[0-9]'"
        f" AND length({x}) - ({point}) <= {column.places}"
        f" AND ({point}) - 1 - ({x} GLOB '-*') <= {whole})"
    )
    return _bounded(column, x, form, vendor)


def _only_not_negative(column: Column) -> bool:
    return column.minimum == 0 and column.maximum is None


def _bounded(column: Column, x: str, form: str, vendor: Vendor) -> str:
    limits = [(">=", column.minimum), ("<=", column.maximum)]
    number = f"CAST({x} AS numeric)"
    tests = [f"{number} {sign} {limit}" for sign, limit in limits if limit is not None]
    if not tests:
        return form
    wrong = "FALSE" if vendor == "postgresql" else "0"
    return f"CASE WHEN {form} THEN {' AND '.join(tests)} ELSE {wrong} END"


def _date(column: Column, x: str, vendor: Vendor) -> str:
    if vendor == "postgresql":
        # Hashed once for a statement, and five times quicker than a pattern; other days are for Python.
        return (
            f"{x} IN (SELECT to_char(day, 'YYYY-MM-DD')"  # noqa: S608 (an expression of ours)
            f" FROM generate_series(DATE '{FIRST_DAY}', DATE '{LAST_DAY}', INTERVAL '1 day') AS day)"
        )
    # Counted by a modifier, a day that is not in the calendar comes back as another one.
    return f"length({x}) = 10 AND {x} >= '1900-01-01' AND date({x}, '+0 days') IS {x}"


def _moment(column: Column, x: str, vendor: Vendor) -> str:
    if vendor == "postgresql":
        return f"{x} ~ {quoted(_MOMENT)}"
    return (
        f"{x} GLOB '[12][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]*'"
        f" AND {x} >= '1900-01-02' AND date(substr({x}, 1, 10), '+0 days') IS substr({x}, 1, 10)"
        f" AND substr({x}, 12, 2) < '24'"
        f" AND (substr({x}, 20) = 'Z' OR substr({x}, 20) GLOB '[-+]0[0-9]:[0-5][0-9]')"
    )


def _boolean(column: Column, x: str, vendor: Vendor) -> str:
    return f"{x} IN ('0', '1')"


def _choice(column: Column, x: str, vendor: Vendor) -> str | None:
    if not column.choices:
        return None
    return f"{x} IN ({', '.join(quoted(word) for word in column.choices)})"


_CONDITIONS: Mapping[ColumnType, Callable[[Column, str, Vendor], str | None]] = {
    ColumnType.TEXT: _text,
    ColumnType.CODE: _text,
    ColumnType.INTEGER: _integer,
    ColumnType.DECIMAL: _decimal,
    ColumnType.DATE: _date,
    ColumnType.MOMENT: _moment,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.CHOICE: _choice,
}


# By check -------------------------------------------------------------------------------


def _checked(check: Check, x: str, vendor: Vendor) -> str | None:
    if check is Check.EMAIL:
        # SQLite has no patterns of its own; Django brings REGEXP, which asks Python for each cell.
        fits = f"length({x}) <= {LONGEST_EMAIL} AND {x} "
        return fits + (
            f"~ {quoted(_EMAIL)}"
            if vendor == "postgresql"
            else f"REGEXP {quoted(_EMAIL[:-1] + chr(92) + 'Z')}"
        )
    if check is Check.KSEF_NUMBER:
        return _ksef(x) if vendor == "postgresql" else None
    if check not in _SHORT_FORMS:
        return None
    form = _matches(x, vendor, *_SHORT_FORMS[check])
    sum_holds = _CHECKSUMS.get(check)
    if sum_holds is None:
        return form
    wrong = "FALSE" if vendor == "postgresql" else "0"
    return f"CASE WHEN {form} THEN {sum_holds(x)} ELSE {wrong} END"


def _weighted(x: str, weights: tuple[int, ...]) -> str:
    return " + ".join(
        f"{weight} * CAST(substr({x}, {place}, 1) AS integer)" for place, weight in enumerate(weights, 1)
    )


def _nip_holds(x: str) -> str:
    return f"({_weighted(x, (6, 5, 7, 2, 3, 4, 5, 6, 7))}) % 11 = CAST(substr({x}, 10, 1) AS integer)"


def _regon_holds(x: str) -> str:
    weighted = _weighted(x, (8, 9, 2, 3, 4, 5, 6, 7))
    return f"(({weighted}) % 11) % 10 = CAST(substr({x}, 9, 1) AS integer)"


def _nrb_holds(x: str) -> str:
    """Modulo 97 of the account, "PL" as 2521 and the check digits, in two steps that fit in 64 bits."""
    first = f"CAST(substr({x}, 3, 15) AS bigint) % 97"
    rest = f"CAST(substr({x}, 18) || '2521' || substr({x}, 1, 2) AS bigint)"
    return f"(({first}) * 1000000000000000 + {rest}) % 97 = 1"


_CHECKSUMS: Mapping[Check, Callable[[str], str]] = {
    Check.NIP: _nip_holds,
    Check.REGON: _regon_holds,
    Check.NRB: _nrb_holds,
}


def _ksef(x: str) -> str:
    """CRC-8 with initial value 0 is linear: the XOR of what each character gives at its place."""
    terms = " # ".join(
        f"get_byte('\\x{_crc_table(31 - place)}'::bytea, ascii(substr({x}, {place + 1}, 1)))"
        for place in range(32)
    )
    crc = f"upper(lpad(to_hex({terms}), 2, '0'))"
    return f"CASE WHEN {x} ~ {quoted(_KSEF)} THEN {crc} = substr({x}, 34) ELSE FALSE END"


def _crc_table(following: int) -> str:
    """What each ASCII character gives when so many characters follow it, as hexadecimal digits."""
    table = bytearray()
    for byte in range(128):
        crc = byte
        for _bit in range(8 * (following + 1)):
            crc = (crc << 1 ^ 0x07 if crc & 0x80 else crc << 1) & 0xFF
        table.append(crc)
    return table.hex()


# Values ---------------------------------------------------------------------------------


def _as_text(column: Column, x: str) -> str:
    return x


def _as_choice(vendor: Vendor) -> Callable[[Column, str], str]:
    def value(column: Column, x: str) -> str:
        cases = " ".join(
            f"WHEN {quoted(word)} THEN {literal(stored, vendor)}" for word, stored in column.choices.items()
        )
        return f"CASE {x} {cases} END" if cases else x

    return value


_VALUES: Mapping[Vendor, Mapping[ColumnType, Callable[[Column, str], str]]] = {
    "postgresql": {
        ColumnType.TEXT: _as_text,
        ColumnType.CODE: _as_text,
        ColumnType.INTEGER: lambda column, x: f"CAST({x} AS bigint)",
        ColumnType.DECIMAL: lambda column, x: f"CAST({x} AS numeric({column.digits}, {column.places}))",
        ColumnType.DATE: lambda column, x: f"CAST({x} AS date)",
        ColumnType.MOMENT: lambda column, x: f"CAST({x} AS timestamptz)",
        ColumnType.BOOLEAN: lambda column, x: f"({x} = '1')",
        ColumnType.CHOICE: _as_choice("postgresql"),
    },
    "sqlite": {
        ColumnType.TEXT: _as_text,
        ColumnType.CODE: _as_text,
        ColumnType.INTEGER: lambda column, x: f"CAST({x} AS integer)",
        ColumnType.DECIMAL: lambda column, x: f"CAST({x} AS numeric)",
        ColumnType.DATE: _as_text,
        # As Django stores moments in SQLite: UTC without a zone.
        ColumnType.MOMENT: lambda column, x: f"strftime('%Y-%m-%d %H:%M:%S', {x})",
        ColumnType.BOOLEAN: lambda column, x: f"({x} = '1')",
        ColumnType.CHOICE: _as_choice("sqlite"),
    },
}
