"""Profiles: what may stand in one, what is said about mistakes, and that writing and reading agree."""

# ruff: noqa: E501 (sentences as people read them)

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from django.utils import translation
from sqlalchemy.pool import NullPool

from ebok.exchange.documentation import own_datasets
from ebok.exchange.profiles import (
    Profile,
    ProfileError,
    available_profiles,
    broken_profiles,
    load_profile,
)
from ebok.exchange.profiles.toml_files import read_profile
from ebok.exchange.profiles.writing import (
    CannotWrite,
    Writer,
    create_table,
    file_name,
    insert_into,
    write_csv,
)
from ebok.exchange.sources import BrokenRow, open_source, receive, receive_sql
from ebok.exchange.validation import clean_row
from ebok.operations.town.town import Town
from ebok.operations.town.writer import write_neutral
from ebok.ports.datasets import Dataset, Value
from tests.ebok.exchange.source_files import DATASETS, THINGS, only, opened, table

Rows = dict[str, list[dict[str, Value]]]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def profile(folder: Path, text: str) -> Profile:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return read_profile(path, DATASETS)


LEGACY = """
decimal = ","
dates = ["%d.%m.%Y", "%Y/%m/%d"]
[files]
encoding = "cp852"
delimiter = "|"
[datasets.things]
members = ["RZECZY*.txt"]
[datasets.things.columns]
code = { join = ["Seria", "Numer"], separator = "-" }
amount = "Kwota"
made_on = { header = ["Data", "Dzień"], map = { "31.12.9999" = "" } }
[[datasets.things.split]]
header = "Opis"
pattern = "opis: (?P<name>.*)"
write = "opis: {name}"
[datasets.people]
[datasets.people.columns]
code = "Nr"
surname = { constant = "Nowak" }
"""


def test_everything_a_profile_can_say(tmp_path: Path) -> None:
    text = (
        "Seria|Numer|KWOTA|Dzień|opis\n"
        "A|1|1 234,50|22.11.2026|opis: żółć\n"
        "B|2|5|2026/11/22|\n"
        "||x|31.12.9999|\n"
        "C|3|1|1|bez opisu\n"
    )
    files: dict[str, str | bytes] = {"rzeczy_1.txt": text.encode("cp852"), "people.csv": "Nr\n7\n"}
    source = opened(tmp_path, files, profile(tmp_path, LEGACY))
    things, people = source.parts()
    assert source.warnings == ()
    assert things.encoding == "CP852"
    assert table(things) == [
        (2, ["A-1", "żółć", "1234.50", "2026-11-22"]),
        (3, ["B-2", None, "5", "2026-11-22"]),
        (4, [None, None, "x", None]),
        (5, ["!", "“bez opisu” in the column “Opis” has not the form the profile expects."]),
    ]
    assert table(people) == [(2, ["7", "Nowak", None])]
    assert things.plain() is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a = [", "Profile mine.toml cannot be read: "),
        (
            "colour = 1",
            "Profile mine.toml, the top of the file, key “colour”: nobody knows this key; known are: complete,",
        ),
        (
            "complete = 1",
            "Profile mine.toml, the top of the file, key “complete”: true or false is expected.",
        ),
        ("files = 1", "Profile mine.toml: [files] must be a table."),
        (
            '[files]\nencoding = "ebcdic"',
            "Profile mine.toml, [files], key “encoding”: one of these is expected: cp1250, cp852,",
        ),
        (
            '[files]\ndelimiter = ";;"',
            "Profile mine.toml, [files], key “delimiter”: one character is expected, such as “;”.",
        ),
        ('[files]\nquote = "x"', "Profile mine.toml, [files], key “quote”: \" or ' is expected, or nothing"),
        ('[files]\nas_of = "("', "Profile mine.toml, [files], key “as_of”: the pattern is wrong: "),
        (
            '[files]\nas_of = "x"',
            "Profile mine.toml, [files], key “as_of”: a pattern with the groups year, month and day is expected.",
        ),
        (
            'decimal = "x"',
            "Profile mine.toml, the top of the file, key “decimal”: a comma or a point is expected.",
        ),
        (
            'dates = "DD.MM"',
            "Profile mine.toml, the top of the file, key “dates”: a mask such as %d.%m.%Y is expected, not “DD.MM”.",
        ),
        (
            "[datasets.nothing]",
            "Profile mine.toml, table [datasets.nothing]: there is no dataset “nothing”; known are: people, things.",
        ),
        (
            '[datasets.things.columns]\ncolour = "Kolor"',
            (
                "Profile mine.toml, [datasets.things.columns], key “colour”: the dataset has no such column;"
                " known are: amount, code, made_on, name."
            ),
        ),
        (
            "[datasets.things.columns]\ncode = {}",
            "Profile mine.toml, [datasets.things.columns], key “code”: exactly one of header, join and constant is expected.",
        ),
        (
            '[datasets.things.columns]\ncode = {header = "a", joined = "b"}',
            "Profile mine.toml, [datasets.things.columns.code], key “joined”: nobody knows this key; known are:",
        ),
        (
            "[datasets.things.columns]\ncode = 1",
            "Profile mine.toml: [datasets.things.columns.code] must be a table.",
        ),
        (
            '[datasets.things.columns]\ncode = {header = "a", map = {x = 1}}',
            "Profile mine.toml, [datasets.things.columns.code], key “map”: a table of texts is expected,",
        ),
        (
            '[datasets.things]\nquery = "DELETE FROM things"',
            "Profile mine.toml, [datasets.things], key “query”: a query that only reads is expected: SELECT or WITH.",
        ),
        (
            '[datasets.things]\ntable = "things; drop table x"',
            "Profile mine.toml, [datasets.things], key “table”: the name of a table or view is expected.",
        ),
        (
            '[[datasets.things.split]]\nheader = "a"\npattern = "x"',
            "Profile mine.toml, [datasets.things.split], key “pattern”: a pattern with a named group",
        ),
        (
            '[[datasets.things.split]]\nheader = "a"\npattern = "(?P<colour>x)"',
            "Profile mine.toml, [datasets.things.columns], key “colour”: the dataset has no such column;",
        ),
    ],
)
def test_a_mistake_is_named_by_file_table_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ProfileError) as refused:
        profile(tmp_path, text)
    assert refused.value.sentence.startswith(sentence)


def test_own_profiles_join_the_packaged_ones(tmp_path: Path, settings: Any) -> None:
    settings.EBOK_EXCHANGE_PROFILES = tmp_path
    (tmp_path / "neutral.toml").write_text('title = "Mine"', encoding="utf-8")
    (tmp_path / "wrong.toml").write_text("x = 1", encoding="utf-8")
    assert {each.name: each.title for each in available_profiles()} == {
        "gospodarka": "Export of an older billing system",
        "neutral": "Mine",
        "sql": "Database of the billing system (SQL)",
    }
    assert [error.sentence.split(",")[0] for error in broken_profiles()] == ["Profile wrong.toml"]
    with pytest.raises(ProfileError) as refused:
        load_profile("nobody")
    assert (
        refused.value.sentence == "There is no profile “nobody”; known are: gospodarka, neutral, sql, wrong."
    )


def test_titles_are_in_the_language_of_people() -> None:
    with translation.override("pl"):
        assert load_profile("neutral").title == "Neutralny"
    assert load_profile("neutral").title == "Neutral"


def core_datasets() -> list[Dataset]:
    """What billing systems deliver; profiles of the core know nothing of plugins' datasets."""
    return [dataset for dataset in own_datasets() if dataset.model.split(".")[0] in ("customers", "billing")]


@pytest.mark.parametrize(("name", "without"), [("gospodarka", set()), ("sql", {"scan"})])
def test_packaged_profiles_map_every_column(name: str, without: set[str]) -> None:
    """Files of scans come in archives, and a database brings none."""
    found = load_profile(name)
    for dataset in core_datasets():
        mapped = found.of(dataset.key)
        named = {*mapped.columns, *(column for split in mapped.splits for column in split.columns)}
        missing = {column.name for column in dataset.columns} - named - without
        assert (dataset.key, missing) == (dataset.key, set())
        for column in dataset.columns:
            rule = mapped.columns.get(column.name)
            if rule and rule.words and column.choices:
                # Every choice has a word of its own, otherwise it could not be delivered.
                assert (column.name, set(rule.words.values())) == (column.name, set(column.choices))


# Writing --------------------------------------------------------------------------------


def rows_of(folder: Path, profile: Profile) -> Rows:
    found: Rows = {}
    for part in open_source(folder, profile).parts():
        names = [column.name for column in part.dataset.columns]
        for _number, cells in part.rows():
            assert not isinstance(cells, BrokenRow)
            row = clean_row(part.dataset, dict(zip(names, cells, strict=True)))
            found.setdefault(part.dataset.key, []).append(row.values)
    return found


def neutral_rows(folder: Path, dataset: Dataset) -> tuple[list[str], list[list[str]]]:
    with (folder / f"{dataset.key}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=";")
        return next(reader), list(reader)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    write_neutral(Town(customers=40, months=8, seed=1), folder, core_datasets())
    return folder


@pytest.mark.feature("M07")
def test_the_town_is_the_same_through_the_legacy_profile(town: Path, tmp_path: Path) -> None:
    legacy = load_profile("gospodarka")
    (tmp_path / "out").mkdir()
    for dataset in core_datasets():
        columns, rows = neutral_rows(town, dataset)
        with (tmp_path / "out" / file_name(legacy, dataset, "_20261031")).open("wb") as file:
            file.writelines(write_csv(legacy, dataset, columns, rows))
    receive([tmp_path / "out"], tmp_path / "kept")
    assert b"\xb9" in (tmp_path / "kept" / "KLIENCI_20261031.csv").read_bytes()
    assert open_source(tmp_path / "kept", legacy).warnings == ()
    assert rows_of(tmp_path / "kept", legacy) == rows_of(town, load_profile("neutral"))


@pytest.mark.feature("M09")
def test_the_town_is_the_same_through_sql(town: Path, tmp_path: Path) -> None:
    sql = load_profile("sql")
    url = f"sqlite:///{tmp_path}/billing.sqlite3"
    engine = sa.create_engine(url, poolclass=NullPool)
    with engine.begin() as live:
        for dataset in core_datasets():
            columns, rows = neutral_rows(town, dataset)
            writer = Writer(sql, dataset, columns)
            live.execute(sa.text(create_table(sql, dataset, columns)))
            values = [
                {
                    f"p{place}": value if value is None or isinstance(value, int | str) else str(value)
                    for place, value in enumerate(writer.values(row))
                }
                for row in rows
            ]
            if values:
                live.execute(sa.text(insert_into(sql, dataset, columns)), values)
    receive_sql(sql, tmp_path / "kept", environment={"EBOK_BILLING_DATABASE": url})
    assert rows_of(tmp_path / "kept", sql) == rows_of(town, load_profile("neutral"))


def test_what_cannot_be_written_is_not_written() -> None:
    legacy = load_profile("gospodarka")
    datasets = {dataset.key: dataset for dataset in core_datasets()}

    def written(key: str, **cells: str) -> bytes:
        return b"".join(write_csv(legacy, datasets[key], list(cells), [list(cells.values())]))

    assert written("groups", code="A", name="Łąka") == "Symbol grupy;Nazwa grupy\r\nA;Łąka\r\n".encode(
        "cp1250"
    )
    with pytest.raises(CannotWrite, match="cp1250 has no character “м”"):
        written("groups", code="A", name="мир")
    with pytest.raises(CannotWrite, match="has no word for “purple”"):
        written("customers", code="A", status="purple")
    with pytest.raises(CannotWrite, match="would be read as something else"):
        written("customers", code="A", house="1/2", flat="3")
    with pytest.raises(CannotWrite, match="has not 3 parts"):
        written("contracts", number="U/1")


def test_types_of_a_table() -> None:
    neutral = load_profile("neutral")
    assert create_table(neutral, THINGS, [column.name for column in THINGS.columns]) == (
        "CREATE TABLE things (code VARCHAR(20), name VARCHAR(50), amount DECIMAL(14, 2), made_on DATE)"
    )
    writer = Writer(neutral, THINGS, ["code", "amount"])
    assert writer.values(["A", "1.50"]) == ["A", Decimal("1.50")]
    assert writer.values(["A", ""]) == ["A", None]


def test_a_member_is_found_by_the_pattern_that_says_most(tmp_path: Path) -> None:
    legacy = load_profile("gospodarka")
    text = "Kod klienta;Symbol grupy\nA;B\n".encode("cp1250")
    path = tmp_path / "KLIENCI_W_GRUPACH_20261031.csv"
    path.write_bytes(text)
    receive([path], tmp_path / "kept")
    assert only(open_source(tmp_path / "kept", legacy)).dataset.key == "group_members"
