"""What two files do not share is found in one pass, in whatever order they are."""

from __future__ import annotations

import io
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.exchange import line_differences
from ebok.exchange.line_differences import Differences, differences

LINES = st.lists(st.integers(0, 60).map(lambda number: b"line %d" % number), max_size=50, unique=True)


def compare(
    old: Sequence[bytes], new: Sequence[bytes], again: frozenset[bytes] = frozenset()
) -> Differences | None:
    one, other = (io.BytesIO(b"".join(line + b"\n" for line in lines)) for lines in (old, new))
    return differences(one, other, first_row=2, again=again)


@given(LINES, LINES, st.integers(8, 200))
def test_new_and_gone_lines(old: list[bytes], new: list[bytes], block: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(line_differences, "BLOCK", block)
        found = compare(old, new)

    assert found is not None
    assert found.rows == len(new)
    assert found.new == {line: number for number, line in enumerate(new, 2) if line not in old}
    assert found.gone == set(old) - set(new)


@given(LINES, LINES, st.integers(8, 200), st.sets(st.sampled_from([b"line %d" % n for n in range(0, 60, 9)])))
def test_lines_to_be_looked_at_again(
    old: list[bytes], new: list[bytes], block: int, again: set[bytes]
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(line_differences, "BLOCK", block)
        found = compare(old, new, frozenset(again))

    assert found is not None
    assert set(found.new) == (set(new) - set(old)) | (set(new) & again)
    assert found.gone == (set(old) - set(new)) | (set(old) & again)


def test_a_line_given_twice_is_looked_at() -> None:
    lines = [b"line %d" % number for number in range(40)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(line_differences, "BLOCK", 64)
        found = compare(lines, [*lines, lines[0]])

    assert found == Differences(rows=41, new={b"line 0": 42}, gone=set())


def test_files_that_share_too_little_are_left_to_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_differences, "MOST_LINES", 10)
    assert compare([b"a%d" % n for n in range(20)], [b"b%d" % n for n in range(20)]) is None


@given(
    LINES, st.randoms(use_true_random=False), st.sets(st.sampled_from([b"line %d" % n for n in range(60)]))
)
def test_the_same_lines_in_quite_another_order(lines: list[bytes], chance: Random, again: set[bytes]) -> None:
    shuffled = chance.sample(lines, len(lines))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(line_differences, "BLOCK", 16)
        patched.setattr(line_differences, "_begin_alike", lambda _old, _new: False)
        patched.setattr(line_differences, "MOST_LINES", -1)
        found = compare(lines, shuffled, frozenset(again))
        numbered = {line: number for number, line in enumerate(shuffled, 2) if line in again}
        assert found == Differences(len(lines), numbered, set(numbered))


@pytest.mark.parametrize(
    "other",
    [
        [b"a3", b"a2", b"a1", b"b0"],  # another line of the same length
        [b"a3", b"a2", b"a1", b"a1"],  # a line twice instead of another
        [b"a3", b"a2", b"a1"],
        [b"a3", b"a2", b"a1a0"],
        [b"a3", b"a2", b"a1", b"a", b"0"],
    ],
)
def test_other_lines_in_quite_another_order_are_left_to_the_database(
    monkeypatch: pytest.MonkeyPatch, other: list[bytes]
) -> None:
    monkeypatch.setattr(line_differences, "_begin_alike", lambda _old, _new: False)
    monkeypatch.setattr(line_differences, "MOST_LINES", -1)
    assert compare([b"a0", b"a1", b"a2", b"a3"], other) is None


def test_the_last_line_needs_no_line_break() -> None:
    found = differences(io.BytesIO(b"one\ntwo\n"), io.BytesIO(b"one\ntwo"), first_row=2)
    assert found == Differences(rows=2)


@given(LINES, LINES, st.integers(8, 200))
def test_bytes_held_are_those_of_the_lines_found(old: list[bytes], new: list[bytes], block: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(line_differences, "BLOCK", block)
        found = compare(old, new)

    assert found is not None
    assert found.held == sum(map(len, [*found.new, *found.gone]))
