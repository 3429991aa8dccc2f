"""The exchange on SQLite beside its limit: `python -m tests.bench sqlite`.

The limit is `executemany` of a file of rows with resolved keys into a table without index: what raw COPY,
which reads a file too, is on PostgreSQL. Rows that lie ready in memory are twice as fast; that is told beside
it. And the demo town, which has a limit in seconds.
"""

from __future__ import annotations

import csv
import re
import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.bench import written_deliveries
from tests.bench.answers import imported, phases, rates, ratio
from tests.bench.figures import Figure, at_least, at_most, told
from tests.bench.servers import CannotMeasure, manage, say
from tests.bench.sizes import Sizes
from tests.bench.workers import IMPORTING, worker

TOWN_SECONDS = 60
EMPTIED = (
    "billing_reading",
    "exchange_finding",
    "exchange_deliverypart",
    "exchange_delivery",
    "exchange_standing",
)
MOST_ROWS = 200_000
"""More readings are not measured here: who has a million of them has PostgreSQL."""


def measure(folder: Path, sizes: Sizes) -> list[Figure]:
    """First load and unchanged delivery beside the floor; the demo town."""
    rows = min(sizes.rows, MOST_ROWS)
    meters = max(rows // 10, 100)
    work = folder / "embedded"
    work.mkdir(parents=True)
    database = work / "ebok.sqlite3"
    say("The exchange on SQLite …")
    manage(work, "migrate", "--verbosity", "0")
    source = written_deliveries.write_readings(work / "readings", rows, meters)
    swapped = written_deliveries.swapped(source, work / "swapped")
    network = written_deliveries.write_network(work / "network", meters)
    url = f"sqlite:///{database}"
    with worker(work, IMPORTING, database=url) as process:
        for dataset in ("customers", "contracts", "service_points", "meters"):
            imported(process, network[dataset][0], {"new": network[dataset][1]})
    resolved = _Resolved(work, source, database)
    first, again, floors, ready, grew, answers = [], [], [], [], [], []
    for _ in range(sizes.rounds):
        _clear(database)
        floors.append(resolved.from_file())
        ready.append(resolved.from_memory())
        with worker(work, IMPORTING, database=url) as process:
            answers.append(imported(process, source, {"new": rows}))
            first.append(answers[-1]["seconds"])
            answer = imported(process, swapped, {"unchanged": rows})
            again.append(answer["seconds"])
            grew.append(answer["grew"])
    seconds = _town(folder)
    return [
        at_least(
            f"SQLite: {rows} readings, first load / executemany of a file, no index", 0.30,
            ratio(floors, first), rates(rows, first, floors),
        ),
        told("  / executemany of rows from memory", f"{ratio(ready, first):.2f} ({rates(rows, ready)})"),
        told("  phases of the first load", phases(answers)),
        at_least(
            "  same rows, other bytes / executemany of rows from memory", 0.50,
            ratio(ready, again), rates(rows, again, ready),
        ),
        at_most("  memory above the start", 64, max(grew), unit="MiB"),
        at_most("demo town, 300 customers, 24 months, imported", TOWN_SECONDS, seconds, unit="s"),
    ]  # fmt: skip


def _town(folder: Path) -> float:
    """Seconds of writing and importing a town of 300 customers, as `demo_town` says them itself."""
    work = folder / "town"
    work.mkdir()
    manage(work, "migrate", "--verbosity", "0")
    say("The demo town …")
    words = manage(work, "demo_town", "--customers", "300", "--months", "24", "--load")
    seconds = [float(found) for found in re.findall(r": ([\d.]+) s\.", words)]
    if len(seconds) != 2:
        raise CannotMeasure(f"demo_town said something else than expected: {words.strip()[-200:]}")
    return sum(seconds)


def _clear(database: Path) -> None:
    with sqlite3.connect(database, timeout=30) as connection:
        for table in EMPTIED:
            connection.execute(f"DELETE FROM {table}")
    connection.close()


class _Resolved:
    """The delivered readings with the keys of the mirror in place of names, as a file and in memory."""

    def __init__(self, work: Path, source: Path, database: Path) -> None:
        self._target = work / "floor.sqlite3"
        self._file = work / "resolved.csv"
        self._rows = _with_keys(source, database)
        with self._file.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(self._rows)

    def from_file(self) -> float:
        """Seconds of reading the file and inserting its rows; SQLite turns texts into numbers."""
        with self._file.open(encoding="utf-8", newline="") as file:
            return self._seconds(csv.reader(file, delimiter=";"))

    def from_memory(self) -> float:
        """Seconds of inserting rows that are numbers already."""
        return self._seconds(self._rows)

    def _seconds(self, rows: Iterable[Sequence[object]]) -> float:
        """Of `executemany` into a fresh file with the settings of the portal's."""
        for ending in ("", "-wal", "-shm"):
            Path(f"{self._target}{ending}").unlink(missing_ok=True)
        connection = sqlite3.connect(self._target, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(
            "CREATE TABLE floor (customer_id bigint, meter_id bigint, read_on date, register smallint,"
            " kind smallint, value decimal, usage decimal, state smallint, reason varchar, source smallint,"
            " batch_id bigint)"
        )
        began = time.perf_counter()
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO floor VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute("COMMIT")
        seconds = time.perf_counter() - began
        connection.close()
        return seconds


def _with_keys(source: Path, database: Path) -> list[tuple[object, ...]]:
    known = sqlite3.connect(database)
    ids = {
        dataset: dict(
            known.execute("SELECT key, id FROM exchange_naturalkey WHERE dataset = ?", [dataset]).fetchall()
        )
        for dataset in ("customers", "meters")
    }
    known.close()
    with source.open(encoding="utf-8", newline="") as file:
        return [
            (
                ids["customers"][row["customer_code"]], ids["meters"][row["meter_number"]], row["read_on"],
                int(row["register"]), 1, float(row["value"]), float(row["usage"]), 2, "", 1, 1,
            )
            for row in csv.DictReader(file, delimiter=";")
        ]  # fmt: skip
