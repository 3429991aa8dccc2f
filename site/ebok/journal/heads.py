"""The head of the chain, noted daily in a file outside the database.

A line is MOMENT NUMBER HASH, and lines are only ever added. Whoever cuts off or rewrites the end of the
chain cannot reach what was noted, if the file lies elsewhere or is append-only.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

from ebok.journal import chain
from ebok.journal.verdicts import Head

_TAIL = 4096


class HeadsUnreadable(ValueError):
    """A line of the file is no head; the message names it."""


@dataclass(frozen=True)
class Noted:
    """One line of the file."""

    moment: datetime
    head: Head

    def __str__(self) -> str:
        moment = self.moment.astimezone(UTC).isoformat(timespec="seconds")
        return f"{moment} {self.head.seq} {self.head.hash}"

    @classmethod
    def parse(cls, line: str) -> Noted:
        """The line's head. Raises `ValueError`."""
        moment, seq, digest = line.split()
        if not seq.isdecimal() or len(digest) != 64:
            raise ValueError
        noted = cls(datetime.fromisoformat(moment), Head(int(seq), digest))
        if noted.moment.tzinfo is None:
            raise ValueError
        return noted


def path() -> Path:
    """Where heads are noted."""
    return Path(settings.EBOK_JOURNAL_HEADS)


def note(*, using: str = DEFAULT_DB_ALIAS) -> Noted:
    """Add the chain's head to the file. Raises `OSError` when that cannot be done."""
    noted = Noted(datetime.now(UTC), chain.head(using=using))
    path().parent.mkdir(parents=True, exist_ok=True)
    # Opened for adding only, so that an append-only file (chattr +a) will do.
    handle = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(handle, f"{noted}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    return noted


def read(file: Path) -> Iterator[Noted]:
    """Every head in a file. Raises `OSError`, or `HeadsUnreadable` naming a line that is none."""
    with file.open(encoding="ascii", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield Noted.parse(line)
            except ValueError:
                raise HeadsUnreadable(f"line {number} of {file} is no head") from None


def last() -> Noted | None:
    """The newest head in the file, or None when there is none that can be read."""
    try:
        with path().open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            lines = file.read().decode("ascii", "replace").split("\n")
    except OSError:
        return None
    for line in reversed(lines):
        try:
            return Noted.parse(line)
        except ValueError:
            continue
    return None
