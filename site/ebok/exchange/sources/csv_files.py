"""Delimited text: encoding and delimiter found out, rows as a stream, and the way past Python."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, TextIO

from django.utils.translation import gettext as _

from ebok.exchange.encodings import Encoding, find_encoding
from ebok.exchange.mending import mended
from ebok.exchange.profiles.model import Profile
from ebok.exchange.sources.interface import BLOCK, Cells, Part, Plain, SourceRefused
from ebok.exchange.sources.mapping import Mapping, folded
from ebok.ports.datasets import Dataset

DELIMITERS = ";,\t|"
LONGEST_LINE = 1 << 20
DOS_END = "\x1a"
"""Programs of the DOS age end their files with it."""


class CsvFile:
    """A text of rows: what can be known before a dataset is.

    Raises `SourceRefused` when it has no header or is no text.
    """

    def __init__(self, path: Path, member: str, profile: Profile, known: frozenset[str]) -> None:
        self.path = path
        self.member = member
        self.quote = profile.quote
        self.encoding = _encoding(path, member, profile)
        self.delimiter, self.headers, self.header_row = self._header(profile, known)

    def _header(self, profile: Profile, known: frozenset[str]) -> tuple[str, list[str], int]:
        with self.text() as file:
            line, row = _first_line(file), 1
            declared = profile.delimiter
            if line.rstrip("\r\n").lower() in {f"sep={sign}" for sign in DELIMITERS}:
                declared, line, row = line[4], _first_line(file), 2
        if not line.strip():
            raise SourceRefused(
                _("%(member)s is empty: not even a header is in it.") % {"member": self.member}
            )
        signs = declared or DELIMITERS
        readings = {sign: self._fields(line, sign) for sign in signs}
        best = max(readings, key=lambda sign: (_recognised(readings[sign], known), len(readings[sign])))
        return best, readings[best], row

    def _fields(self, line: str, delimiter: str) -> list[str]:
        try:
            return next(self._reader(iter([line]), delimiter), [])
        except csv.Error:
            return []

    def text(self) -> TextIO:
        """The decoded text from its beginning, line ends as they are."""
        file = self.path.open("rb")
        file.seek(self.encoding.mark)
        return io.TextIOWrapper(file, encoding=self.encoding.name, errors="replace", newline="")

    def _reader(self, lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
        if not self.quote:
            return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=True)
        return csv.reader(lines, delimiter=delimiter, quotechar=self.quote, strict=True)

    def records(self) -> Iterator[tuple[int, list[str] | str]]:
        """Row numbers with their cells, or with a sentence where a row cannot be told into cells."""
        with self.text() as file:
            lines = _Lines(file, self.member)
            reader = self._reader(lines, self.delimiter)
            number = 0
            while True:
                try:
                    record = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    number += 1
                    yield number, self._say(error, number, lines)
                    continue
                number += 1
                if record and number > self.header_row:
                    yield number, record

    def _say(self, error: csv.Error, number: int, lines: _Lines) -> str:
        if lines.ended or "field larger" in str(error):
            raise SourceRefused(
                _("%(member)s seems to be cut off: a quote opened in row %(row)d is never closed.")
                % {"member": self.member, "row": number}
            )
        return _("A quote stands where none is expected; double the quotes inside a quoted cell.")


class _Lines:
    """Lines of a text for the CSV reader; remembers whether the text has ended."""

    def __init__(self, file: TextIO, member: str) -> None:
        self.file = file
        self.member = member
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.file.readline(LONGEST_LINE)
        if not line or line == DOS_END:
            self.ended = True
            raise StopIteration
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            raise SourceRefused(
                _("%(member)s holds a line of more than a million characters, so it is no table.")
                % {"member": self.member}
            )
        return line


class CsvPart(Part):
    """One dataset in one delimited file."""

    def __init__(self, profile: Profile, dataset: Dataset, file: CsvFile) -> None:
        super().__init__(dataset, file.member, file.encoding.title)
        self.file = file
        self.mapping = Mapping(profile, dataset, file.headers, file.member)
        self.mended = mended(file.headers)
        self.warnings = list(self.mapping.warnings)
        self._refuse_cut_off()

    def rows(self) -> Iterator[tuple[int, Cells]]:
        cells = self.mapping.cells
        for number, record in self.file.records():
            yield number, self.mapping.broken(record) if isinstance(record, str) else cells(record)

    def plain(self) -> Plain | None:
        return self._plain

    @cached_property
    def _plain(self) -> Plain | None:
        columns = self.mapping.neutral_order
        # The header must be one line without quotes, so that its end is the first line end.
        if columns is None or self.file.encoding.name != "utf-8" or self.file.header_row != 1:
            return None
        with self.file.path.open("rb") as file:
            file.seek(self.file.encoding.mark)
            header = file.readline()
            start = file.tell()
            if b'"' in header:
                return None
            text = _plain_text(file, self.file.delimiter, len(columns), header)
            if text is None:
                return None
        path = self.file.path

        def reopen() -> BinaryIO:
            file = path.open("rb", buffering=BLOCK)
            file.seek(start)
            return file

        return Plain(reopen, self.file.delimiter, columns, first_row=2, bare=text.bare)

    def _refuse_cut_off(self) -> None:
        """A last line that neither ends nor has all its cells is half a line: the rest is missing."""
        tail = _last_line(self.file)
        if not tail:
            return
        try:
            record = self.file._fields(tail, self.file.delimiter)
        except csv.Error:
            return
        if len(record) < self.mapping.width and (self.file.quote not in tail or not self.file.quote):
            raise SourceRefused(
                _(
                    "%(member)s seems to be cut off: its last line has %(found)d of %(expected)d cells"
                    " and no end. Export it again."
                )
                % {"member": self.member, "found": len(record), "expected": self.mapping.width}
            )
        self.warnings.append(
            _("%(member)s does not end with a line end; if it was cut off, its last cell is not whole.")
            % {"member": self.member}
        )


def _last_line(file: CsvFile) -> str:
    """The last line when it has no line end; "" when it has one."""
    with file.path.open("rb") as raw:
        size = raw.seek(0, io.SEEK_END)
        start = max(size - 65536, file.encoding.mark)
        start -= (start - file.encoding.mark) % 2 if file.encoding.name.startswith("utf-16") else 0
        raw.seek(start)
        tail = raw.read().decode(file.encoding.name, "replace")
    return "" if not tail or tail[-1] in "\r\n\x1a" else re.split(r"[\r\n]", tail)[-1]


def _encoding(path: Path, member: str, profile: Profile) -> Encoding:
    encoding = find_encoding(path, declared=profile.encoding)
    if encoding.broken_at is not None:
        with path.open("rb") as file:
            row = 1 + sum(block.count(b"\n") for block in _until(file, encoding.broken_at))
        raise SourceRefused(
            _("%(member)s is written in UTF-8, but row %(row)d holds bytes that are no character in it.")
            % {"member": member, "row": row}
        )
    return encoding


def _until(file: BinaryIO, end: int) -> Iterator[bytes]:
    while end > 0 and (block := file.read(min(BLOCK, end))):
        end -= len(block)
        yield block


def _first_line(file: TextIO) -> str:
    return file.readline(LONGEST_LINE)


def _recognised(headers: list[str], known: frozenset[str]) -> int:
    return sum(folded(header) in known for header in headers)


# Plain ----------------------------------------------------------------------------------


def _plain_text(file: BinaryIO, delimiter: str, width: int, header: bytes) -> _PlainText | None:
    """The rest of the file, when `COPY` reads it as Python's reader does.

    That is only when every line has `width` fields, all line ends are alike, every quote is where both
    expect one, and there is neither a NUL nor a line that begins with `\\.` (the end of data for COPY).
    """
    line_end = b"\r\n" if header.endswith(b"\r\n") else b"\n"
    if not header.endswith(line_end) or b"\r" in header[:-2]:
        return None
    plain = _PlainText(delimiter.encode(), width, line_end)
    held = b""
    while block := file.read(BLOCK):
        cut = block.rfind(b"\n") + 1
        if not cut or len(held) > LONGEST_LINE:
            held += block
            if len(held) > LONGEST_LINE:
                return None
            continue
        left = plain.rest_of(held + block[:cut])
        if left is None:
            return None
        held = left + block[cut:]
    # COPY takes a last line without an end; give it one to count its fields.
    return plain if not held or plain.rest_of(held + line_end) == b"" else None


class _PlainText:
    """Judges whole lines of a file by their delimiters; `bare`: no quote and no backslash was in them."""

    def __init__(self, delimiter: bytes, width: int, line_end: bytes) -> None:
        self.bare = True
        self.line_end = line_end
        self.kept = bytes(sign for sign in range(256) if sign not in delimiter + b"\r\n\0")
        self.line = delimiter * (width - 1) + line_end
        sign = re.escape(delimiter)
        self.quoted = re.compile(rb"(?<![^\n" + sign + rb'])"(?:[^"]|"")*"(?=[\r\n' + sign + rb"])")

    def rest_of(self, text: bytes) -> bytes | None:
        """b"" when all lines are plain, what belongs to a record that goes on, or None when one is not."""
        if b"\\" in text:
            self.bare = False
            if text.startswith(b"\\.") or b"\n\\." in text:
                return None
        if b'"' in text:
            self.bare = False
            return self._rest_of_quoted(text)
        if self.line == self.line_end and (text.startswith(self.line_end) or b"\n" + self.line_end in text):
            return None
        bones = text.translate(None, self.kept)
        return b"" if bones == self.line * (len(bones) // len(self.line)) else None

    def _rest_of_quoted(self, text: bytes) -> bytes | None:
        # A sign that is neither quote, delimiter nor line end stands for each quoted field.
        bare = self.quoted.sub(b"x", text)
        if b'"' not in bare:
            return self.rest_of(bare)
        # An open quote: go back to the beginning of its record and wait for the rest.
        start = text.rfind(b"\n", 0, self._open_quote(text)) + 1
        rest = text[start:]
        if len(rest) > LONGEST_LINE or self.rest_of(self.quoted.sub(b"x", text[:start])) != b"":
            return None
        return rest

    def _open_quote(self, text: bytes) -> int:
        """Where the first quote stands that belongs to no whole field."""
        end = 0
        for found in self.quoted.finditer(text):
            place = text.find(b'"', end, found.start())
            if place >= 0:
                return place
            end = found.end()
        return text.find(b'"', end)
