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
from ebok.ports.datasets import Check, Column, ColumnType, Dataset

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
        Column(
            name="paid", title="paid", type=ColumnType.DECIMAL, digits=6, places=2, minimum=Decimal("0.01")
        ),
        Column(name="email", title="email", check=Check.EMAIL, max_length=20),
        Column(name="phone", title="phone", check=Check.PHONE, max_length=20),
        Column(name="postcode", title="postcode", check=Check.POSTCODE, max_length=10),
        Column(name="post", title="post", check=Check.E_DELIVERY, max_length=40),
    ),
)
NAMES = tuple(column.name for column in THINGS.columns)
SAMPLES = (
    "", "A1", "A|1", " A", "A ", "A B", "żółw", "ąęćłńóśź", "12345678", "\x7f", "\u00a0x", "x\u2009",
    "\ufffd", "0", "1", "9", "99", "100", "007", "-1", "+1", "1.5", "1.50", "-0.00", "1.505", "12345.1",
    "1234.12", ".5", "1,5", "1e3", "NaN", "2026-02-28", "2026-02-29", "2024-02-29", "2026-04-31",
    "2026-12-31", "1899-01-01", "31.12.2026", "20261231", "2026-12-31T10:00:00Z", "2026-12-31T10:00:00",
    "2026-12-31T24:00:00Z", "tak", "true", "a.b", "axb", "c", "C", "a.bc", '"c"', "²", "①",
    "0.00", "0.01", "0.1", "10", "00.01", "a@b.pl", "a@b", "A.b+c@x-y.example.pl", "aaaaaaaaaa@bbbbbbb.pl",
    "aaaaaaaaaaa@bbbbbbb.pl", "ala@Żółw.pl", "+48600100200", "600 100 200", "+48060010020", "62-200", "62200",
    "AE:PL-12345-67890-ABCDE-12", "AE:PL-12345-67890-ABCDE-1",
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


GOOD = (
    "A1", "Łą m³", "12", "-1.50", "2026-12-31", "1", "a.b", "2026-12-01T10:00:00+01:00",
    "0.01", "a.b+c@x-y.pl", "+48600100200", "62-200", "AE:PL-12345-67890-ABCDE-12",
)  # fmt: skip


@given(
    st.lists(
        st.tuples(st.integers(0, len(NAMES) - 1), st.one_of(st.sampled_from(SAMPLES), st.text(max_size=9))),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([";", ",", "\t", "|"]),
)
def test_what_passes_is_right_as_it_stands(other: list[tuple[int, str]], delimiter: str) -> None:
    cells = list(GOOD)
    for place, cell in other:
        cells[place] = cell
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
    good = ";".join(GOOD).encode()
    bad = b"A1;x;0;1;2026-12-31;1;c;;;;;;"
    hidden = "A1;x\u00a0;1;1;2026-12-31;1;c;;;;;;".encode()
    broken = b"A1;\xff;1;1;2026-12-31;1;c;;;;;;"
    lines = [good, bad, good, good, hidden, broken, good, bad]
    assert doubtful(end.join(lines), step=step) == [3, 6, 7, 9]
    assert doubtful(end.join([good] * 50) + end, step=step) == []


@pytest.mark.parametrize("place", range(len(NAMES)))
def test_each_column_says_its_own_wrong_cells(place: int) -> None:
    wrong = "\u00a0"
    assert doubtful(";".join(GOOD).encode()) == []
    assert doubtful(";".join((*GOOD[:place], wrong, *GOOD[place + 1 :])).encode()) == [2]


def test_what_only_a_sum_can_tell_is_left_to_the_database() -> None:
    told = {
        "readings": set(),
        "registers": set(),
        "meters": set(),
        "contracts": set(),
        "invoice_lines": set(),
        "service_points": set(),
        "allocations": set(),
        "payments": {"account"},
        "customers": {"nip", "regon", "pesel", "virtual_account"},
        "invoices": {"account", "ksef_number"},
    }
    for dataset in declared_datasets():
        columns = tuple(column.name for column in dataset.columns)
        spelling = spelling_of(dataset, Plain(io.BytesIO, ";", columns, 2), 2)
        assert spelling is not None
        if dataset.key in told:
            assert spelling.untold == told[dataset.key], dataset.key
