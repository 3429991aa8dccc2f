"""Processes that record viewings and changes: `python -m tests.ebok.journal.recording RUNTIME NAME COUNT`.

Each event's identifier is told (printed) once the journal has promised to keep it. With `--processes N`
the process divides into N, each of which tells into a file RUNTIME/told-NUMBER, and the first so many
(`--endless K`) record until they are killed; their numbers are printed first.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TextIO

ENDLESS = 1_000_000


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser()
    parser.add_argument("runtime", type=Path)
    parser.add_argument("name")
    parser.add_argument("count", type=int)
    parser.add_argument("--processes", type=int, default=0)
    parser.add_argument("--endless", type=int, default=0)
    given = parser.parse_args()
    import django

    django.setup()
    from django.conf import settings

    settings.EBOK_RUNTIME_DIR = given.runtime
    settings.EBOK_JOURNAL_GATHER = True
    if not given.processes:
        work(given.name, given.count, sys.stdout)
        return
    children = []
    for number in range(given.processes):
        child = os.fork()
        if child == 0:
            count = ENDLESS if number < given.endless else given.count
            with (given.runtime / f"told-{number}").open("w") as told:
                work(f"{given.name}{number}", count, told, pause=0.01)
            return
        children.append(child)
    print(*children, flush=True)
    for child in children[given.endless :]:
        _pid, status = os.waitpid(child, 0)
        print(status, flush=True)
    for child in children[: given.endless]:
        os.waitpid(child, 0)


def work(name: str, count: int, told: TextIO, pause: float = 0.0) -> None:
    """Record viewings, and every fifth time a change."""
    from ebok.journal.services import record
    from ebok.journal.viewing import record_view

    for number in range(count):
        if number % 5:
            made = record_view("journal.item_changed", text=f"{name} obejrzał {number}", customer_id=number)
        else:
            made = record("journal.item_changed", text=f"{name} zmienił {number}").id
        print(made.hex, file=told, flush=True)
        time.sleep(pause)


if __name__ == "__main__":
    main()
