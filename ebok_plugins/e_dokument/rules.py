"""Pure decisions about documents and applications: no Django, no database."""

from __future__ import annotations

import enum
from datetime import date

from ebok.files.names import folded

NUMBER_PREFIX = "W"


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
