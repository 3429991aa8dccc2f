"""The SQL conditions of the validator must never be more generous than the validator."""

# ruff: noqa: E501 (sentences as people read them)

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ebok.exchange.checks_of_text import HASH_OF_NOTHING
from ebok.exchange.declared import declared_datasets
from ebok.exchange.sql_validation import sql_accepts, sql_value
from ebok.exchange.validation import (
    CellError,
    canonical,
    clean_cell,
)
from ebok.ports.datasets import Check, Column, ColumnType, Value
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

EVERY_COLUMN = {
    "text": TEXT,
    "code": CODE,
    "amount": AMOUNT,
    "price": PRICE,
    "state": STATE,
    "number": NUMBER,
    "short range": column(type=ColumnType.INTEGER, minimum=-1, maximum=99),
    "position": column(type=ColumnType.INTEGER, minimum=1, maximum=32000),
    "count": column(type=ColumnType.INTEGER, minimum=0, digits=6),
    "late": column(type=ColumnType.INTEGER, minimum=5, maximum=100000),
    "any": column(type=ColumnType.INTEGER, digits=3),
    "not negative": column(type=ColumnType.DECIMAL, digits=8, places=3, minimum=0),
    "positive": column(type=ColumnType.DECIMAL, minimum=Decimal("0.01")),
    "whole": column(type=ColumnType.DECIMAL, digits=5, places=0),
    "day": DAY,
    "moment": MOMENT,
    "flag": FLAG,
    "kind": KIND,
    "required": column(required=True),
    "default": column(default="m³"),
    "pesel": PESEL,
    **{str(check): checked(check) for check in Check if check is not Check.PESEL},
    "ksef": column(type=ColumnType.CODE, check=Check.KSEF_NUMBER, max_length=36),
}

GOOD_TEXTS = [
    "", "Zażółć", "a  b", "|", "x" * 20, "x" * 21, "0", "-0", "00", "7", "-7", "12.50", "-0.05", "1.", ".5",
    "1234567.89", "999999999999.99", "1000000000000", "5.12345", "1000", "1000.001", "100000", "-10", "+5",
    "2026-11-22", "2026-02-29", "2024-02-29", "2026-12-31", "2026-04-31", "1899-12-31", "1900-01-01",
    "2026-11-22T12:00:00+01:00", "2026-11-22T12:00:00Z", "2026-11-22T12:00:00", "2026-11-22T24:00:00Z",
    "99", "100", "32000", "32001", "9999", "10000", "5", "4", "05", "0.01", "0.001", "12345", "99999.999", "-1", "-2",
    "1990-01-01", "1989-12-31", "2039-12-31", "2040-01-01", "1", "open", "closed", "Open", "5261040828", "5261040829", "123456785", "123456784", "62-200", "62200",
    "12999900001234567800000096", "12999900001234567800000097", "61109010140000071219812874",
    "+48600100200", "600100200", "anna@example.org", "a.b@c.pl", "a..b@c.pl", "a@-c.pl", "a@c",
    "5265877635-20250826-0100001AF629-AF", "5265877635-20250826-0100001AF629-AE",
    "7781464139-20230721-80B510-9675F7-B5",
    "AE:PL-12345-67890-ABCDE-12", "ab" * 32, "AB" * 32, "hmac:" + "ab" * 32, HASH_OF_NOTHING, "44051401359",
]  # fmt: skip

SPELLINGS = st.one_of(
    st.sampled_from(GOOD_TEXTS),
    st.sampled_from(GOOD_TEXTS).flatmap(
        lambda text: st.builds(
            lambda place, sign: text[:place] + sign + text[place + 1 :],
            st.integers(0, max(len(text), 1)),
            st.sampled_from([*"019-+.,: |eE@TZ\n\t\u00a0\u2003\u3000\ufeff\x7f\x85ąŁ٣", "", "\ufffd"]),
        )
    ),
    st.decimals(-(10**13), 10**13, places=3).map(str),
    st.integers(-(10**15), 10**15).map(str),
    st.dates().map(str),
    st.datetimes().map(lambda moment: moment.isoformat(timespec="seconds") + "+01:00"),
    st.from_regex(r"[0-9]{10}", fullmatch=True),
    st.emails(),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=25),
)


def judged(given_column: Column, texts: Sequence[str]) -> list[tuple[bool, Any]]:
    """What the database says of cells: whether it accepts each, and the value it would store."""
    vendor: Any = connection.vendor
    condition = sql_accepts(given_column, "cell", vendor)
    # As the stage keeps it: an empty cell is NULL.
    value = sql_value(given_column, "NULLIF(cell, '')", vendor)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS some_cells (place integer, cell text)")
        cursor.execute("DELETE FROM some_cells")
        cursor.executemany("INSERT INTO some_cells VALUES (%s, %s)", list(enumerate(texts)))
        cursor.execute(f"SELECT {condition} FROM some_cells ORDER BY place")
        accepted = [row[0] for row in cursor.fetchall()]
        assert set(accepted) <= {True, False}
        cursor.execute(f"SELECT place, {value} FROM some_cells WHERE {condition} ORDER BY place")
        values = dict(cursor.fetchall())
    return [(bool(answer), values.get(place)) for place, answer in enumerate(accepted)]


def as_stored(value: Value) -> Any:
    """A value as this database gives it back from an expression."""
    if connection.vendor == "postgresql":
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("name", sorted(EVERY_COLUMN))
@pytest.mark.django_db
def test_what_sql_accepts_python_accepts_with_the_same_value(name: str) -> None:
    given_column = EVERY_COLUMN[name]

    def compare(texts: Sequence[str]) -> None:
        for text, (accepted, stored) in zip(texts, judged(given_column, texts), strict=True):
            if accepted:
                assert (text, as_stored(clean_cell(given_column, text))) == (text, stored)

    @hypothesis_settings(
        max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.lists(SPELLINGS, min_size=20, max_size=60))
    def holds(texts: list[str]) -> None:
        compare(texts)

    compare(GOOD_TEXTS)
    holds()


@pytest.mark.django_db
def test_what_neutral_files_hold_is_accepted_by_sql() -> None:
    """Otherwise every row would pass through Python, and nobody would notice but the clock."""
    slow = {Check.KSEF_NUMBER} if connection.vendor == "sqlite" else set[Check]()
    for dataset in declared_datasets():
        for each in dataset.columns:
            if each.check in slow:
                continue
            try:
                text = canonical(each, clean_cell(each, each.example))
            except CellError:
                continue
            assert (dataset.key, each.name, judged(each, [text])[0][0]) == (dataset.key, each.name, True)


@pytest.mark.django_db
def test_an_empty_cell_is_null_or_the_default() -> None:
    assert judged(TEXT, [""]) == [(True, None)]
    assert judged(column(default="m³"), [""]) == [(True, "m³")]
    assert judged(column(type=ColumnType.DECIMAL, default=Decimal(0)), [""]) == [(True, 0)]
    assert judged(column(required=True), [""]) == [(False, None)]
