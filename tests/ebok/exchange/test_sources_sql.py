"""Databases of billing systems: read only, at one moment, streamed; every trouble is a sentence."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from django.db import connection
from django.utils import translation
from sqlalchemy.pool import NullPool

from ebok.exchange.profiles.model import ColumnMap, DatasetMap, Profile
from ebok.exchange.sources import SourceRefused, open_source, receive_sql
from tests.ebok.exchange.source_files import DATASETS, table

PROFILE = Profile(
    name="sql",
    url_variable="BILLING",
    only_named=True,
    datasets={
        "things": DatasetMap(
            table="rzeczy",
            columns={
                "code": ColumnMap(join=("rejestr", "nr"), separator="/"),
                "name": ColumnMap(headers=("nazwa",)),
                "amount": ColumnMap(headers=("kwota",)),
                "made_on": ColumnMap(headers=("dnia",)),
            },
        ),
        "people": DatasetMap(query="SELECT nr AS code, nazwisko AS surname, pesel FROM ludzie ORDER BY nr"),
    },
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def fill(url: str) -> None:
    engine = sa.create_engine(url, poolclass=NullPool)
    things = sa.Table(
        "rzeczy",
        sa.MetaData(),
        sa.Column("rejestr", sa.String(5)),
        sa.Column("nr", sa.Integer),
        sa.Column("nazwa", sa.String(60)),
        sa.Column("kwota", sa.Numeric(14, 2)),
        sa.Column("dnia", sa.DateTime),
        sa.Column("uwagi", sa.LargeBinary),
    )
    people = sa.Table(
        "ludzie",
        sa.MetaData(),
        sa.Column("nr", sa.Integer),
        sa.Column("nazwisko", sa.String(60)),
        sa.Column("pesel", sa.String(11)),
    )
    with engine.begin() as live:
        for each in (things, people):
            each.create(live)
        live.execute(
            things.insert(),
            [
                {
                    "rejestr": "A",
                    "nr": 1,
                    "nazwa": "Żółć  ",
                    "kwota": Decimal("1.50"),
                    "dnia": datetime(2026, 11, 22),
                },
                {"rejestr": "A", "nr": 2, "nazwa": None, "kwota": None, "dnia": None},
            ],
        )
        live.execute(people.insert(), [{"nr": 1, "nazwisko": "Nowak", "pesel": "44051401359"}])
    engine.dispose()


def check_reading(url: str, folder: Path) -> None:
    """What every engine must give for the tables of `fill`."""
    received = receive_sql(PROFILE, folder / "kept", datasets=DATASETS, environment={"BILLING": url})
    assert sorted(member.name for member in received.members) == [
        "manifest.json",
        "people.jsonl",
        "things.jsonl",
    ]
    assert "44051401359" not in (folder / "kept" / "people.jsonl").read_text()
    source = open_source(folder / "kept", PROFILE, datasets=DATASETS)
    assert source.as_of is not None
    assert abs((datetime.now(UTC) - source.as_of).total_seconds()) < 60
    assert {key: stated.rows for key, stated in source.stated.items()} == {"things": 2, "people": 1}
    things = next(part for part in source.parts() if part.dataset.key == "things")
    # SQLite keeps numbers as it likes; what they say is the same.
    rows = [
        (number, [cells[0], cells[1], cells[2] and Decimal(cells[2]), cells[3]])
        for number, cells in things.rows()
    ]
    assert rows == [(2, ["A/1", "Żółć", Decimal("1.5"), "2026-11-22"]), (3, ["A/2", None, None, None])]
    assert list(source.warnings) == ["things.jsonl: the column “uwagi” is not known and was ignored."]


@pytest.fixture
def billing(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/billing.sqlite3"
    fill(url)
    return url


def refusal(folder: Path, environment: dict[str, str], profile: Profile = PROFILE) -> str:
    with pytest.raises(SourceRefused) as refused:
        receive_sql(profile, folder, datasets=DATASETS, environment=environment)
    assert not folder.exists() or list(folder.iterdir()) == []
    return refused.value.sentence


@pytest.mark.feature("M09")
def test_sqlite(billing: str, tmp_path: Path) -> None:
    check_reading(billing, tmp_path)


def test_the_same_tables_give_the_same_bytes(billing: str, tmp_path: Path) -> None:
    sums = []
    for name in ("1", "2"):
        received = receive_sql(PROFILE, tmp_path / name, datasets=DATASETS, environment={"BILLING": billing})
        sums.append([member.sha256 for member in received.members if member.name != "manifest.json"])
    assert sums[0] == sums[1]


def test_nothing_can_be_written(billing: str, tmp_path: Path) -> None:
    profile = Profile(
        name="sql",
        url_variable="BILLING",
        datasets={"things": DatasetMap(query="WITH a AS (SELECT 1) DELETE FROM rzeczy")},
    )
    sentence = refusal(tmp_path / "kept", {"BILLING": billing}, profile)
    assert sentence == "The database billing.sqlite3 refuses the query: attempt to write a readonly database"


def test_an_empty_table_is_a_part_without_rows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/billing.sqlite3"
    fill(url)
    engine = sa.create_engine(url, poolclass=NullPool)
    with engine.begin() as live:
        live.execute(sa.text("DELETE FROM rzeczy"))
    receive_sql(PROFILE, tmp_path / "kept", datasets=DATASETS, environment={"BILLING": url})
    source = open_source(tmp_path / "kept", PROFILE, datasets=DATASETS)
    assert [table(part) for part in source.parts() if part.dataset.key == "things"] == [[]]


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "The address of the database is missing: set BILLING in the environment."),
        (
            {"BILLING": "somewhere"},
            "BILLING is not the address of a database such as postgresql://user:password@host/name.",
        ),
        (
            {"BILLING": "oracle://a:secret@localhost/x"},
            "The driver for oracle is not installed: pip install oracledb, then start the portal again.",
        ),
        (
            {"BILLING": "mssql://a:secret@localhost/x"},
            "The driver for mssql is not installed: pip install pyodbc, then start the portal again.",
        ),
        (
            {"BILLING": "firebird://a:secret@localhost/x"},
            (
                "The driver for firebird is not installed: pip install sqlalchemy-firebird,"
                " then start the portal again."
            ),
        ),
        ({"BILLING": "sqlite:////nowhere/x.sqlite3"}, "The database x.sqlite3 does not exist."),
    ],
)
def test_every_trouble_is_a_sentence(tmp_path: Path, environment: dict[str, str], sentence: str) -> None:
    assert refusal(tmp_path / "kept", environment) == sentence


@pytest.mark.parametrize("scheme", ["postgres", "mysql"])
def test_a_dead_database_is_a_sentence_without_the_password(tmp_path: Path, scheme: str) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        sentence = refusal(
            tmp_path / "kept", {"BILLING": f"{scheme}://reader:tajne@127.0.0.1:{port}/billing"}
        )
    assert sentence.startswith("The database billing does not answer: ")
    assert "tajne" not in sentence


def test_a_missing_table_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite3").touch()
    sentence = refusal(tmp_path / "kept", {"BILLING": f"sqlite:///{tmp_path}/empty.sqlite3"})
    assert sentence == "The database empty.sqlite3 refuses the query: no such table: rzeczy"


def test_the_as_of_date_may_be_asked_for(billing: str, tmp_path: Path) -> None:
    profile = Profile(
        name="sql",
        url_variable="BILLING",
        as_of_query="SELECT max(dnia) FROM rzeczy",
        datasets={"people": PROFILE.datasets["people"]},
    )
    receive_sql(profile, tmp_path / "kept", datasets=DATASETS, environment={"BILLING": billing})
    source = open_source(tmp_path / "kept", profile, datasets=DATASETS)
    assert source.as_of == datetime(2026, 11, 21, 23, tzinfo=UTC)
    nothing = Profile(
        name="sql", url_variable="BILLING", as_of_query="SELECT 'never'", datasets=profile.datasets
    )
    assert (
        refusal(tmp_path / "again", {"BILLING": billing}, nothing)
        == "The query for the as-of date of the profile “sql” gave no moment."
    )


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="reads from the run's own PostgreSQL")
@pytest.mark.django_db(transaction=True)
@pytest.mark.feature("M09")
def test_postgresql(tmp_path: Path) -> None:
    given: Any = connection.settings_dict
    url = sa.URL.create(
        "postgresql+psycopg",
        given["USER"],
        given["PASSWORD"] or None,
        database=given["NAME"],
        query={"host": given["HOST"]} if given["HOST"].startswith("/") else {},
        host=None if given["HOST"].startswith("/") else given["HOST"],
        port=int(given["PORT"]) if given["PORT"] else None,
    ).render_as_string(hide_password=False)
    fill(url)
    try:
        check_reading(url, tmp_path)
        writing = Profile(
            name="sql",
            url_variable="BILLING",
            datasets={"things": DatasetMap(query="SELECT nextval('django_migrations_id_seq') AS nr")},
        )
        assert "read-only transaction" in refusal(tmp_path / "no", {"BILLING": url}, writing)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS rzeczy, ludzie")


# MariaDB: a server of one's own, where the machine has one ---------------------------------


@pytest.fixture(scope="module")
def mariadb() -> Iterator[str]:
    server = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin:/usr/libexec")
    install = shutil.which("mariadb-install-db")
    if not server or not install:
        pytest.skip("no MariaDB server on this machine (apt-get install mariadb-server)")
    folder = Path(tempfile.mkdtemp(prefix="ebok-maria-", dir="/tmp"))
    data, where = folder / "data", folder / "s"
    user = f"--user={'root' if os.geteuid() == 0 else os.environ.get('USER', '')}"
    subprocess.run(
        [install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", user],
        check=True,
        capture_output=True,
        timeout=120,
    )
    process = subprocess.Popen(
        [server, "--no-defaults", f"--datadir={data}", f"--socket={where}", "--skip-networking", user,
         "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0", f"--pid-file={folder}/pid"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        url = f"mysql://root@localhost/billing?unix_socket={where}&charset=utf8mb4"
        _wait_for(where)
        yield url
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(where: Path) -> None:
    for _attempt in range(240):
        if where.exists():
            break
        time.sleep(0.25)
    else:
        pytest.fail("MariaDB did not start")
    engine = sa.create_engine(f"mysql+pymysql://root@localhost/?unix_socket={where}", poolclass=NullPool)
    with engine.begin() as live:
        live.execute(sa.text("CREATE DATABASE billing CHARACTER SET utf8mb4"))


@pytest.mark.feature("M09")
def test_mariadb(mariadb: str, tmp_path: Path) -> None:
    fill(mariadb.replace("mysql://", "mysql+pymysql://"))
    check_reading(mariadb, tmp_path)
    writing = Profile(
        name="sql",
        url_variable="BILLING",
        datasets={"things": DatasetMap(query="SELECT nr AS code FROM rzeczy FOR UPDATE")},
    )
    assert (
        refusal(tmp_path / "no", {"BILLING": mariadb}, writing)
        == "The database billing refuses the query: Cannot execute statement in a READ ONLY transaction"
    )


def test_days_and_numbers_of_every_kind_are_written_exactly() -> None:
    from ebok.exchange.sources.databases import _json_value

    assert [
        _json_value(value)
        for value in (
            None, True, 7, Decimal("1E+3"), Decimal("0.10"), 0.1, 1e-7, date(2026, 11, 22),
            datetime(2026, 11, 22, 7, 30), b"\x01\xff", "Łąka",
        )
    ] == [
        None, True, 7, "1000", "0.10", "0.1", "0.0000001", "2026-11-22", "2026-11-22T07:30:00", "01FF",
        "Łąka",
    ]  # fmt: skip
