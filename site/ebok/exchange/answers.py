"""The billing system's answer to exported batches, as a file: `number;row;state;reason`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ebok.exchange.batches import WrongAnswer, acknowledge, find_batch

HEADERS = ("number", "row", "state", "reason")
LARGEST = 50 * 1024 * 1024
"""Bytes; an answer is smaller than what it answers."""
STATES = {
    "taken": "taken",
    "rejected": "rejected",
    "przyjęte": "taken",
    "przyjety": "taken",
    "przyjęty": "taken",
    "odrzucone": "rejected",
    "odrzucony": "rejected",
}
"""Words of the file to states."""


@dataclass(frozen=True)
class Answer:
    """One line: of a whole batch when `position` is None."""

    line: int
    number: int
    position: int | None
    state: str
    reason: str


def take_answers(key: str, path: Path, *, actor: Any = None) -> int:
    """Take a whole file of answers for one outlet, or nothing of it; how many lines.

    Raises `WrongAnswer` with the number of the line that is wrong.
    """
    count = 0
    with transaction.atomic():
        for answer in read_answers(path):
            try:
                batch = find_batch(key, answer.number)
                positions = None if answer.position is None else [answer.position]
                acknowledge(batch, answer.state, reason=answer.reason, positions=positions, actor=actor)
            except WrongAnswer as wrong:
                raise _in_line(answer.line, wrong.sentence) from None
            count += 1
    return count


def read_answers(path: Path) -> Iterator[Answer]:
    """The lines of the file. Raises `WrongAnswer`."""
    try:
        if path.stat().st_size > LARGEST:
            raise WrongAnswer(_("The file is larger than an answer can be."))
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise WrongAnswer(_("The file is not UTF-8.")) from None
    except OSError as error:
        raise WrongAnswer(_("The file cannot be read: %(why)s.") % {"why": error.strerror or error}) from None
    lines = text.splitlines()
    delimiter = ";" if lines and ";" in lines[0] else ","
    reader = csv.reader(lines, delimiter=delimiter)
    header = [cell.strip().casefold() for cell in next(reader, [])]
    if tuple(header[:3]) != HEADERS[:3]:
        raise WrongAnswer(_("The first line must be: %(headers)s.") % {"headers": ";".join(HEADERS)})
    for row in reader:
        if any(cell.strip() for cell in row):
            yield _answer(reader.line_num, row)


def _answer(line: int, row: list[str]) -> Answer:
    number, position, state, reason = (cell.strip() for cell in [*row, "", "", "", ""][:4])
    if not _is_number(number):
        raise _in_line(line, _("the number of the batch is expected first"))
    if position and not _is_number(position):
        raise _in_line(line, _("“%(text)s” is not the number of a row") % {"text": position[:40]})
    if state.casefold() not in STATES:
        raise _in_line(line, _("“%(text)s” is not taken or rejected") % {"text": state[:40]})
    return Answer(line, int(number), int(position) if position else None, STATES[state.casefold()], reason)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 9


def _in_line(line: int, sentence: str) -> WrongAnswer:
    return WrongAnswer(_("Line %(line)d: %(sentence)s") % {"line": line, "sentence": sentence})
