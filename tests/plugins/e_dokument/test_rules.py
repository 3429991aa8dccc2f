"""Decisions about documents and applications, case by case."""

from datetime import date

import pytest

from ebok.files.names import folded
from ebok_plugins.e_dokument import rules
from ebok_plugins.e_dokument.rules import State, Validity

TODAY = date(2026, 5, 14)


@pytest.mark.feature("J06")
@pytest.mark.parametrize(
    ("valid_from", "valid_to", "expected"),
    [
        (None, None, Validity.IN_FORCE),
        (TODAY, None, Validity.IN_FORCE),
        (date(2026, 5, 15), None, Validity.UPCOMING),
        (None, TODAY, Validity.IN_FORCE),
        (None, date(2026, 5, 13), Validity.EXPIRED),
        (date(2026, 1, 1), date(2026, 12, 31), Validity.IN_FORCE),
    ],
)
def test_both_ends_belong_to_the_period(
    valid_from: date | None, valid_to: date | None, expected: Validity
) -> None:
    assert rules.validity(valid_from, valid_to, TODAY) is expected


def test_numbers_have_six_digits() -> None:
    assert [rules.number_text(2026, count) for count in (1, 123, 1_000_000)] == [
        "W/2026/000001",
        "W/2026/000123",
        "W/2026/1000000",
    ]


def test_what_a_state_may_become() -> None:
    allowed = {(old, new) for old in State for new in State if rules.may_become(old, new)}
    assert allowed == {
        (State.NEW, State.IN_PROGRESS),
        (State.NEW, State.ANSWERED),
        (State.NEW, State.CLOSED),
        (State.IN_PROGRESS, State.NEW),
        (State.IN_PROGRESS, State.ANSWERED),
        (State.IN_PROGRESS, State.CLOSED),
        (State.ANSWERED, State.IN_PROGRESS),
        (State.ANSWERED, State.CLOSED),
        (State.CLOSED, State.IN_PROGRESS),
    }
    assert not rules.may_become("new", "nonsense")
    assert not rules.may_become("nonsense", "new")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Zażółć  GĘŚLĄ\njaźń", "zazolc gesla jazn"), ("Łódź ŁÓDŹ", "lodz lodz"), ("ＰＤＦ", "pdf"), ("", "")],
)
def test_folding_leaves_plain_letters(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_endings_are_left_out_and_questions_cut() -> None:
    assert rules.search_words("Wnioski o UMOWĘ 2026") == ["wnios", "o", "umow", "2026"]
    assert len(rules.search_words("a b c d e f g h i j")) == 8
    assert rules.search_words("x" * 5000) == ["x" * 198]
