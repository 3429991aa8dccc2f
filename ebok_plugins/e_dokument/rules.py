"""Pure decisions about documents and applications: no Django, no database."""

from __future__ import annotations

import enum
import re
import unicodedata
from datetime import date

NUMBER_PREFIX = "W"
_LIKE_L = str.maketrans({"ł": "l", "Ł": "l", "ø": "o", "đ": "d"})
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Validity(enum.StrEnum):
    """Where a document stands against "obowiązuje od" and "obowiązuje do"."""

    UPCOMING = "upcoming"
    IN_FORCE = "in-force"
    EXPIRED = "expired"


def validity(valid_from: date | None, valid_to: date | None, today: date) -> Validity:
    """The state of a document on a day; both ends belong to the period, an open end never comes."""
    if valid_to is not None and valid_to < today:
        return Validity.EXPIRED
    if valid_from is not None and valid_from > today:
        return Validity.UPCOMING
    return Validity.IN_FORCE


class State(enum.StrEnum):
    """The states of an application."""

    NEW = "new"
    IN_PROGRESS = "in-progress"
    ANSWERED = "answered"
    CLOSED = "closed"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.NEW: frozenset({State.IN_PROGRESS, State.ANSWERED, State.CLOSED}),
    State.IN_PROGRESS: frozenset({State.NEW, State.ANSWERED, State.CLOSED}),
    State.ANSWERED: frozenset({State.IN_PROGRESS, State.CLOSED}),
    State.CLOSED: frozenset({State.IN_PROGRESS}),
}
"""What a state may become. A closed application is opened again only by taking it up."""


def may_become(current: str, wanted: str) -> bool:
    """Whether the application may go from one state to the other; unknown words never may."""
    try:
        return State(wanted) in TRANSITIONS[State(current)]
    except ValueError:
        return False


def number_text(year: int, count: int) -> str:
    """The number people write down: "W/2026/000123"."""
    return f"{NUMBER_PREFIX}/{year}/{count:06d}"


def folded(text: str) -> str:
    """Lower case without diacritics and with single spaces: what documents are searched by.

    SQLite compares only ASCII letters without regard to case, and people leave Polish letters out.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LIKE_L)).casefold()
    return " ".join("".join(mark for mark in plain if not unicodedata.combining(mark)).split())


def search_words(query: str, *, most: int = 8) -> list[str]:
    """The words to look for, folded; a question longer than that is cut.

    Endings of longer words are left out, so that "wnioski" also finds "wniosek" and "umowy"
    finds "umowa": Polish inflects the end.
    """
    return [_stem(word) for word in folded(query[:200]).split()[:most]]


def _stem(word: str) -> str:
    if len(word) <= 4 or not word.isalpha():
        return word
    return word[: max(4, len(word) - 2)]


def safe_file_name(name: str, extension: str, *, longest: int = 80) -> str:
    """A name for a Content-Disposition header: ASCII, no path, the given extension."""
    stem = folded(name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1])
    if stem.endswith(f".{extension}"):
        stem = stem[: -len(extension) - 1]
    stem = _UNSAFE.sub("-", stem).strip("-._")[:longest].strip("-._")
    return f"{stem or 'dokument'}.{extension}"


def shown_name(name: str, *, longest: int = 120) -> str:
    """A visitor's own file name as text: without path, control characters and excess length."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(letter for letter in base if unicodedata.category(letter)[0] != "C").strip()
    return clean[-longest:] or "plik"
