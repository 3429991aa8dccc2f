"""Which lines of two files differ, in one pass over both and in little memory.

Billing systems write their rows in a steady order, so that equal lines stand near each other: blocks are
compared as a whole, then as sets, and only what found no partner so far is carried on. Files in quite
another order give so many lines without partner that the answer is None.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

BLOCK = 1 << 18
MOST_LINES = 120_000
MOST_BYTES = 16 << 20
"""Of lines without partner; beyond that comparing every row with the mirror is the better way."""


@dataclass
class Differences:
    """Lines only the newer file has, with their row numbers; lines only the older one has; all lines."""

    rows: int = 0
    new: dict[bytes, int] = field(default_factory=dict)
    gone: set[bytes] = field(default_factory=set)


def differences(
    old: BinaryIO, new: BinaryIO, *, first_row: int, again: frozenset[bytes] = frozenset()
) -> Differences | None:
    """What differs. Lines in `again` count as new and as gone wherever they stand."""
    found = Differences()
    old_blocks, new_blocks = _blocks(old), _blocks(new)
    while True:
        before, after = next(old_blocks, b""), next(new_blocks, b"")
        if not before and not after:
            return found
        if before == after and not again:
            found.rows += after.count(b"\n")
            continue
        _compare(found, _lines(before), _lines(after), first_row, again)
        if _too_many(found):
            return None


def _compare(
    found: Differences, before: list[bytes], after: list[bytes], first_row: int, again: frozenset[bytes]
) -> None:
    old, new = set(before), set(after)
    fresh = (new - old) | (new & again)
    if fresh:
        for number, line in enumerate(after, first_row + found.rows):
            if line in fresh:
                if line in found.gone and line not in again:
                    found.gone.discard(line)
                else:
                    found.new[line] = number
    found.rows += len(after)
    for line in (old - new) | (old & again):
        if line in found.new and line not in again:
            del found.new[line]
        else:
            found.gone.add(line)


def _too_many(found: Differences) -> bool:
    if len(found.new) + len(found.gone) > MOST_LINES:
        return True
    return sum(map(len, found.new)) + sum(map(len, found.gone)) > MOST_BYTES


def _lines(block: bytes) -> list[bytes]:
    lines = block.split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Blocks of whole lines; the last one ends with a line break too."""
    while block := file.read(BLOCK):
        block += file.readline()
        yield block if block.endswith(b"\n") else block + b"\n"
