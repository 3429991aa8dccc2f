"""The contrast rules against figures of W3C and of the design guide."""

from __future__ import annotations

import pytest

from ebok.look.contrast import faults, luminance, ratio
from ebok.look.models import COLOURS


def test_black_on_white_is_the_highest_ratio() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)


def test_order_does_not_matter() -> None:
    assert ratio("#0b6070", "#ffffff") == ratio("#ffffff", "#0b6070")


@pytest.mark.parametrize(
    ("front", "back", "expected"),
    [
        ("#777777", "#ffffff", 4.48),  # the well-known grey that just fails
        ("#767676", "#ffffff", 4.54),  # and the one that just passes
        ("#0b6070", "#ffffff", 7.2),  # the design guide: brand on a card
        ("#0f2530", "#ffb938", 9.2),  # ink on the accent
        ("#ffffff", "#073c48", 12.0),  # white on dark panels
    ],
)
def test_known_ratios(front: str, back: str, expected: float) -> None:
    assert ratio(front, back) == pytest.approx(expected, abs=0.06)


@pytest.mark.parametrize("wrong", ["", "red", "#fff", "#12345g", "#1234567", "#123456\n"])
def test_what_is_no_colour_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        luminance(wrong)


def test_the_guide_s_own_colours_break_no_rule() -> None:
    assert faults(COLOURS) == []


@pytest.mark.parametrize(
    ("field", "colour", "blamed"),
    [
        ("brand", "#7fc4d0", {"brand", "brand_soft", "on_brand"}),
        ("brand_soft", "#5b7a7c", {"brand_soft"}),
        ("on_brand", "#0f2530", {"on_brand"}),
        ("sun", "#5a4100", {"sun"}),
    ],
)
def test_unreadable_pairs_are_blamed_on_a_field(field: str, colour: str, blamed: set[str]) -> None:
    assert {fault.rule.field for fault in faults({**COLOURS, field: colour})} == blamed
