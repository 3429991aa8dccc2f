"""House numbers: reading, matching, writing back."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.outages.numbers import (
    HouseNumber,
    Numbers,
    NumbersError,
    Side,
    Span,
    address_number,
    format_numbers,
    house_number,
    parse_numbers,
)


def spans(text: str) -> list[tuple[str, str | None, str]]:
    """The spans of a text as plain values."""
    return [
        (str(span.first), None if span.last is None else str(span.last), span.side.value)
        for span in parse_numbers(text).spans
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  ", []),
        ("cała ulica", []),
        ("12", [("12", "12", "both")]),
        ("12 a", [("12A", "12A", "both")]),
        ("2-40", [("2", "40", "both")]),
        ("2–40 parzyste", [("2", "40", "even")]),
        ("2–40, parzyste", [("2", "40", "even")]),
        ("2 — 40 (parzyste)", [("2", "40", "even")]),
        ("1-9 nieparz.", [("1", "9", "odd")]),
        ("2-40 even", [("2", "40", "even")]),
        ("od 2 do 40", [("2", "40", "both")]),
        ("od 20", [("20", None, "both")]),
        ("20-", [("20", None, "both")]),
        ("do 9 nieparzyste", [("1", "9", "odd")]),
        ("parzyste", [("1", None, "even")]),
        ("12A-12F", [("12A", "12F", "both")]),
        ("12/14", [("12", "12", "both"), ("14", "14", "both")]),
        ("2–40 parzyste; 1-12; 3, 5, 7", [
            ("2", "40", "even"), ("1", "12", "both"),
            ("3", "3", "both"), ("5", "5", "both"), ("7", "7", "both"),
        ]),
        ("5, parzyste", [("5", "5", "both"), ("1", None, "even")]),
        ("3; 3; 3", [("3", "3", "both")]),
        ("3,\n5", [("3", "3", "both"), ("5", "5", "both")]),
    ],
)  # fmt: skip
def test_reads_what_editors_type(text: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert spans(text) == expected


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("abc", "abc"),
        ("40-2", "40-2"),
        ("1-5, xyz", "xyz"),
        ("0", "0"),
        ("123456", "123456"),
        ("12 parzyste", "12 parzyste"),
        ("1\x00", "1\x00"),
        ("9" * 501, "9" * 40),
    ],
)
def test_names_the_part_it_cannot_read(text: str, fragment: str) -> None:
    with pytest.raises(NumbersError) as caught:
        parse_numbers(text)
    assert caught.value.fragment == fragment


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("", ["1", "99", "12C"], []),
        ("2–40 parzyste", ["2", "2A", "4", "40", "40B"], ["1", "3", "39", "41", "42"]),
        ("1-9 nieparzyste", ["1", "9", "9C"], ["2", "8", "10", "11"]),
        ("12", ["12"], ["12A", "11", "13"]),
        ("12A", ["12A"], ["12", "12B"]),
        ("12A-12C", ["12A", "12B", "12C"], ["12", "12D", "13"]),
        ("od 20 parzyste", ["20", "9998"], ["18", "21"]),
        ("12/14", ["12", "14"], ["13"]),
    ],
)
def test_covers_odd_even_and_letters(text: str, inside: list[str], outside: list[str]) -> None:
    numbers = parse_numbers(text)
    assert [n for n in inside + outside if numbers.covers(house_number(n))] == inside


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12/5", "12"), ("12a/5", "12A"), ("12 m. 5", "12"), ("12 lok 5", "12"), (" 7 ", "7"), ("3B", "3B")],
)
def test_an_address_loses_its_flat(text: str, expected: str) -> None:
    assert str(address_number(text)) == expected


@pytest.mark.parametrize("text", ["", "dom", "12\x00", "-4", "1e5", "٣", "9" * 41])
def test_what_is_no_house_number_is_refused(text: str) -> None:
    with pytest.raises(NumbersError):
        address_number(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2-40 parzyste", "2–40, parzyste"),
        ("2-40 parzyste; 41", "2–40 (parzyste), 41"),
        ("3,5,7", "3, 5, 7"),
        ("od 20", "od 20"),
        ("parzyste", "parzyste"),
        ("", ""),
    ],
)
def test_is_written_in_the_look_of_the_portal(text: str, expected: str) -> None:
    assert format_numbers(parse_numbers(text)) == expected


houses = st.builds(HouseNumber, st.integers(1, 99_999), st.sampled_from(["", "a", "b", "z"]))


@st.composite
def any_span(draw: st.DrawFn) -> Span:
    """One building, a run, or a run to the end of the street."""
    first = draw(houses)
    if draw(st.booleans()):
        return Span(first, first)
    last = draw(st.none() | houses.filter(lambda house: house > first))
    return Span(first, last, draw(st.sampled_from(Side)))


@given(st.lists(any_span(), max_size=6))
def test_reading_what_was_written_gives_the_same(parts: list[Span]) -> None:
    numbers = Numbers(tuple(dict.fromkeys(parts)))
    assert parse_numbers(format_numbers(numbers)) == numbers


@given(st.integers(1, 200), st.integers(1, 200), st.sampled_from(Side), st.integers(1, 220))
def test_a_run_covers_exactly_its_side(low: int, high: int, side: Side, number: int) -> None:
    low, high = sorted((low, high))
    expected = low <= number <= high and {
        Side.BOTH: True, Side.EVEN: number % 2 == 0, Side.ODD: number % 2 == 1,
    }[side]  # fmt: skip
    if low == high:
        expected = number == low
    assert Span(HouseNumber(low), HouseNumber(high), side).covers(HouseNumber(number)) == expected


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(NumbersError):
        assert len(parse_numbers(text).spans) <= len(text)
