"""What is read from what people type."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok_plugins.client_zone.registration import rules, tokens


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("412,55", "412.55"),
        ("412.55", "412.55"),
        ("412", "412.00"),
        ("412,5", "412.50"),
        ("1 412,55", "1412.55"),
        ("1\u00a0412,55 zł", "1412.55"),
        ("1.412,55", "1412.55"),
        ("1,412.55", "1412.55"),
        ("412,55 PLN", "412.55"),
        ("−12,30", "-12.30"),
    ],
)
def test_amounts(typed: str, amount: str) -> None:
    assert rules.read_amount(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed", ["", "zł", "12,345", "1e5", "NaN", "٤١٢", "12,55,00", "--1", "9" * 30, "1_000", "+5", "0x1"]
)
def test_what_is_no_amount(typed: str) -> None:
    assert rules.read_amount(typed) is None


@given(st.text(max_size=40))
def test_any_text_is_an_amount_or_none(typed: str) -> None:
    amount = rules.read_amount(typed)
    assert amount is None or amount == amount.quantize(Decimal("0.01"))


@given(st.decimals(min_value=0, max_value=99_999_999, places=2))
def test_every_amount_is_read_back(amount: Decimal) -> None:
    assert rules.read_amount(f"{amount:.2f}".replace(".", ",")) == amount
    assert rules.read_amount(f"{amount:,.2f}".replace(",", " ")) == amount


def test_codes_are_grouped_and_read_back() -> None:
    code = tokens.new_letter_code()
    assert len(code) == rules.CODE_LENGTH
    assert set(code) <= set(rules.ALPHABET)
    assert not set("01ILO") & set(rules.ALPHABET)
    assert rules.bare_code(f" {rules.grouped_code(code).lower()} ") == code
    assert tokens.letter_hash(7, rules.grouped_code(code)) == tokens.letter_hash(7, code)
    assert tokens.letter_hash(7, code) != tokens.letter_hash(8, code)


def test_phones_are_masked() -> None:
    assert rules.masked_phone("+48 990 123 789") == "••• ••• 789"
    assert rules.masked_phone("990") == ""
    assert rules.masked_phone("") == ""


def test_pauses_double_up_to_the_longest() -> None:
    pauses = [rules.CODE.pause(tries) for tries in range(13)]
    assert pauses == [0] * 5 + [60, 120, 240, 480, 960, 1920, 3600, 3600]
