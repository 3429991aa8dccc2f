"""Which lines of two files differ, in one or two passes over both and in little memory.

Billing systems write their rows in a steady order, so that equal lines stand near each other: blocks are
compared as a whole, then as sets, and only what found no partner so far is carried on. Files in quite
another order give too many of those, and the answer is None, unless they hold the same lines: a sum over all
lines tells that in whatever order they stand.
"""

from __future__ import annotations

import io
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
    held: int = field(default=0, compare=False)
    """Bytes of the new and gone lines."""


def differences(
    old: BinaryIO, new: BinaryIO, *, first_row: int, again: frozenset[bytes] = frozenset()
) -> Differences | None:
    """What differs. Lines in `again` count as new and as gone wherever they stand."""
    starts = old.tell(), new.tell()
    shuffled = _are_as_long(old, new, starts) and not _begin_alike(old, new)
    _go_back(old, new, starts)
    if shuffled and (found := _in_any_order(old, new, first_row, again)):
        return found
    _go_back(old, new, starts)
    return _in_steady_order(old, new, first_row, again)


def _in_steady_order(
    old: BinaryIO, new: BinaryIO, first_row: int, again: frozenset[bytes]
) -> Differences | None:
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
                    found.held -= len(line)
                else:
                    found.held += 0 if line in found.new else len(line)
                    found.new[line] = number
    found.rows += len(after)
    for line in (old - new) | (old & again):
        if line in found.new and line not in again:
            del found.new[line]
            found.held -= len(line)
        elif line not in found.gone:
            found.gone.add(line)
            found.held += len(line)


def _are_as_long(old: BinaryIO, new: BinaryIO, starts: tuple[int, int]) -> bool:
    """Whether both are as long as the same lines would be; the last one needs no line break."""
    lengths = [file.seek(0, io.SEEK_END) - start for file, start in zip((old, new), starts, strict=True)]
    _go_back(old, new, starts)
    return abs(lengths[0] - lengths[1]) <= 1


def _begin_alike(old: BinaryIO, new: BinaryIO) -> bool:
    """Whether half of the first lines are in both."""
    before, after = (_lines(next(_blocks(file), b"")) for file in (old, new))
    return 2 * len(set(before).intersection(after)) >= len(after)


def _go_back(old: BinaryIO, new: BinaryIO, starts: tuple[int, int]) -> None:
    old.seek(starts[0])
    new.seek(starts[1])


def _in_any_order(
    old: BinaryIO, new: BinaryIO, first_row: int, again: frozenset[bytes]
) -> Differences | None:
    """The lines to be looked at again, when both files hold the same lines each as often; None otherwise.

    Python's hash of bytes has 64 bits and a key that is another one in every process.
    """
    found = Differences()
    total = 0
    for block in _blocks(new):
        lines = _lines(block)
        total += sum(map(hash, lines))
        if not again.isdisjoint(lines):
            numbered = enumerate(lines, first_row + found.rows)
            found.new.update((line, number) for number, line in numbered if line in again)
        found.rows += len(lines)
    rows = found.rows
    for block in _blocks(old):
        lines = _lines(block)
        total -= sum(map(hash, lines))
        rows -= len(lines)
    found.gone.update(found.new)
    return found if total == 0 and rows == 0 else None


def _too_many(found: Differences) -> bool:
    return len(found.new) + len(found.gone) > MOST_LINES or found.held > MOST_BYTES


def _lines(block: bytes) -> list[bytes]:
    lines = block.split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Blocks of whole lines; the last one ends with a line break too."""
    while block := file.read(BLOCK):
        block += file.readline()
        yield block if block.endswith(b"\n") else block + b"\n"
