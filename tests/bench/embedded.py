"""The exchange on SQLite beside its limit: `python -m tests.bench sqlite`.

The limit is `executemany` of rows with resolved keys into a table without index, as fast as SQLite takes
rows from Python. And the demo town, which has a limit in seconds.
"""

from __future__ import annotations

import csv
import re
import sqlite3
import time
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
    first, again, floors, grew, answers = [], [], [], [], []
    for _ in range(sizes.rounds):
        _clear(database)
        floors.append(_floor(work, source, database))
        with worker(work, IMPORTING, database=url) as process:
            answers.append(imported(process, source, {"new": rows}))
            first.append(answers[-1]["seconds"])
            answer = imported(process, swapped, {"unchanged": rows})
            again.append(answer["seconds"])
            grew.append(answer["grew"])
    seconds = _town(folder)
    return [
        at_least(
            f"SQLite: {rows} readings, first load / executemany, no index", 0.30, ratio(floors, first),
            rates(rows, first, floors),
        ),
        told("  phases of the first load", phases(answers)),
        at_least(
            "  same rows, other bytes / executemany", 0.50, ratio(floors, again), rates(rows, again, floors)
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


def _floor(work: Path, source: Path, database: Path) -> float:
    """Seconds of `executemany` into a fresh file with the settings of the portal's."""
    known = sqlite3.connect(database)
    ids = {
        dataset: dict(
            known.execute("SELECT key, id FROM exchange_naturalkey WHERE dataset = ?", [dataset]).fetchall()
        )
        for dataset in ("customers", "meters")
    }
    known.close()
    with source.open(encoding="utf-8", newline="") as file:
        rows = [
            (
                ids["customers"][row["customer_code"]], ids["meters"][row["meter_number"]], row["read_on"],
                int(row["register"]), 1, float(row["value"]), float(row["usage"]), 2, "", 1, 1,
            )
            for row in csv.DictReader(file, delimiter=";")
        ]  # fmt: skip
    target = work / "floor.sqlite3"
    connection = sqlite3.connect(target, isolation_level=None)
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
    for ending in ("", "-wal", "-shm"):
        Path(f"{target}{ending}").unlink(missing_ok=True)
    return seconds
