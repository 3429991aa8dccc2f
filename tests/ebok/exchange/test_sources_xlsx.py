"""Worksheets: what numbers and days become, and which workbooks are refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook
from openpyxl.workbook.properties import CalcProperties

from ebok.exchange.profiles.model import DatasetMap, Profile
from ebok.exchange.sources import SourceRefused
from tests.ebok.exchange.source_files import only, opened, table

HEADER = ["code", "name", "amount", "made_on"]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def workbook(*rows: list[Any], title: str = "Sheet", change: Callable[[Any], None] | None = None) -> bytes:
    book = Workbook()
    book.calculation = CalcProperties(fullCalcOnLoad=False)
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(content: bytes, replace: Callable[[str, bytes], bytes | None], **more: bytes) -> bytes:
    """The workbook with other bytes in some of its entries, without some, and with more of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = replace(name, old.read(name))
            if entry is not None:
                new.writestr(name, entry)
        for name, entry in more.items():
            new.writestr(name, entry)
    return out.getvalue()


def test_cells_become_canonical_text(tmp_path: Path) -> None:
    content = workbook(
        HEADER,
        ["00123", "Zażółć  gęślą", 1234.5, date(2026, 11, 22)],
        [123, True, 0.1 + 0.2, datetime(2026, 11, 22, 19, 30)],
        [1e20, None, -3, "22.11.2026"],
        [],
        ["A_x0041_", "two\nlines", 1e-7, None],
    )
    part = only(opened(tmp_path, {"things.xlsx": content}))
    assert (part.member, part.encoding) == ("things.xlsx › Sheet", "XLSX")
    assert table(part) == [
        (2, ["00123", "Zażółć  gęślą", "1234.5", "2026-11-22"]),
        (3, ["123", "1", "0.3", "2026-11-22T19:30:00"]),
        (4, ["100000000000000000000", None, "-3", "22.11.2026"]),
        (6, ["AA", "two\nlines", "0.0000001", None]),
    ]
    # It can be read again.
    assert len(table(part)) == 4


@pytest.mark.parametrize(
    ("number_format", "text"),
    [
        ("General", "46348"),
        ("0.00", "46348"),
        ("dd.mm.yyyy", "2026-11-22"),
        ("[$-415]d mmmm yyyy;@", "2026-11-22"),
        ('"day "0', "46348"),
        ("[Red]0.00", "46348"),
        ("0.00E+00", "46348"),
        ('#,##0.00" zł"', "46348"),
        ("mm-dd-yy", "2026-11-22"),
    ],
)
def test_only_formats_of_days_make_days(tmp_path: Path, number_format: str, text: str) -> None:
    def change(book: Any) -> None:
        book.active["D2"].number_format = number_format

    content = workbook(HEADER, ["A", "x", 1, 46348], change=change)
    assert table(only(opened(tmp_path, {"things.xlsx": content}))) == [(2, ["A", "x", "1", text])]


def test_days_counted_from_1904(tmp_path: Path) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    def change(book: Any) -> None:
        book.epoch = CALENDAR_MAC_1904

    content = workbook(HEADER, ["A", "x", 1, date(2026, 11, 22)], change=change)
    assert table(only(opened(tmp_path, {"things.xlsx": content}))) == [(2, ["A", "x", "1", "2026-11-22"])]


def test_a_time_of_day_is_no_day(tmp_path: Path) -> None:
    content = workbook(HEADER, ["A", "x", 1, time(7, 30)])
    assert table(only(opened(tmp_path, {"things.xlsx": content})))[0][1][3] == "07:30:00"


def test_rows_wider_than_the_header_are_rejected(tmp_path: Path) -> None:
    content = workbook(HEADER, ["A", "x", 1, None, None, "more"], ["B"])
    assert table(only(opened(tmp_path, {"things.xlsx": content}))) == [
        (2, ["!", "The row has 6 cells, but the header has 4."]),
        (3, ["B", None, None, None]),
    ]


def test_errors_and_formulas_without_results_are_rejected(tmp_path: Path) -> None:
    content = workbook(HEADER, ["A", "=B1", 1, None], ["B", "#N/A", 1, None], ["C", "x", 1, None])
    rows = table(only(opened(tmp_path, {"things.xlsx": content})))
    assert rows == [
        (2, ["!", "The cell B2 holds an error or a formula without its result."]),
        (3, ["!", "The cell B3 holds an error or a formula without its result."]),
        (4, ["C", "x", "1", None]),
    ]


def test_sheets_are_known_by_name_or_headers_and_hidden_ones_are_left(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book.create_sheet("Rzeczy").append(["code"])
        book.create_sheet("Notes").append(["a", "b"])
        hidden = book.create_sheet("things")
        hidden.append(["code"])
        hidden.sheet_state = "hidden"
        book.create_sheet("Empty")

    content = workbook(["code", "surname"], ["1", "Nowak"], title="Whoever", change=change)
    profile = Profile(name="p", datasets={"things": DatasetMap(sheets=("Rzeczy",))})
    source = opened(tmp_path, {"all.xlsx": content}, profile)
    assert [(part.dataset.key, part.member) for part in source.parts()] == [
        ("things", "all.xlsx › Rzeczy"),
        ("people", "all.xlsx › Whoever"),
    ]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"
t="inlineStr"><is><t>&lol3;</t></is></c></row></sheetData></worksheet>"""
SHEET = "xl/worksheets/sheet1.xml"


def wide(name: str, entry: bytes) -> bytes:
    return entry.replace(b'r="B2"', b'r="XFD2"') if name == SHEET else entry


def cut(name: str, entry: bytes) -> bytes:
    return entry[: len(entry) // 2] if name == SHEET else entry


def endless(name: str, entry: bytes) -> bytes:
    return entry.replace(b"<sheetData>", b"<sheetData>" + b" " * (40 << 20)) if name == SHEET else entry


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no archive", "it is damaged, cut off or protected by a password"),
        (workbook(HEADER)[:500], "it is damaged, cut off or protected by a password"),
        (
            changed(workbook(HEADER), lambda name, entry: BOMB if name == SHEET else entry),
            "it defines entities, as only harmful files do",
        ),
        (
            changed(workbook(HEADER), lambda name, entry: entry, **{"xl/vbaProject.bin": b"x"}),
            "it holds macros; save it as XLSX without them",
        ),
        (
            changed(
                workbook(HEADER), lambda name, entry: entry, **{"xl/externalLinks/externalLink1.xml": b"x"}
            ),
            "it takes values from other files; paste them as values and save it again",
        ),
        (changed(workbook(HEADER), endless), "it grows beyond all measure when it is unpacked"),
        (
            changed(workbook(HEADER), lambda name, entry: None if name == "xl/workbook.xml" else entry),
            "it is not an Excel workbook",
        ),
    ],
    ids=["no archive", "cut off", "laughs", "macros", "links", "bomb", "no workbook"],
)
def test_workbooks_that_are_refused(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(SourceRefused) as refused:
        opened(tmp_path, {"things.xlsx": content})
    assert refused.value.sentence == f"The workbook things.xlsx cannot be read: {why}."


def test_a_sheet_wider_than_any_table_is_refused(tmp_path: Path) -> None:
    content = changed(workbook(HEADER, ["A", "x"]), wide)
    part = only(opened(tmp_path, {"things.xlsx": content}))
    with pytest.raises(SourceRefused) as refused:
        table(part)
    assert (
        refused.value.sentence
        == "The workbook things.xlsx cannot be read: the sheet “Sheet” has more than 500 columns."
    )


def test_a_sheet_cut_off_in_the_middle_is_refused(tmp_path: Path) -> None:
    content = changed(workbook(HEADER, *([f"A{row}", "x", 1, None] for row in range(2000))), cut)
    part = only(opened(tmp_path, {"things.xlsx": content}))
    with pytest.raises(SourceRefused) as refused:
        table(part)
    assert refused.value.sentence.startswith("The workbook things.xlsx cannot be read: it is damaged: ")


def test_a_huge_dimension_is_not_believed(tmp_path: Path) -> None:
    def lie(name: str, entry: bytes) -> bytes:
        return entry.replace(b'ref="A1:D2"', b'ref="A1:XFD1048576"') if name == SHEET else entry

    content = changed(workbook(HEADER, ["A", "x", 1, None]), lie)
    assert table(only(opened(tmp_path, {"things.xlsx": content}))) == [(2, ["A", "x", "1", None])]
