"""`python -m tests.bench [TOPIC…] [--quick]`: prints each figure of speed with its limit. Installs nothing.

Topics: `pages` (public pages beside nginx), `import` (the exchange on PostgreSQL beside raw COPY), `sqlite`
(the exchange on SQLite), `growth` (a small town beside a large one), `journal` (a viewing event beside the
dashboard it tells of), `sign-in` (hashing beside Django's, other pages in a flood of sign-ins), `outbox`
(a message to everybody), `leaks` (how often the detection on remote states is right), `pdf` (a bill beside
WeasyPrint), `readings` (the day on which everybody sends a reading). All of them unless some are named.

Exit code 1 only when a figure fails that is the same on every machine (renders, hits, queries, buffers);
a time that misses its limit is said to miss it. Figures and limits: docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import bill_pdf, embedded, leaks, pages, reading_day, signing_in, sizes, viewing
from tests.bench.figures import Figure, print_table
from tests.bench.servers import CannotMeasure, say
from tests.bench.workers import with_postgres

TOPICS = ("pages", "import", "sqlite", "growth", "journal", "sign-in", "outbox", "leaks", "pdf", "readings")


def main() -> int:
    """Measure what is asked for, print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    # Not `choices`: argparse would hold an empty list of topics to them.
    parser.add_argument(
        "topics", nargs="*", metavar="TOPIC", help=f"of {', '.join(TOPICS)}; all unless named"
    )
    sizes.add_arguments(parser)
    options = parser.parse_args()
    if unknown := set(options.topics) - set(TOPICS):
        parser.error(f"no such topic: {', '.join(sorted(unknown))}; there are {', '.join(TOPICS)}")
    # Some topics measure in this very process.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ebok.settings.dev")
    found: list[Figure] = []
    stopped = False
    try:
        for topic in options.topics or TOPICS:
            with tempfile.TemporaryDirectory(prefix="ebok-bench-", ignore_cleanup_errors=True) as folder:
                try:
                    found += _measured(topic, Path(folder), options)
                except CannotMeasure as error:
                    # What the other topics gave, or will give, is worth having.
                    stopped = True
                    say(f"Stopped: {error}")
    finally:
        print_table(found)
    return 1 if stopped or any(figure.firm and figure.good is False for figure in found) else 0


def _measured(topic: str, folder: Path, options: argparse.Namespace) -> list[Figure]:
    wanted = sizes.chosen(options)
    arguments = wanted.as_arguments()
    measures: dict[str, Callable[[], list[Figure]]] = {
        "pages": lambda: pages.measure(folder, pages.QUICK if options.quick else pages.FULL),
        "import": lambda: with_postgres(folder, "tests.bench.exchange", *arguments),
        "sqlite": lambda: embedded.measure(folder, wanted),
        "growth": lambda: with_postgres(folder, "tests.bench.growing", *arguments),
        "journal": lambda: viewing.measure(folder),
        "outbox": lambda: with_postgres(folder, "tests.bench.outbox", *arguments),
        "sign-in": lambda: signing_in.measure(folder),
        "leaks": lambda: leaks.measure(quick=options.quick),
        "pdf": bill_pdf.measure,
        "readings": lambda: with_postgres(
            folder,
            "tests.bench.reading_day",
            *arguments,
            *("--seconds", str(reading_day.SECONDS_QUICK if options.quick else reading_day.SECONDS)),
        ),
    }
    return measures[topic]()


if __name__ == "__main__":
    sys.exit(main())
