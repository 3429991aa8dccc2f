"""Staging in a database file of its own, attached beside the portal's, so that nobody waits for it."""

from __future__ import annotations

import csv
import io
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from ebok.exchange.folders import staging_folder
from ebok.exchange.sources.interface import BLOCK, Cells, Plain
from ebok.exchange.spelling import Spelling
from ebok.exchange.sql_validation import Vendor, quoted
from ebok.exchange.staging.interface import FETCHED, KINDS, Stage, raw_cells, sentence_of
from ebok.exchange.staging.shape import Shape, name

SCHEMA = "ebok_stage"
CACHE_KIB = 16_000
PAGE = 16_384
"""Bytes; the stage is written and read from end to end."""
CELLS = 500
"""Cells that one statement inserts: a third less time than a statement for each row takes."""


class SQLiteStage(Stage):
    """`staging/<delivery>.sqlite3` in the exchange folder; survives `kill -9`, removed when all is done."""

    vendor: Vendor = "sqlite"

    @property
    def file(self) -> Path:
        """The staging database."""
        return staging_folder() / f"{self.delivery_id}.sqlite3"

    def table(self, shape: Shape, kind: str) -> str:
        """See the interface."""
        return f"{SCHEMA}.{name(self.bare(shape, kind))}"

    @contextmanager
    def opened(self) -> Iterator[None]:
        """See the interface. Not within a transaction: SQLite attaches nothing there."""
        self._detach()
        self.execute(f"ATTACH DATABASE {quoted(str(self.file))} AS {SCHEMA}")
        # What the operating system has taken is enough: after a power cut the delivery is staged again.
        self.execute(f"PRAGMA {SCHEMA}.synchronous = OFF")
        self.execute(f"PRAGMA {SCHEMA}.page_size = {PAGE}")
        self.execute(f"PRAGMA {SCHEMA}.cache_size = -{CACHE_KIB}")
        try:
            yield
        finally:
            self._detach()

    def _detach(self) -> None:
        if any(schema == SCHEMA for _number, schema, *_file in self.all("PRAGMA database_list")):
            self.execute(f"DETACH DATABASE {SCHEMA}")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """See the interface. Every step is repeatable as a whole, so each statement may stand alone."""
        yield

    @contextmanager
    def _together(self) -> Iterator[None]:
        """A plain BEGIN, of which Django knows nothing: it locks only what is written, the stage."""
        self.execute("BEGIN")
        try:
            yield
        except BaseException:
            if _live().in_transaction:
                self.execute("ROLLBACK")
            raise
        self.execute("COMMIT")

    def discard(self) -> None:
        """See the interface."""
        self._detach()
        for ending in ("", "-journal", "-wal", "-shm"):
            Path(f"{self.file}{ending}").unlink(missing_ok=True)

    def has(self, shape: Shape, kind: str) -> bool:
        """See the interface."""
        table = quoted(self.bare(shape, kind))
        (found,) = self.row(f"SELECT count(*) FROM {SCHEMA}.sqlite_master WHERE name = {table}")  # noqa: S608 (own names)
        return bool(found)

    def make_raw(self, shape: Shape) -> None:
        """See the interface."""
        for kind in KINDS:
            self.drop(shape, kind)
        self.make_like_raw(shape, "raw")
        cells = ", ".join(f"{name(column)} TEXT" for column in shape.names)
        self.execute(
            f"CREATE TABLE {self.table(shape, 'judged')} (no INTEGER PRIMARY KEY, bad INTEGER, {cells})"
        )

    def make_like_raw(self, shape: Shape, kind: str) -> None:
        """See the interface."""
        self.drop(shape, kind)
        cells = ", ".join(f"{name(column)} TEXT" for column in shape.names)
        self.execute(f"CREATE TABLE {self.table(shape, kind)} (no INTEGER PRIMARY KEY, broken TEXT, {cells})")

    def load_plain(
        self, shape: Shape, plain: Plain, first: int, spelling: Spelling | None = None
    ) -> int | None:
        """See the interface. SQLite numbers the rows itself, so that the reader's rows go straight to it."""
        table, before = self.table(shape, "raw"), first - 1
        into = f"{table} ({', '.join(map(name, plain.columns))})"
        try:
            with self._together(), io.TextIOWrapper(plain.open(), encoding="utf-8", newline="") as text:
                self.execute(f"INSERT INTO {table} (no) VALUES ({before})")  # noqa: S608 (own names)
                reader = csv.reader(text, delimiter=plain.delimiter, strict=True)
                count = _insert_texts(into, len(plain.columns), reader)
                self.execute(f"DELETE FROM {table} WHERE no = {before}")  # noqa: S608 (own names)
        except sqlite3.OperationalError:
            raise  # a full disk, not a crooked line
        except (csv.Error, UnicodeError, sqlite3.Error):
            return None
        if spelling:
            with plain.open() as bytes_:
                while block := bytes_.read(BLOCK):
                    spelling.feed(block)
        return count

    def load_rows(self, shape: Shape, rows: Iterable[tuple[int, Cells]], kind: str = "raw") -> int:
        """See the interface."""
        columns = ", ".join(["no", "broken", *map(name, shape.names)])
        marks = ", ".join("?" * (len(shape.names) + 2))
        insert = f"INSERT INTO {self.table(shape, kind)} ({columns}) VALUES ({marks})"  # noqa: S608 (own names)
        with self._together():
            done = _live().executemany(
                insert,
                ((number, sentence_of(cells), *(cell or None for cell in cells)) for number, cells in rows),
            )
        return max(done.rowcount, 0)

    def judge(self, shape: Shape, rows: Sequence[tuple[int, int, Cells]]) -> None:
        """See the interface."""
        marks = ", ".join("?" * (len(shape.names) + 2))
        with self._together():
            _live().executemany(
                f"INSERT INTO {self.table(shape, 'judged')} VALUES ({marks})",  # noqa: S608 (own names)
                ((number, bad, *(cell or None for cell in cells)) for number, bad, cells in rows),
            )

    def make(self, shape: Shape, kind: str, select: str, sorted_by: Sequence[str] = ()) -> None:
        """See the interface. `may_repeat` leans on the order of the whole key."""
        table = self.table(shape, kind)
        self.execute(f"DROP TABLE IF EXISTS {table}")
        ordered = f" ORDER BY {', '.join(map(name, sorted_by))}" if sorted_by else ""
        self.execute(f"CREATE TABLE {table} AS {select}{ordered}")

    def index_keys(self, shape: Shape) -> None:
        """See the interface."""
        index = name(self.bare(shape, "keys"))
        table = name(self.bare(shape, "rows"))
        self.execute(f"CREATE INDEX {SCHEMA}.{index} ON {table} (nk) WHERE state = 'n'")

    def sample(self, shape: Shape, most: int) -> list[tuple[Any, ...]]:
        """See the interface."""
        raw = self.table(shape, "raw")
        low, high = self.row(f"SELECT min(no), max(no) FROM {raw}")  # noqa: S608 (own names)
        if low is None:
            return []
        numbers = ", ".join(str(number) for number in range(low, high + 1, max(1, (high - low) // most)))
        return self.all(f"SELECT {raw_cells(shape, 'r')} FROM {raw} r WHERE r.no IN ({numbers})")  # noqa: S608 (own names)

    def stream(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """See the interface."""
        with connection.cursor() as cursor:
            cursor.execute(sql)
            while block := cursor.fetchmany(FETCHED):
                yield block

    def differs(self, first: str, second: str) -> str:
        """See the interface."""
        return f"{first} IS NOT {second}"

    def fingerprint(self, expressions: Sequence[str]) -> str:
        """See the interface."""
        return " || ',' || ".join(f"quote({expression})" for expression in expressions)

    def may_repeat(self, shape: Shape, key: Sequence[str]) -> bool:
        """See the interface. Rows of a composite key lie in the order of it, so equal ones are neighbours."""
        rows = self.table(shape, "rows")
        if shape.keyed:
            query = f"SELECT count(*) <> count(DISTINCT nk) FROM {rows}"  # noqa: S608 (own names)
        else:
            same = " AND ".join(f"n.{column} IS w.{column}" for column in key)
            query = (
                f"SELECT EXISTS (SELECT 1 FROM {rows} w JOIN {rows} n ON n.rowid = w.rowid + 1 WHERE {same})"  # noqa: S608 (own names)
            )
        (found,) = self.row(query)
        return bool(found)

    def exact(self, expression: str, places: int) -> str:
        """See the interface. SQLite has no exact decimals, but adds up whole numbers exactly."""
        return f"CAST(round({expression} * {10**places}) AS INTEGER)"

    def scaled(self, total: Decimal, places: int) -> Decimal:
        """See the interface."""
        return total.scaleb(-places)

    def fresh_ids(self, shape: Shape) -> str:
        """See the interface. The numbers are set aside at once, whether they are used or not."""
        (most,) = self.row(f"SELECT max(count(*), 1) FROM {self.table(shape, 'raw')}")  # noqa: S608 (own names)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'exchange_naturalkey'")
            found = cursor.fetchone()
            if found is None:
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('exchange_naturalkey', 0)")
            used = found[0] if found else 0
            cursor.execute(
                "UPDATE sqlite_sequence SET seq = %s WHERE name = 'exchange_naturalkey'", [used + most]
            )
        return f"{used} + row_number() OVER ()"

    def fenced(self, select: str) -> str:
        """See the interface."""
        return f"({select} LIMIT -1)"

    def index_rows(self, shape: Shape) -> None:
        """See the interface."""
        index, table = name(self.bare(shape, "primary")), name(self.bare(shape, "rows"))
        columns = ", ".join(map(name, shape.staged_primary()))
        self.execute(f"CREATE INDEX IF NOT EXISTS {SCHEMA}.{index} ON {table} ({columns})")

    def on_disk(self) -> None:
        """Wait until the stage would survive a power cut; from here on the apply phase leans on it."""
        descriptor = os.open(self.file, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _insert_texts(into: str, width: int, rows: Iterator[list[str]]) -> int:
    """Insert rows of `width` texts, empty ones as NULL; returns how many.

    Raises `csv.Error` for a row of another width.
    """
    marks = ", ".join(["NULLIF(?, '')"] * width)
    count = 0
    while block := list(islice(rows, max(CELLS // width, 1))):
        if set(map(len, block)) != {width}:
            raise csv.Error("a row of another width")
        values = ", ".join([f"({marks})"] * len(block))
        _live().execute(f"INSERT INTO {into} VALUES {values}", list(chain.from_iterable(block)))  # noqa: S608 (own names)
        count += len(block)
    return count


def _live() -> sqlite3.Connection:
    """The driver's own connection: its `executemany` takes an iterator and does not copy it."""
    connection.ensure_connection()
    return connection.connection
