"""Where cards stand: pure rules."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok_plugins.client_zone.placing import (
    ROW,
    WIDTHS,
    Place,
    arranged,
    filled,
    moved,
    of_person,
    read_places,
    written_places,
)

A, B, C = Place("a"), Place("b"), Place("c")
CARDS = ["a", "b", "c"]


def test_cards_that_are_not_named_follow() -> None:
    assert arranged(CARDS, [Place("c", width=7), Place("gone")]) == [Place("c", width=7), A, B]


def test_a_person_cannot_show_what_the_utility_hides() -> None:
    group = [Place("b", is_shown=False), Place("c", width=12)]
    own = [Place("a", is_shown=False), Place("b")]
    assert of_person(CARDS, group, own) == [Place("a", is_shown=False), Place("c", width=12)]


@pytest.mark.parametrize(
    ("card", "move", "expected"),
    [
        ("a", "down", "bac"),
        ("c", "up", "acb"),
        ("a", "up", "abc"),
        ("c", "down", "abc"),
        ("nobody", "up", "abc"),
    ],
)
def test_moving(card: str, move: Any, expected: str) -> None:
    assert "".join(place.card for place in moved([A, B, C], card, move)) == expected


def test_hiding_and_showing_again_keeps_the_place() -> None:
    hidden = moved([A, B, C], "b", "hide")
    assert hidden == [A, Place("b", is_shown=False), C]
    assert moved(hidden, "b", "show") == [A, B, C]


@pytest.mark.parametrize(
    ("widths", "expected"),
    [
        ([7, 5, 12], [7, 5, 12]),
        ([7, 12], [12, 12]),
        ([6, 5, 6, 6], [6, 6, 6, 6]),
        ([4, 4], [4, 8]),
        ([6], [12]),
        ([], []),
    ],
)
def test_no_row_ends_with_a_hole(widths: list[int], expected: list[int]) -> None:
    assert filled(widths) == expected


@given(st.lists(st.sampled_from(WIDTHS), max_size=20))
def test_rows_are_always_full_and_of_widths_the_look_knows(widths: list[int]) -> None:
    found, left = filled(widths), ROW
    assert len(found) == len(widths)
    for width in found:
        assert width in WIDTHS
        assert width <= left
        left = left - width or ROW
    assert left == ROW


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["card", "shown", "width", "x"]), inner),
    max_leaves=12,
)


@given(anything)
def test_whatever_is_stored_can_be_read(stored: Any) -> None:
    places = read_places(stored)
    assert len({place.card for place in places}) == len(places)
    assert read_places(written_places(places)) == places
