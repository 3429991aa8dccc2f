"""Tells while a file is being staged which of its lines are spelled as the neutral file spells them.

Sufficient, never necessary, like `sql_accepts`: what the pattern accepts, `clean_row` accepts with the value
the database reads (a property test holds it to that); all other lines are judged one by one. The pattern
costs a fraction of what the same question costs in SQL, and is asked while the server is busy anyway. Cells
that no pattern can tell (a number with a checksum) pass it and are left to the database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from ebok.exchange.sources import Plain
from ebok.exchange.sql_validation import LONGEST_EMAIL, form_of
from ebok.ports.datasets import Column, ColumnType, Dataset, Stored

MOST_DOUBTFUL = 10_000
"""Lines beyond which the database had better look at all of them."""

MOST_NUMBERS = 200
"""A range of so many whole numbers is written out."""

# What nobody sees, and blanks that `str.strip` cuts though they are no ASCII.
_UNSEEN = re.compile("[\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufffd]")
_DAY = (
    rb"(?:19|20)[0-9]{2}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    rb"|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_MOMENT = (
    rb"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    rb"(?:Z|[+-]0[0-9]:[0-5][0-9])"
)


class Spelling:
    """Reads the bytes of one file and collects the numbers of its doubtful lines.

    Of the columns `untold` it says nothing, in whatever line.
    """

    def __init__(self, pattern: re.Pattern[bytes], first_row: int, untold: frozenset[str]) -> None:
        self._pattern = pattern
        self._next = first_row
        self._rest = b""
        self.untold = untold
        self.doubtful: list[int] = []

    @property
    def failed(self) -> bool:
        """Whether too many lines are doubtful to be worth telling apart."""
        return len(self.doubtful) > MOST_DOUBTFUL

    def feed(self, block: bytes) -> None:
        """Look at the next bytes; the last line may be cut anywhere."""
        end = block.rfind(b"\n") + 1
        if not end:
            self._rest += block
            return
        lines, self._rest = self._rest + block[:end], block[end:]
        self._look(lines)

    def close(self) -> None:
        """Look at a last line without a line break."""
        if self._rest:
            self._look(self._rest + b"\n")
            self._rest = b""

    def _look(self, lines: bytes) -> None:
        if self.failed:
            return
        if not _is_seen(lines):
            self._look_at_each(lines)
            return
        place = 0
        while True:
            matched = self._pattern.match(lines, place)
            right = matched.end() if matched else place
            self._next += lines.count(b"\n", place, right)
            if right == len(lines):
                return
            place = lines.index(b"\n", right) + 1
            self._doubt()
            if self.failed:
                return

    def _look_at_each(self, lines: bytes) -> None:
        for line in lines.splitlines(keepends=True) if b"\r" not in lines else lines.split(b"\n")[:-1]:
            whole = line if line.endswith(b"\n") else line + b"\n"
            if _is_seen(whole) and self._pattern.fullmatch(whole):
                self._next += 1
            else:
                self._doubt()

    def _doubt(self) -> None:
        self.doubtful.append(self._next)
        self._next += 1


def _is_seen(lines: bytes) -> bool:
    """Whether all signs outside ASCII are ones people see; bytes that are no UTF-8 are not."""
    if lines.isascii():
        return True
    try:
        return _UNSEEN.search(lines.decode()) is None
    except UnicodeDecodeError:
        return False


def spelling_of(dataset: Dataset, plain: Plain, first_row: int) -> Spelling | None:
    """What looks at the file's lines, or None when a column is missing without which no line is right."""
    missing = [column for column in dataset.columns if column.name not in plain.columns]
    if any(column.required and column.default is None for column in missing):
        return None
    cells = {name: _cell(dataset.column(name), plain.delimiter) for name in plain.columns}
    untold = frozenset(name for name, cell in cells.items() if cell is None)
    anything = rf'[^\x00-\x1f\x7f"{re.escape(plain.delimiter)}]*'.encode()
    line = plain.delimiter.encode().replace(b"|", rb"\|").join(cell or anything for cell in cells.values())
    # Possessive: a million lines leave nothing to come back to.
    return Spelling(re.compile(rb"(?:" + line + rb"\r?\n)*+"), first_row, untold)


def _cell(column: Column, delimiter: str) -> bytes | None:
    """What a right cell looks like, or None when a pattern cannot tell."""
    if column.stored is Stored.KEYED_HASH:
        return None
    filled = (_checked if column.check else _FILLED[column.type])(column, delimiter)
    if filled is None or (column.required and column.default is None):
        return filled
    return rb"(?:" + filled + rb")?"


def _checked(column: Column, delimiter: str) -> bytes | None:
    form = column.check and form_of(column.check)
    if not form:
        return None
    ends = rf"{re.escape(delimiter)}\r\n"
    longest = min(column.max_length or LONGEST_EMAIL, LONGEST_EMAIL)
    return rf"(?=[^{ends}]{{1,{longest}}}[{ends}])(?:{form})".encode()


def _text(column: Column, delimiter: str) -> bytes:
    """Nothing unseen, no quote, no blank at either end; as many bytes as characters are allowed."""
    bar = r"\|" if column.type is ColumnType.CODE else ""
    seen = rf'[^\x00-\x20\x7f"{re.escape(delimiter)}{bar}]'.encode()
    inner = seen.replace(rb"\x00-\x20", rb"\x00-\x1f")
    longest = (column.max_length or 1000) - 1
    if longest < 1:
        return seen
    return seen + rb"(?:" + inner + b"{0,%d}" % longest + rb"(?<! ))?"


def _integer(column: Column, _delimiter: str) -> bytes | None:
    low, high = column.minimum, column.maximum
    if low is not None and high is not None and high - low <= MOST_NUMBERS:
        return b"(?:" + b"|".join(b"%d" % number for number in range(int(low), int(high) + 1)) + b")"
    digits = max(column.digits, 1)
    if column.maximum is not None:
        digits = min(digits, len(str(int(column.maximum) + 1)) - 1)
    if digits < 1 or column.minimum not in {None, 0, 1}:
        return None
    number = b"[1-9][0-9]{0,%d}" % (digits - 1)
    if column.minimum == 1:
        return number
    return (b"-?" if column.minimum is None else b"") + b"(?:0|" + number + b")"


def _decimal(column: Column, _delimiter: str) -> bytes | None:
    least = Decimal(1).scaleb(-column.places)
    if column.maximum is not None or column.minimum not in {None, 0, least}:
        return None
    some = rb"(?=[0.]*[1-9])" if column.minimum == least else b""
    whole = max(column.digits - column.places, 1)
    fraction = rb"(?:\.[0-9]{1,%d})?" % column.places if column.places else b""
    sign = b"-?" if column.minimum is None else b""
    return some + sign + b"(?:0|[1-9][0-9]{0,%d})" % (whole - 1) + fraction


def _choice(column: Column, _delimiter: str) -> bytes | None:
    words = b"|".join(re.escape(word.encode()) for word in column.choices)
    return rb"(?:" + words + rb")" if words else None


_FILLED: Mapping[ColumnType, Callable[[Column, str], bytes | None]] = {
    ColumnType.TEXT: _text,
    ColumnType.CODE: _text,
    ColumnType.INTEGER: _integer,
    ColumnType.DECIMAL: _decimal,
    ColumnType.DATE: lambda _column, _delimiter: _DAY,
    ColumnType.MOMENT: lambda _column, _delimiter: _MOMENT,
    ColumnType.BOOLEAN: lambda _column, _delimiter: b"[01]",
    ColumnType.CHOICE: _choice,
}
