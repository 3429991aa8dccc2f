"""JSON Lines: one object in each line, its keys are the headers. Kept dumps of databases look so too.

A first line `{"": ["name", …]}` tells the headers and is no row; without it the first object's keys do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Never

from django.utils.translation import gettext as _

from ebok.exchange.encodings import find_encoding
from ebok.exchange.mending import mended
from ebok.exchange.profiles.model import Profile
from ebok.exchange.sources.interface import Cells, Part, SourceRefused
from ebok.exchange.sources.mapping import Mapping
from ebok.ports.datasets import Dataset

LONGEST_LINE = 1 << 20


class JsonLines:
    """A file of objects; the first one tells the headers. Raises `SourceRefused` when it is none."""

    def __init__(self, path: Path, member: str) -> None:
        self.path = path
        self.member = member
        encoding = find_encoding(path)
        if encoding.name != "utf-8" or encoding.broken_at is not None:
            raise SourceRefused(_("%(member)s is not UTF-8, as JSON Lines must be.") % {"member": member})
        self.mark = encoding.mark
        self.header_line = False
        self.headers = self._find_headers()

    def _find_headers(self) -> list[str]:
        with self.path.open("rb") as file:
            file.seek(self.mark)
            line = file.readline(LONGEST_LINE)
        headers = _header_line(line)
        if headers is not None:
            self.header_line = True
            return headers
        first = next(self.objects(), None)
        if first is None:
            raise SourceRefused(
                _("%(member)s is empty: not even a header is in it.") % {"member": self.member}
            )
        if isinstance(first[1], str):
            raise SourceRefused(f"{self.member}: {first[1]}")
        return list(first[1])

    def objects(self) -> Iterator[tuple[int, dict[str, str] | str]]:
        """Line numbers with the object's texts, or with a sentence where a line holds none."""
        with self.path.open("rb") as file:
            file.seek(self.mark)
            number = 0
            if self.header_line:
                file.readline(LONGEST_LINE)
                number = 1
            while line := file.readline(LONGEST_LINE):
                number += 1
                if not line.endswith(b"\n"):
                    self._refuse_cut_off(line, number)
                if line.strip():
                    yield number, _texts(line)

    def _refuse_cut_off(self, line: bytes, number: int) -> None:
        if len(line) < LONGEST_LINE and not isinstance(_texts(line), str):
            return
        raise SourceRefused(
            _("%(member)s seems to be cut off: line %(row)d is not a whole object.")
            % {"member": self.member, "row": number}
        )


class JsonLinesPart(Part):
    """One dataset in one file of objects. A key that a later object lacks is an empty cell."""

    def __init__(self, profile: Profile, dataset: Dataset, file: JsonLines) -> None:
        super().__init__(dataset, file.member, "UTF-8")
        self.file = file
        self.mapping = Mapping(profile, dataset, file.headers, file.member)
        self.mended = mended(file.headers)
        self.warnings = list(self.mapping.warnings)

    def rows(self) -> Iterator[tuple[int, Cells]]:
        headers, cells = self.file.headers, self.mapping.cells
        for number, found in self.file.objects():
            if isinstance(found, str):
                yield number, self.mapping.broken(found)
                continue
            yield number, cells([found.get(header, "") for header in headers])


def _header_line(line: bytes) -> list[str] | None:
    if not line.startswith(b'{"":'):
        return None
    try:
        names = json.loads(line)[""]
    except (ValueError, RecursionError, KeyError):
        return None
    return names if isinstance(names, list) and all(isinstance(name, str) for name in names) else None


def _texts(line: bytes) -> dict[str, str] | str:
    """The object of one line with every value as text, or a sentence about what is wrong."""
    try:
        found = json.loads(line, parse_float=str, parse_int=str, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return _("The line is not a JSON object.")
    if not isinstance(found, dict):
        return _("The line is not a JSON object.")
    try:
        return {key: _text(value) for key, value in found.items()}
    except TypeError:
        return _("A value is neither a text nor a number nor true, false or null.")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    raise TypeError


def _no_number(word: str) -> Never:
    raise ValueError(word)
