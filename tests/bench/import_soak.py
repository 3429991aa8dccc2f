"""Kills imports at random moments until it is tired of it: `make soak` runs it on both databases.

Each round imports a town that was killed in the middle, then its next delivery, killed as well, and counts:
nothing may be lost, nothing doubled. `python -m tests.bench.import_soak [--kills 50] [--seed 1]`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

import django

from tests.database import TestDatabase, for_settings, manage
from tests.ebok.exchange.interrupted import COUNTED, big_town, expected, import_with_kills

KILLS_IN_A_ROUND = 10


def main() -> int:
    """Run the rounds; 0 when every count was right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ebok.settings.test")
    django.setup()
    from django.db import connections

    with tempfile.TemporaryDirectory(prefix="ebok-soak-") as folder:
        database = for_settings(connections["default"].settings_dict, Path(folder))
        try:
            return _rounds(database, Path(folder), options.kills, options.seed)
        finally:
            database.drop_copies()


def _rounds(database: TestDatabase, folder: Path, kills: int, seed: int) -> int:
    hit = done = 0
    while done < kills:
        url = database.url(database.new_copy())
        runtime = folder / f"runtime-{done}"
        runtime.mkdir()
        for changed in (False, True):
            town = big_town(folder / ("second" if changed else "first"), changed=changed)
            hit += import_with_kills(url, runtime, town, KILLS_IN_A_ROUND // 2, seed + done + changed)
            wrong = _wrong(url, changed=changed)
            if wrong:
                print(f"after {done} kills, seed {seed}: {wrong}", flush=True)
                return 1
        done += KILLS_IN_A_ROUND
        print(f"{done} kills, {hit} of them in the middle: nothing lost, nothing doubled", flush=True)
    return 0


def _wrong(url: str, *, changed: bool) -> str:
    found = json.loads(manage(url, "shell", "-v", "0", "-c", COUNTED, sample=False).splitlines()[-1])
    wanted = expected(changed=changed)
    if found["counts"] != wanted or found["differences"] or found["orphans"]:
        return f"{found} instead of {wanted}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
