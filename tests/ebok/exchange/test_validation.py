"""The one validator: cells, rows, checks, and the SQL conditions that must never be more generous."""

# ruff: noqa: E501 (sentences as people read them)

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from ebok.exchange.checks_of_text import HASH_OF_NOTHING, ksef_crc
from ebok.exchange.declared import declared_datasets
from ebok.exchange.validation import (
    CellError,
    canonical,
    clean_cell,
    clean_row,
    hashed_cell,
    keyed_hash,
)
from ebok.ports.datasets import Check, Column, ColumnType, Dataset, RowRule, Value
from tests.ebok.exchange.sample_columns import (
    AMOUNT,
    CODE,
    DAY,
    FLAG,
    KIND,
    MOMENT,
    NUMBER,
    PESEL,
    PRICE,
    STATE,
    TEXT,
    checked,
    column,
)

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("given_column", "text", "value"),
    [
        (TEXT, "  Zażółć  gęślą ", "Zażółć  gęślą"),
        (TEXT, "a\r\nb", "a\nb"),
        (TEXT, "", None),
        (TEXT, " \u00a0", None),
        (TEXT, None, None),
        (CODE, " 00123 ", "00123"),
        (AMOUNT, "1234.5", Decimal("1234.50")),
        (AMOUNT, "1234,5", Decimal("1234.50")),
        (AMOUNT, "1 234,56", Decimal("1234.56")),
        (AMOUNT, "1\u00a0234\u202f567,8", Decimal("1234567.80")),
        (AMOUNT, "1.234,56", Decimal("1234.56")),
        (AMOUNT, "-12", Decimal("-12.00")),
        (AMOUNT, "−12,00", Decimal("-12.00")),
        (AMOUNT, "12,34-", Decimal("-12.34")),
        (AMOUNT, "+7", Decimal("7.00")),
        (AMOUNT, "0.5000", Decimal("0.50")),
        (AMOUNT, "-0", Decimal("0.00")),
        (PRICE, "5,12345", Decimal("5.12345")),
        (NUMBER, "007", 7),
        (NUMBER, "12 345", 12345),
        (DAY, "2026-11-22", date(2026, 11, 22)),
        (DAY, "22.11.2026", date(2026, 11, 22)),
        (DAY, "2.1.2026", date(2026, 1, 2)),
        (DAY, "22-11-2026", date(2026, 11, 22)),
        (DAY, "20261122", date(2026, 11, 22)),
        (DAY, "2026-11-22 00:00:00", date(2026, 11, 22)),
        (DAY, "2024-02-29", date(2024, 2, 29)),
        (MOMENT, "2026-11-22T12:00:00+01:00", NOON),
        (MOMENT, "2026-11-22 12:00", NOON),
        (MOMENT, "2026-11-22T11:00:00Z", NOON),
        (FLAG, "TAK", True),
        (FLAG, "0", False),
        (KIND, "open", 1),
        (KIND, "Closed", 2),
        (checked(Check.NIP), "526-104-08-28", "5261040828"),
        (checked(Check.NIP), "PL 5261040828", "5261040828"),
        (checked(Check.NRB), "PL12 9999 0000 1234 5678 0000 0096", "12999900001234567800000096"),
        (checked(Check.REGON), "123456785", "123456785"),
        (checked(Check.POSTCODE), "62200", "62-200"),
        (checked(Check.PHONE), "600 100-200", "+48600100200"),
        (checked(Check.PHONE), "0048 600100200", "+48600100200"),
        (checked(Check.PHONE), "(22) 600 10 20", "+48226001020"),
        (checked(Check.PHONE), "+49 30 1234567", "+49301234567"),
        (checked(Check.EMAIL), "Anna@Example.ORG", "Anna@example.org"),
        (
            checked(Check.KSEF_NUMBER),
            "5265877635-20250826-0100001AF629-AF",
            "5265877635-20250826-0100001AF629-AF",
        ),
        (checked(Check.E_DELIVERY), "ae:pl-12345-67890-abcde-12", "AE:PL-12345-67890-ABCDE-12"),
        (checked(Check.SHA256), "AB" * 32, "ab" * 32),
    ],
)
def test_what_is_read(given_column: Column, text: str | None, value: Value) -> None:
    assert clean_cell(given_column, text) == value
    assert type(clean_cell(given_column, text)) is type(value)
    # What is written again is read as the same.
    assert clean_cell(given_column, canonical(given_column, value)) == value


@pytest.mark.parametrize(
    ("given_column", "text", "sentence"),
    [
        (column(required=True), " ", "The cell is empty, but “Column” is required."),
        (TEXT, "a\x00b", "The text holds the control character U+0000, which nobody can see; remove it."),
        (CODE, "a\tb", "The text holds the control character U+0009, which nobody can see; remove it."),
        (TEXT, "a\ud800", "The text holds the control character U+D800, which nobody can see; remove it."),
        (CODE, "a|b", "“a|b” holds the character “|”, which codes may not have."),
        (TEXT, "x" * 21, "The text has 21 characters; at most 20 are expected."),
        (
            TEXT,
            "Ko�o",
            "A character of “Ko�o” could not be read: the file's encoding is another one than expected.",
        ),
        (AMOUNT, "1.234.567", "“1.234.567” is not a number such as 1234.56 or 1 234,56."),
        (AMOUNT, "12 34,5", "“12 34,5” is not a number such as 1234.56 or 1 234,56."),
        (AMOUNT, "1e5", "“1e5” is not a number such as 1234.56 or 1 234,56."),
        (AMOUNT, "NaN", "“NaN” is not a number such as 1234.56 or 1 234,56."),
        (AMOUNT, "Infinity", "“Infinity” is not a number such as 1234.56 or 1 234,56."),
        (AMOUNT, "١٢", "“١٢” is not a number such as 1234.56 or 1 234,56."),
        (AMOUNT, "1,5 zł", "“1,5 zł” is not a number such as 1234.56 or 1 234,56."),
        (AMOUNT, ",5", "“,5” is not a number such as 1234.56 or 1 234,56."),
        (AMOUNT, "5,", "“5,” is not a number such as 1234.56 or 1 234,56."),
        (AMOUNT, "--5", "“--5” is not a number such as 1234.56 or 1 234,56."),
        (AMOUNT, "1.234", "“1.234” has more than 2 digits after the decimal point."),
        (
            AMOUNT,
            "1" * 13,
            "“1111111111111” is too large: at most 12 digits before the decimal point are expected.",
        ),
        (STATE, "-1", "“-1” is too small: at least 0 is expected."),
        (STATE, "1000,001", "“1000,001” is too large: at most 1000 is expected."),
        (NUMBER, "1,0", "“1,0” is not a whole number such as 12."),
        (NUMBER, "-11", "“-11” is too small: at least -10 is expected."),
        (DAY, "2026-02-30", "There is no day “2026-02-30” in the calendar."),
        (DAY, "22/11/26", "“22/11/26” is not a date; a day such as 2026-11-22 or 22.11.2026 is expected."),
        (DAY, "0001-01-01", "“0001-01-01” lies before the year 1900, which cannot be right."),
        (MOMENT, "wczoraj", "“wczoraj” is not a point in time such as 2026-11-22T19:30:00+01:00."),
        (MOMENT, "2026-11-22T25:00:00", "There is no moment “2026-11-22T25:00:00” in the calendar."),
        (
            MOMENT,
            "2026-03-29T02:30:00",
            (
                "“2026-03-29T02:30:00” was skipped when the clocks changed to summer time;"
                " write the zone, such as +01:00."
            ),
        ),
        (FLAG, "może", "“może” is neither yes nor no: 1 or 0 is expected."),
        (KIND, "ajar", "“ajar” is not known here; expected is one of: open, closed."),
        (
            checked(Check.NIP),
            "5261040829",
            "“5261040829” is not a NIP: 10 digits with a right check digit are expected.",
        ),
        (
            checked(Check.REGON),
            "123456784",
            "“123456784” is not a REGON: 9 or 14 digits with a right check digit are expected.",
        ),
        (checked(Check.NRB), "123", "“123” is not an account number: 26 digits are expected."),
        (
            checked(Check.NRB),
            "12999900001234567800000097",
            "The account number “12999900001234567800000097” has wrong check digits: one of its digits is wrong.",
        ),
        (checked(Check.EMAIL), "anna@", "“anna@” is not an e-mail address such as jan@example.com."),
        (
            checked(Check.PHONE),
            "12345",
            "“12345” is not a telephone number: 9 digits, or + and the country's number, are expected.",
        ),
        (checked(Check.POSTCODE), "6220", "“6220” is not a postcode such as 00-950."),
        (
            checked(Check.KSEF_NUMBER),
            "5265877635-20250826-0100001af629-af",
            "“5265877635-20250826-0100001af629-af” is not a KSeF number such as 5265877635-20250826-0100001AF629-AF.",
        ),
        (
            checked(Check.KSEF_NUMBER),
            "5265877635-20250826-0100001AF629-AE",
            (
                "The KSeF number “5265877635-20250826-0100001AF629-AE” has a wrong check sum:"
                " one of its characters is wrong."
            ),
        ),
        (
            checked(Check.KSEF_NUMBER),
            "5265877635-20250230-0100001AF629-AF",
            "The KSeF number “5265877635-20250230-0100001AF629-AF” names no day.",
        ),
        (
            checked(Check.E_DELIVERY),
            "AE:PL-1-2-ABCDE-12",
            "“AE:PL-1-2-ABCDE-12” is not an e-Delivery address such as AE:PL-12345-67890-ABCDE-12.",
        ),
        (
            checked(Check.SHA256),
            "ab",
            "“ab” is not a SHA-256 sum: 64 hexadecimal digits are expected.",
        ),
        (
            PESEL,
            "44051401358",
            "This is not a PESEL: 11 digits with a right date and check digit are expected.",
        ),
        (
            PESEL,
            HASH_OF_NOTHING,
            "What stood here is not right for “Column” and was not kept; write it again.",
        ),
    ],
)
def test_what_is_refused_and_why(given_column: Column, text: str, sentence: str) -> None:
    with pytest.raises(CellError) as refused:
        clean_cell(given_column, text)
    assert refused.value.sentence == sentence


def test_sentences_are_polish_for_polish_people() -> None:
    with translation.override("pl"), pytest.raises(CellError) as refused:
        clean_cell(DAY, "jutro")
    assert (
        refused.value.sentence == "„jutro” to nie data; wpisz dzień, na przykład 2026-11-22 albo 22.11.2026."
    )


@pytest.mark.parametrize(
    "number",
    [
        "5265877635-20250626-010080DD2B5E-26",
        "5265877635-20250916-010040741B3E-46",
        "5265877635-20250925-010020A0A242-0A",
        "6891152920-20251008-010000B4CF64-9C",
    ],
)
def test_numbers_ksef_itself_published(number: str) -> None:
    assert ksef_crc(number[:32]) == number[33:]
    assert clean_cell(checked(Check.KSEF_NUMBER), number) == number


def test_a_pesel_is_only_ever_a_hash() -> None:
    hashed = clean_cell(PESEL, "44051401359")
    assert hashed == keyed_hash("44051401359")
    assert hashed_cell(PESEL, " 440514-01359 ") == f"hmac:{hashed}"
    assert hashed_cell(PESEL, "44051401358") == HASH_OF_NOTHING
    assert hashed_cell(PESEL, " ") is None
    assert clean_cell(PESEL, f"hmac:{hashed}") == hashed
    assert canonical(PESEL, hashed) == f"hmac:{hashed}"


def test_the_hash_depends_on_the_key(settings: Any) -> None:
    before = keyed_hash("44051401359")
    settings.EBOK_PESEL_KEY = "another key"
    assert keyed_hash("44051401359") != before


def test_defaults_fill_empty_cells() -> None:
    assert clean_cell(column(type=ColumnType.DECIMAL, places=3, default=1), "") == Decimal("1.000")
    assert clean_cell(column(default="m³"), None) == "m³"


def test_a_row_tells_everything_that_is_wrong_at_once() -> None:
    dataset = Dataset(
        key="things",
        title="Things",
        model="x.Y",
        natural_key=("code",),
        columns=(
            column(name="code", type=ColumnType.CODE, required=True),
            column(name="begins", type=ColumnType.DATE),
            column(name="ends", type=ColumnType.DATE),
            column(name="box", check=Check.E_DELIVERY),
        ),
        rules=(
            RowRule(
                columns=("begins", "ends"),
                sentence="It ends before it begins.",
                holds=lambda row: str(row["begins"] or "") <= str(row["ends"] or "9"),
            ),
        ),
    )
    row = clean_row(dataset, {"code": None, "begins": "2026-01-02", "ends": "2026-01-01"})
    assert row.errors == [
        ("code", "The cell is empty, but “Column” is required."),
        ("begins", "It ends before it begins."),
    ]
    row = clean_row(dataset, {"code": "A", "begins": "jutro", "ends": "2026-01-01"})
    assert [name for name, _sentence in row.errors] == ["begins"]
    assert row.values == {"code": "A", "ends": date(2026, 1, 1), "box": None}
    row = clean_row(dataset, {"code": "A", "box": "AE:PL-12345-67890-ABCDE-12"})
    assert row.errors == []
    assert [name for name, _sentence in row.warnings] == ["box"]


def test_every_example_is_right() -> None:
    for dataset in declared_datasets():
        row = clean_row(dataset, {column.name: column.example for column in dataset.columns})
        assert (dataset.key, row.errors) == (dataset.key, [])
