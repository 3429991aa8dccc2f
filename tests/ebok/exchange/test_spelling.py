"""The pattern that lets lines pass accepts nothing that the validator does not accept with the same text."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.exchange.declared import declared_datasets
from ebok.exchange.sources import Plain
from ebok.exchange.spelling import Spelling, spelling_of
from ebok.exchange.validation import canonical, clean_row
from ebok.ports.datasets import Column, ColumnType, Dataset

THINGS = Dataset(
    key="things",
    title="Things",
    model="x.Thing",
    natural_key=("code",),
    columns=(
        Column(name="code", title="code", type=ColumnType.CODE, required=True, max_length=6),
        Column(name="name", title="name", max_length=8),
        Column(name="count", title="count", type=ColumnType.INTEGER, minimum=1, maximum=99),
        Column(name="amount", title="amount", type=ColumnType.DECIMAL, digits=6, places=2),
        Column(name="day", title="day", type=ColumnType.DATE),
        Column(name="flag", title="flag", type=ColumnType.BOOLEAN),
        Column(name="kind", title="kind", type=ColumnType.CHOICE, choices={"a.b": 1, "c": 2}),
        Column(name="at", title="at", type=ColumnType.MOMENT),
    ),
)
NAMES = tuple(column.name for column in THINGS.columns)
SAMPLES = (
    "", "A1", "A|1", " A", "A ", "A B", "żółw", "ąęćłńóśź", "12345678", "\x7f", "\u00a0x", "x\u2009",
    "\ufffd", "0", "1", "9", "99", "100", "007", "-1", "+1", "1.5", "1.50", "-0.00", "1.505", "12345.1",
    "1234.12", ".5", "1,5", "1e3", "NaN", "2026-02-28", "2026-02-29", "2024-02-29", "2026-04-31",
    "2026-12-31", "1899-01-01", "31.12.2026", "20261231", "2026-12-31T10:00:00Z", "2026-12-31T10:00:00",
    "2026-12-31T24:00:00Z", "tak", "true", "a.b", "axb", "c", "C", "a.bc", '"c"', "²", "①",
)  # fmt: skip


def plain(text: bytes, delimiter: str = ";") -> Plain:
    return Plain(open=lambda: io.BytesIO(text), delimiter=delimiter, columns=NAMES, first_row=2)


def doubtful(text: bytes, delimiter: str = ";", step: int = 7) -> list[int]:
    spelling = spelling_of(THINGS, plain(text, delimiter), 2)
    assert isinstance(spelling, Spelling)
    for start in range(0, len(text), step):
        spelling.feed(text[start : start + step])
    spelling.close()
    return spelling.doubtful


@given(
    st.lists(
        st.one_of(st.sampled_from(SAMPLES), st.text(max_size=9)), min_size=len(NAMES), max_size=len(NAMES)
    ),
    st.sampled_from([";", ",", "\t", "|"]),
)
def test_what_passes_is_right_as_it_stands(cells: list[str], delimiter: str) -> None:
    if any(sign in cell for cell in cells for sign in ("\n", "\r", delimiter)):
        return
    try:
        line = delimiter.join(cells).encode()
    except UnicodeEncodeError:
        return
    if doubtful(line + b"\n", delimiter):
        return
    row = clean_row(THINGS, dict(zip(NAMES, cells, strict=True)))
    assert row.errors == []
    for column, cell in zip(THINGS.columns, cells, strict=True):
        value = row.values[column.name]
        if column.type is ColumnType.DECIMAL and cell:
            assert value == Decimal(cell)
        elif column.type is ColumnType.MOMENT:
            assert (value is None) == (not cell)
        else:
            assert canonical(column, value) == cell


@pytest.mark.parametrize("step", [1, 13, 1000])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_the_numbers_of_doubtful_lines(step: int, end: bytes) -> None:
    good = "A1;Łą m³;12;-1.50;2026-12-31;1;a.b;2026-12-01T10:00:00+01:00".encode()
    bad = b"A1;x;0;1;2026-12-31;1;c;"
    hidden = "A1;x\u00a0;1;1;2026-12-31;1;c;".encode()
    broken = b"A1;\xff;1;1;2026-12-31;1;c;"
    lines = [good, bad, good, good, hidden, broken, good, bad]
    assert doubtful(end.join(lines), step=step) == [3, 6, 7, 9]
    assert doubtful(end.join([good] * 50) + end, step=step) == []


def test_every_dataset_that_is_only_numbers_and_names_has_a_pattern() -> None:
    known = {dataset.key: dataset for dataset in declared_datasets()}
    for key in ("readings", "registers", "meters", "contracts", "invoice_lines"):
        dataset = known[key]
        columns = tuple(column.name for column in dataset.columns)
        assert spelling_of(dataset, Plain(io.BytesIO, ";", columns, 2), 2) is not None, key
