"""Delimited text: what is found out, what is refused, what is a rejected row, and what `COPY` may read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ebok.exchange.profiles.model import Profile
from ebok.exchange.sources import SourceRefused
from ebok.exchange.staging.postgresql import from_plain
from tests.ebok.exchange.source_files import HEADER, NEUTRAL, only, opened, table

ROW = ["A1", "Zażółć", "1.50", "2026-11-22"]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1250", "iso8859-2", "utf-16"])
def test_encoding_delimiter_and_line_ends_are_found_out(
    tmp_path: Path, delimiter: str, line_end: str, codec: str
) -> None:
    lines = ["code;name;amount;made_on", "A1;Zażółć;1.50;2026-11-22", "A2;Wąż;;", ""]
    text = line_end.join(lines).replace(";", delimiter)
    part = only(opened(tmp_path, {"things.csv": text.encode(codec)}))
    assert table(part) == [(2, ROW), (3, ["A2", "Wąż", None, None])]
    assert part.warnings == []


def test_columns_may_stand_in_any_order_and_be_missing(tmp_path: Path) -> None:
    part = only(opened(tmp_path, {"things.csv": "Amount; CODE \n1,5; x \n"}))
    assert table(part) == [(2, ["x", None, "1,5", None])]


def test_quotes_newlines_and_blank_lines_inside(tmp_path: Path) -> None:
    text = HEADER + 'A1;"Firma ""X""; dwa\nwiersze";1;\n\nA2;;;\n'
    part = only(opened(tmp_path, {"things.csv": text}))
    assert table(part) == [(2, ["A1", 'Firma "X"; dwa\nwiersze', "1", None]), (4, ["A2", None, None, None])]


def test_the_line_excel_writes_for_itself_is_no_row(tmp_path: Path) -> None:
    part = only(opened(tmp_path, {"things.csv": "sep=,\ncode,name\nA1,x\n"}))
    assert table(part) == [(3, ["A1", "x", None, None])]


def test_a_profile_may_know_no_quotes(tmp_path: Path) -> None:
    text = HEADER + '"U Jana" Sklep;"x;1;\n'
    part = only(opened(tmp_path, {"things.csv": text}, Profile(name="p", quote="")))
    assert table(part) == [(2, ['"U Jana" Sklep', '"x', "1", None])]


def test_ragged_and_misquoted_rows_are_rejected_alone(tmp_path: Path) -> None:
    text = HEADER + 'A1;x;1\nA2;x;1;;;\n"A3"x;y;1;\nA4;ok;1;\n'
    part = only(opened(tmp_path, {"things.csv": text}))
    assert table(part) == [
        (2, ["!", "The row has 3 cells, but the header has 4."]),
        (3, ["!", "The row has 6 cells, but the header has 4."]),
        (4, ["!", "A quote stands where none is expected; double the quotes inside a quoted cell."]),
        (5, ["A4", "ok", "1", None]),
    ]


def test_header_only_is_a_part_without_rows(tmp_path: Path) -> None:
    assert table(only(opened(tmp_path, {"things.csv": HEADER}))) == []


def test_unknown_columns_are_told(tmp_path: Path) -> None:
    source = opened(tmp_path, {"things.csv": "code;colour;smell\nA1;red;\n", "notes.csv": "a;b\n1;2\n"})
    assert list(source.warnings) == [
        "notes.csv is not known to the profile “Neutral” and was ignored.",
        "things.csv: the columns “colour”, “smell” are not known and were ignored.",
    ]


def test_a_pesel_leaves_the_source_as_a_hash_only(tmp_path: Path) -> None:
    text = "code;surname;pesel\n1;Nowak;44051401359\n2;Kowal;44051401358\n"
    part = only(opened(tmp_path, {"people.csv": text}))
    rows = [cells for _number, cells in part.rows()]
    assert rows[0][2] is not None
    assert rows[0][2].startswith("hmac:")
    assert rows[1][2] == "hmac:?"
    assert part.plain() is None


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("things.csv", b"", "things.csv is empty: not even a header is in it."),
        (
            "things.csv",
            b"code;code\n",
            "things.csv: the header “code” stands twice, so nobody can tell which column is meant.",
        ),
        ("things.csv", b"name;amount\n", "things.csv: the required column “code” is missing in the header."),
        (
            "people.csv",
            b"pesel\n",
            "people.csv: the required columns “code”, “surname” are missing in the header.",
        ),
        (
            "things.csv",
            b"code;name;amount;made_on\nA1;x;1;2026-01-01\nA2;x;",
            "things.csv seems to be cut off: its last line has 3 of 4 cells and no end. Export it again.",
        ),
        (
            "things.csv",
            "code;name\nA1;Zażółć gęślą\nA2;ż".encode()[:-1],
            "things.csv is written in UTF-8, but row 3 holds bytes that are no character in it.",
        ),
        ("other.csv", b"a;b\n1;2\n", "None of the files is known to the profile “Neutral”: other.csv."),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(SourceRefused) as refused:
        opened(tmp_path, {name: content})
    assert refused.value.sentence == sentence


def test_a_quote_that_is_never_closed_is_a_cut(tmp_path: Path) -> None:
    part = only(opened(tmp_path, {"things.csv": HEADER + 'A1;ok;1;\nA2;"and so on;1;\nA3;x;1;\n'}))
    with pytest.raises(SourceRefused) as refused:
        table(part)
    assert (
        refused.value.sentence == "things.csv seems to be cut off: a quote opened in row 3 is never closed."
    )


def test_a_last_line_without_an_end_is_doubted(tmp_path: Path) -> None:
    source = opened(tmp_path, {"things.csv": HEADER + "A1;x;1;2026-01-01"})
    assert list(source.warnings) == [
        "things.csv does not end with a line end; if it was cut off, its last cell is not whole."
    ]
    assert table(only(source)) == [(2, ["A1", "x", "1", "2026-01-01"])]


@pytest.mark.parametrize(
    "name",
    [
        "things.csv",
        "THINGS.CSV",
        "things (1).csv",
        "things_2026-11-22.csv",
        "Things_20261122_0430.csv",
        "x.csv",
    ],
)
def test_the_dataset_is_known_by_the_name_or_by_the_headers(tmp_path: Path, name: str) -> None:
    assert only(opened(tmp_path, {name: HEADER + "A1;x;1;\n"})).dataset.key == "things"


# Plain ----------------------------------------------------------------------------------

PLAIN = [
    "A1;x;1;2026-01-01\n",
    'A1;"a;b";1;\nA2;"quoted ""twice""";;\n',
    'A1;"two\nlines";1;\n',
    "A1;;;\nA2;Łąka;1;",
    'A1;"";1;\n',
    "",
]
NOT_PLAIN = [
    "A1;x;1\n",
    "A1;x;1;;\n",
    "A1;x;1;\n\nA2;x;1;\n",
    "A1;x;1;\r\nA2;x;1;\n",
    "A1;x;1;\nA2;x;1;\r\n",
    "A1;a\rb;1;\n",
    "A1;a\x00b;1;\n",
    'A1;5" pipe;1;\n',
    'A1;"a"b;1;\n',
    'A1; "a";1;\n',
    "\\.;x;1;\n",
    "\\.\n",
    'A1;"open;1;\nA2;x;1;\n',
    "A1;x\n;1;1;;\n",
]


@pytest.mark.parametrize("body", PLAIN)
def test_what_copy_may_read(tmp_path: Path, body: str) -> None:
    part = only(opened(tmp_path, {"things.csv": HEADER + body}))
    plain = part.plain()
    assert plain is not None
    assert (plain.delimiter, plain.columns, plain.first_row) == (
        ";",
        ("code", "name", "amount", "made_on"),
        2,
    )
    with plain.open() as file:
        assert file.read() == body.encode()


@pytest.mark.parametrize("body", NOT_PLAIN)
def test_what_copy_may_not_read(tmp_path: Path, body: str) -> None:
    part = only(opened(tmp_path, {"things.csv": HEADER + body + "Z;z;1;\n"}))
    assert part.plain() is None


@pytest.mark.parametrize(
    ("content", "profile"),
    [
        (HEADER.encode("utf-16"), NEUTRAL),
        ((HEADER + "A;ą;1;\n").encode("cp1250"), NEUTRAL),
        ((b"code;colour\nA;x\n"), NEUTRAL),
        ((b'"code";name\nA;x\n'), NEUTRAL),
        ((b"sep=;\ncode;name\nA;x\n"), NEUTRAL),
        ((HEADER + "A;x;1;\n").encode(), Profile(name="p", decimal=",")),
        ((HEADER + "A;x;1;\n").encode(), Profile(name="p", dates=("%d.%m.%Y",))),
    ],
)
def test_only_neutral_utf8_is_plain(tmp_path: Path, content: bytes, profile: Profile) -> None:
    assert only(opened(tmp_path, {"things.csv": content}, profile)).plain() is None


@pytest.mark.parametrize(
    ("cell", "bare"), [("a.b", True), ("", True), ('"a"', False), ('"a;b"', False), ("a\\b", False)]
)
def test_only_what_has_no_quote_and_no_backslash_is_bare(tmp_path: Path, cell: str, bare: bool) -> None:
    plain = only(opened(tmp_path, {"things.csv": f"{HEADER}A;x;1;\nB;{cell};1;\n"})).plain()
    assert plain is not None
    assert plain.bare is bare


def test_headers_may_stand_in_any_order_in_plain_files(tmp_path: Path) -> None:
    part = only(opened(tmp_path, {"things.csv": "\ufeffamount,code\r\n1,A\r\n"}))
    plain = part.plain()
    assert plain is not None
    assert (plain.delimiter, plain.columns) == (",", ("amount", "code"))
    with plain.open() as file:
        assert file.read() == b"1,A\r\n"


def test_a_quoted_cell_across_blocks_is_plain(tmp_path: Path) -> None:
    rows = 'A;"ab\n""c""";1;\n' * 150_000
    part = only(opened(tmp_path, {"things.csv": HEADER + rows}))
    assert part.plain() is not None


FIELDS = st.text(st.sampled_from('ab;"\\.\n\r ąN'), max_size=5)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="asks PostgreSQL's COPY")
@pytest.mark.django_db
def test_copy_reads_plain_files_as_python_does(tmp_path_factory: pytest.TempPathFactory) -> None:
    read = {True: 0, False: 0}

    @settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(st.lists(FIELDS, min_size=4, max_size=4), max_size=5),
        st.booleans(),
        st.text('a;"\n\\.', max_size=4),
    )
    def agrees(rows: list[list[str]], quoted: bool, rest: str) -> None:
        if quoted:
            out = io.StringIO()
            csv.writer(out, delimiter=";", lineterminator="\n").writerows(rows)
            body = out.getvalue() + rest
        else:
            body = "".join(";".join(row) + "\n" for row in rows) + rest
        try:
            part = only(opened(tmp_path_factory.mktemp("plain"), {"things.csv": HEADER + body}))
        except SourceRefused:
            return
        plain = part.plain()
        if plain is None:
            return
        read[plain.bare] += 1
        with connection.cursor() as cursor:
            columns = ", ".join(f"{column} text" for column in plain.columns)
            cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS plain_rows ({columns})")
            cursor.execute("DELETE FROM plain_rows")
            with (
                plain.open() as file,
                cursor.copy(f"COPY plain_rows {from_plain(plain)}") as copy,
            ):
                copy.write(file.read())
            cursor.execute("SELECT * FROM plain_rows ORDER BY ctid")
            copied = [[(cell or "").strip() or None for cell in row] for row in cursor.fetchall()]
        assert copied == [cells for _number, cells in table(part)]

    agrees()
    assert sum(read.values()) > 10
    assert min(read.values()) > 3
