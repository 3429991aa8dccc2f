"""What the exchange is measured by: raw COPY, and an empty mirror before each round."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

BLOCK = 1 << 20

_ORDERED = {
    "readings": "read_on, meter_id",
    "invoice_lines": "invoice_id, position",
    "allocations": "payment_id",
}
"""The order in which the rows were delivered; others have it in their ids."""
_KEPT = ("customers_customergroup",)


class Floors:
    """The limits, in seconds. Each uses the rows that the mirror holds at that moment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        from ebok.exchange.declared import declared_datasets

        self._tables = {
            dataset.key: apps.get_model(dataset.model)._meta.db_table for dataset in declared_datasets()
        }

    def resolved(self, dataset: str) -> float:
        """Seconds of raw COPY of the mirror's rows into an empty table of the same shape."""
        table = self._tables[dataset]
        columns = ", ".join(_filled_columns(table))
        file = self._folder / f"resolved-{dataset}"
        order = _ORDERED.get(dataset, "id")
        rows = f"COPY (SELECT {columns} FROM {table} ORDER BY {order}) TO STDOUT"
        with connection.cursor() as cursor, file.open("wb") as out, cursor.copy(rows) as blocks:
            out.writelines(blocks)
        _make_alike(table)
        seconds = _copied(f"COPY floor ({columns}) FROM STDIN", file)
        _execute("DROP TABLE floor")
        file.unlink()
        return seconds

    def text(self, file: Path) -> float:
        """Seconds of raw COPY of a neutral file into an unlogged table of text."""
        with file.open(encoding="utf-8") as opened:
            columns = opened.readline().strip().split(";")
        _execute("DROP TABLE IF EXISTS floor")
        _execute(f"CREATE UNLOGGED TABLE floor ({', '.join(f'{column} text' for column in columns)})")
        seconds = _copied("COPY floor FROM STDIN (FORMAT csv, DELIMITER ';', HEADER)", file)
        _execute("DROP TABLE floor")
        return seconds

    def clear_mirror(self) -> None:
        """Empty everything a delivery fills, and forget the deliveries."""
        tables = set(self._tables.values()) - set(_KEPT)
        _execute(f"TRUNCATE {', '.join(sorted(tables))} CASCADE")
        _execute("DELETE FROM exchange_naturalkey WHERE dataset <> 'groups'")
        _execute("VACUUM FULL exchange_naturalkey")
        self._forget_deliveries()

    def clear_readings(self, of_year: int | None = None) -> None:
        """Empty the readings, or those of one year, and forget the deliveries."""
        table = "billing_reading" if of_year is None else f"billing_reading_y{of_year}"
        _execute(f"TRUNCATE {table}")
        self._forget_deliveries()

    def vacuum(self) -> None:
        """Statistics and visibility maps as the nightly work of a server leaves them."""
        _execute("VACUUM (ANALYZE)")

    def _forget_deliveries(self) -> None:
        _execute("TRUNCATE exchange_delivery, exchange_deliverypart, exchange_finding, exchange_standing")
        shutil.rmtree(Path(settings.EBOK_RUNTIME_DIR) / "exchange", ignore_errors=True)
        # A checkpoint in the middle would be counted with whatever runs then.
        _execute("CHECKPOINT")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _copied(statement: str, file: Path) -> float:
    began = time.perf_counter()
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        file.open("rb") as opened,
        cursor.copy(statement) as into,
    ):
        while block := opened.read(BLOCK):
            into.write(block)
    return time.perf_counter() - began


def _all(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _filled_columns(table: str) -> list[str]:
    """Columns that hold something, as an import fills them; defaults are the table's."""
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    (filled,) = _all(f"SELECT {', '.join(f'count({column}) > 0' for column in columns)} FROM {table}")
    return [
        column
        for column, is_filled in zip(columns, filled, strict=True)
        if is_filled and column != "changed_at"
    ]


def _make_alike(table: str) -> None:
    """An empty table `floor` with the same partitions, indexes, checks and references."""
    _execute("DROP TABLE IF EXISTS floor")
    partitions = _all(
        "SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i"
        " JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = %s::regclass",
        table,
    )
    key = ""
    if partitions:
        ((by,),) = _all("SELECT pg_get_partkeydef(%s::regclass)", table)
        key = f" PARTITION BY {by}"
    _execute(f"CREATE TABLE floor (LIKE {table} INCLUDING ALL){key}")
    for number, (_name, bounds) in enumerate(partitions):
        _execute(f"CREATE TABLE floor_{number} PARTITION OF floor {bounds}")
    for (constraint,) in _all(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
        table,
    ):
        _execute(f"ALTER TABLE floor ADD {constraint}")
