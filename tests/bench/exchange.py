"""The exchange on PostgreSQL beside its limits, in one interleaved run: `python -m tests.bench import`.

Runs inside `.ci/postgres.sh`. Limits: raw COPY of the same rows with their keys already resolved into a
table of the same shape (partitions, indexes, checks, references), raw COPY of the file into an unlogged
table of text, and `bulk_create(update_conflicts)`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.bench import figures, sizes, written_deliveries
from tests.bench.answers import amount, imported, p95, phases, rates, ratio
from tests.bench.figures import Figure, at_least, at_most, told
from tests.bench.floors import Floors
from tests.bench.servers import CannotMeasure, say
from tests.bench.sizes import Sizes
from tests.bench.workers import DASHBOARDS, IMPORTING, Worker, settings_in_words, worker

SAMPLE = 20_000
"""Rows for bulk_create, whose rate does not depend on their number."""
TODAY = f"{written_deliveries.YEAR}-12-31"
PAUSE = 0.02
"""Between two dashboards, in seconds: dozens of visitors a second."""
QUIET = 15.0
"""Seconds of dashboards without an import, before each: their p95 wanders by a third in five seconds."""
MIB = 1 << 20

Times = dict[str, list[float]]


class Exchange:
    """The measurements, one after the other, on one database."""

    def __init__(self, folder: Path, sizes: Sizes, database: str) -> None:
        self.sizes = sizes
        self.database = database
        self.folder = folder
        self.floors = Floors(folder)
        self.figures: list[Figure] = [told("PostgreSQL", settings_in_words())]
        self.network = written_deliveries.write_network(folder / "network", sizes.meters)
        self.readings = written_deliveries.write_readings(folder / "readings", sizes.rows, sizes.meters)

    def importing(self) -> Any:
        """A fresh process that imports."""
        return worker(self.folder, IMPORTING, database=self.database)

    def run(self) -> list[Figure]:
        """Everything."""
        say("Other datasets beside raw COPY …")
        self.other_datasets()
        say("Readings beside raw COPY and bulk_create …")
        self.all_readings()
        say("A customer's dashboard while readings are imported …")
        self.dashboards()
        return self.figures

    # Other datasets ------------------------------------------------------------------------

    def other_datasets(self) -> None:
        """First load of each dataset; the last round leaves the network for the readings."""
        ours: Times = defaultdict(list)
        theirs: Times = defaultdict(list)
        grew = 0.0
        for _ in range(self.sizes.rounds):
            self.floors.clear_mirror()
            with self.importing() as process:
                for dataset, (folder, rows) in self.network.items():
                    answer = imported(process, folder, {"new": rows})
                    ours[dataset].append(answer["seconds"])
                    grew = max(grew, answer["grew"])
            for dataset in self.network:
                theirs[dataset].append(self.floors.resolved(dataset))
        for dataset, (_folder, rows) in self.network.items():
            self.figures.append(
                at_least(
                    f"{dataset}, {rows} rows, first load / raw COPY", 0.25,
                    ratio(theirs[dataset], ours[dataset]), rates(rows, ours[dataset], theirs[dataset]),
                )
            )  # fmt: skip
        self.figures.append(at_most("memory of importing them all", 64, grew, unit="MiB"))

    # Readings ------------------------------------------------------------------------------

    def all_readings(self) -> None:
        """First load, the same again in four ways, and what each is measured by."""
        rows, source = self.sizes.rows, self.readings
        swapped = written_deliveries.swapped(source, self.folder / "swapped")
        changed = written_deliveries.changed(source, self.folder / "changed")
        shuffled = written_deliveries.shuffled(changed, self.folder / "shuffled")
        few = written_deliveries.first_rows(source, self.folder / "few", max(rows // 10, 1))
        differing = -(-rows // written_deliveries.CHANGED_SHARE)
        times: Times = defaultdict(list)
        answers: dict[str, list[Any]] = defaultdict(list)
        with self.importing() as process:
            small = imported(process, few, {"new": max(rows // 10, 1)})
        for number in range(self.sizes.rounds):
            say(f"  round {number + 1} of {self.sizes.rounds}")
            self.floors.clear_readings()
            with self.importing() as process:
                times["bulk"].append(self._bulk_rate(process))
            self.floors.clear_readings()
            times["text"].append(self.floors.text(source))
            with self.importing() as process:
                for name, path, wanted in (
                    ("first", source, {"new": rows}),
                    ("skipped", source, {"unchanged": rows}),
                    ("again", swapped, {"unchanged": rows}),
                    ("changed", changed, {"changed": differing, "unchanged": rows - differing}),
                    ("shuffled", shuffled, {"unchanged": rows}),
                ):
                    answers[name].append(imported(process, path, wanted))
                    times[name].append(answers[name][-1]["seconds"])
            times["copy"].append(self.floors.resolved("readings"))
        self._tell_readings(times, answers, small)

    def _bulk_rate(self, process: Worker) -> float:
        answer = process.ask(do="bulk_create", path=self.readings, rows=min(SAMPLE, self.sizes.rows))
        return float(answer["seconds"]) * self.sizes.rows / answer["rows"]

    def _tell_readings(self, times: Times, answers: dict[str, list[Any]], small: Any) -> None:
        rows = self.sizes.rows
        first, again, changed = answers["first"], answers["again"], answers["changed"]

        def beside(name: str, limit: str) -> tuple[float, str]:
            return ratio(times[limit], times[name]), rates(rows, times[name], times[limit])

        wal = {name: statistics.median(answer["wal"] for answer in answers[name]) for name in answers}
        reconciled = statistics.median(answer["took"]["reconcile"] / answer["seconds"] for answer in first)
        self.figures += [
            at_least(f"{rows} readings, first load / raw COPY, keys resolved", 0.5, *beside("first", "copy")),
            told("  phases of the first load", phases(first)),
            at_least("  / bulk_create(update_conflicts), of a sample", 8, *beside("first", "bulk")),
            told("  WAL of the first load", amount(wal["first"], rows)),
            at_most("  reconciliation / first load", 0.25, reconciled),
            at_most("  memory above the start", 64, max(a["grew"] for a in first), unit="MiB"),
            at_most(f"  the same, {max(rows // 10, 1)} readings", 64, small["grew"], unit="MiB"),
            Figure(
                "same file: skipped by its hash", "yes", rates(rows, times["skipped"]),
                all(answer["outcome"] == "skipped" for answer in answers["skipped"]), firm=True,
            ),
            at_least("same rows, other bytes / raw COPY to text", 0.40, *beside("again", "text")),
            told("  phases of the same rows", phases(again)),
            at_most("  WAL, for all rows together", 1, wal["again"] / MIB, unit="MiB", firm=True),
            at_least("1 % changed / raw COPY to text", 0.30, *beside("changed", "text")),
            told("  phases of 1 % changed", phases(changed)),
            at_most("  WAL, for all rows together", 1 + 5 * rows / 1e6, wal["changed"] / MIB, unit="MiB"),
            at_least("same rows, in another order / raw COPY to text", 0.40, *beside("shuffled", "text")),
            told("  phases of the other order", phases(answers["shuffled"])),
            at_most("  WAL, for all rows together", 1, wal["shuffled"] / MIB, unit="MiB", firm=True),
            at_most(
                "memory above the start, all of these in one process", 64,
                max(answer["grew"] for answer in answers["shuffled"]), unit="MiB",
            ),
        ]  # fmt: skip

    # Dashboards ----------------------------------------------------------------------------

    def dashboards(self) -> None:
        """A customer's questions while the year before is imported, and while nothing is."""
        rows = self.sizes.rows
        before = written_deliveries.write_readings(
            self.folder / "before", rows, self.sizes.meters, year=written_deliveries.YEAR_BEFORE
        )
        done = self.folder / "done"
        self.floors.vacuum()
        quiet: list[float] = []
        busy: list[float] = []
        with worker(self.folder, DASHBOARDS, TODAY, database=self.database) as asking:
            asking.ask(do="ask", times=50)
            for _ in range(self.sizes.rounds):
                quiet += asking.ask(do="ask", seconds=QUIET, pause=PAUSE)["times"]
                done.unlink(missing_ok=True)
                with self.importing() as process:
                    asking.tell(do="ask", until=done, pause=PAUSE)
                    imported(process, before, {"new": rows}, complete=False)
                    done.touch()
                    busy += asking.hear()["times"]
                self.floors.clear_readings(of_year=written_deliveries.YEAR_BEFORE)
        # Of all rounds together: a round has no more than ten answers beyond its p95.
        words = f"{p95(busy):.1f} ms, usually {p95(quiet):.1f} ms"
        self.figures.append(
            at_most("dashboard p95 during a first load / usual", 1.5, p95(busy) / p95(quiet), words)
        )


def main() -> None:
    """Measure and write the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--into", type=Path, required=True)
    sizes.add_arguments(parser)
    options = parser.parse_args()

    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    folder = options.folder / "exchange-bench"
    try:
        found = Exchange(folder, sizes.chosen(options), os.environ["DATABASE_URL"]).run()
    except CannotMeasure as error:
        sys.exit(f"Stopped: {error}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    figures.write(options.into, found)


if __name__ == "__main__":
    began = time.monotonic()
    main()
    say(f"  took {time.monotonic() - began:.0f} s")
