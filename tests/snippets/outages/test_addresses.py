"""Street names as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.outages import addresses


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("ul. Lipowa", "lipowa"),
        ("ulica LIPOWA", "lipowa"),
        ("ul.Lipowa", "lipowa"),
        ("Łąkowa", "lakowa"),
        ("Skłodowskiej-Curie", "sklodowskiej curie"),
        ("al. Jana Pawła II", "jana pawla ii"),
        ("  3   Maja ", "3 maja"),
        ("ul", "ul"),
        ("\x00", ""),
        ("…", ""),
    ],
)
def test_key_leaves_out_kind_and_diacritics(typed: str, key: str) -> None:
    assert addresses.search_key(typed) == key


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Lipowa 12A", ("Lipowa", "12A")),
        ("Lipowa 12 m. 5", ("Lipowa", "12 m. 5")),
        ("Lipowa 12/5", ("Lipowa", "12/5")),
        ("3 Maja", ("3 Maja", "")),
        ("3 Maja 7", ("3 Maja", "7")),
        ("Lipowa", ("Lipowa", "")),
        ("12", ("12", "")),
    ],
)
def test_number_is_split_off_the_end(typed: str, expected: tuple[str, str]) -> None:
    assert addresses.split_number(typed) == expected


def test_locality_follows_the_comma() -> None:
    assert addresses.split_locality("Lipowa 4, Nowe Lipowo") == ("Lipowa 4", "Nowe Lipowo")


@given(st.text(max_size=300))
def test_keys_are_plain(text: str) -> None:
    key = addresses.search_key(text)
    assert key == addresses.plain(key)
    assert len(key) <= addresses.LONGEST
