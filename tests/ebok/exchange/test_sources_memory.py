"""Whatever the size of a delivery, the process that reads it stays as small as it was."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.database import ROOT, process_environment

MIB = 1 << 20
ALLOWED = 40 * MIB
"""Of the 64 MiB an import may take, the rest is for the engine."""

PROGRAM = """
import resource, sys
from pathlib import Path
import django
django.setup()
from ebok.exchange.profiles.model import Profile
from ebok.exchange.sources import open_source, receive, receive_sql
from tests.ebok.exchange.source_files import DATASETS, NEUTRAL
from tests.ebok.exchange.test_sources_memory import SQL
import sqlalchemy, openpyxl.utils.datetime

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

path, folder = Path(sys.argv[1]), Path(sys.argv[2])
before = peak()
profile = SQL if path.suffix == ".sqlite3" else NEUTRAL
if path.suffix == ".sqlite3":
    receive_sql(SQL, folder, datasets=DATASETS, environment={"BILLING": f"sqlite:///{path}"})
else:
    receive([path], folder)
rows = 0
for part in open_source(folder, profile, datasets=DATASETS).parts():
    part.plain()
    for _number, _cells in part.rows():
        rows += 1
print(rows, peak() - before)
"""


def _profile() -> object:
    from ebok.exchange.profiles.model import ColumnMap, DatasetMap, Profile

    return Profile(
        name="sql",
        url_variable="BILLING",
        only_named=True,
        datasets={"things": DatasetMap(table="things", columns={"name": ColumnMap(headers=("label",))})},
    )


SQL = _profile()


def growth(path: Path, folder: Path, rows: int) -> int:
    """Bytes by which a process grows that takes the file in and reads every row of it."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(path), str(folder)],
        env={**process_environment(f"sqlite:///{folder}.sqlite3", sample=False), "PATH": os.environ["PATH"]},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    read, grown = done.stdout.split()
    assert int(read) == rows
    return int(grown)


def make_csv(path: Path, rows: int) -> None:
    with path.open("w") as file:
        file.write("code;name;amount;made_on\n")
        for number in range(rows):
            file.write(f'A{number};"Łąka; ""{number}""";{number}.50;2026-11-22\n')


def make_zip(path: Path, rows: int) -> None:
    import zipfile

    make_csv(path.with_suffix(".csv"), rows)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path.with_suffix(".csv"), "things.csv")


def make_jsonl(path: Path, rows: int) -> None:
    with path.open("w") as file:
        for number in range(rows):
            file.write(f'{{"code": "A{number}", "name": "Łąka {number}", "amount": {number}.5}}\n')


def make_xlsx(path: Path, rows: int) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("things")
    sheet.append(["code", "name", "amount", "made_on"])
    for number in range(rows):
        sheet.append([f"A{number}", f"A text of its own, number {number}", number, None])
    book.save(path)


def make_sqlite(path: Path, rows: int) -> None:
    import sqlite3

    database = sqlite3.connect(path)
    database.execute("CREATE TABLE things (code text, label text, amount numeric, made_on date)")
    database.executemany(
        "INSERT INTO things VALUES (?, ?, ?, '2026-11-22')",
        ((f"A{number}", f"Łąka {number}", number) for number in range(rows)),
    )
    database.commit()
    database.close()


@pytest.mark.parametrize(
    ("name", "make", "rows"),
    [
        ("things.csv", make_csv, 600_000),
        ("things.zip", make_zip, 300_000),
        ("things.jsonl", make_jsonl, 300_000),
        ("things.xlsx", make_xlsx, 40_000),
        ("things.sqlite3", make_sqlite, 200_000),
    ],
)
def test_memory_does_not_grow_with_the_file(tmp_path: Path, name: str, make: object, rows: int) -> None:
    path = tmp_path / name
    assert callable(make)
    make(path, rows)
    assert growth(path, tmp_path / "kept", rows) < ALLOWED
