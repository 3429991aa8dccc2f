"""Twenty processes record at once while the writer of the chain is killed again and again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from ebok.journal import chain, shipping, spool
from ebok.journal.models import Detail, Event, Link
from tests.database import ROOT, process_environment
from tests.ebok.journal.test_viewing import start

PROCESSES = 20
EVENTS = 30
KILLED = 3
"""So many of the recording processes are killed as well, in the middle of their work."""


class Writers:
    """Keeps one writer of the chain running, and kills it at random moments."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.kills = 0

    def __enter__(self) -> Writers:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join(30)

    def _run(self) -> None:
        chance = random.Random()
        while not self._stop.is_set():
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.ebok.journal.sealing"],
                cwd=ROOT,
                env=process_environment(self._database),
                stdout=subprocess.PIPE,
            )
            assert process.stdout is not None
            process.stdout.readline()
            self._stop.wait(chance.uniform(0.05, 1.0))
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            process.stdout.close()
            self.kills += 1


@pytest.mark.usefixtures("restored_db")
@pytest.mark.feature("K01")
def test_twenty_processes_and_a_killed_writer_make_one_unbroken_chain(
    test_database: Any, runtime_dir: Path
) -> None:
    database = test_database.url(connection.settings_dict["NAME"])
    connection.close()
    with Writers(database) as writers:
        crowd = start(
            database, runtime_dir, "p", EVENTS, "--processes", str(PROCESSES), "--endless", str(KILLED)
        )
        assert crowd.stdout is not None
        children = [int(number) for number in crowd.stdout.readline().split()]
        statuses = [int(crowd.stdout.readline()) for _child in children[KILLED:]]
        for child in children[:KILLED]:
            os.kill(child, signal.SIGKILL)
        crowd.communicate(timeout=60)
    told = [promised(runtime_dir / f"told-{number}") for number in range(PROCESSES)]
    assert statuses == [0] * (PROCESSES - KILLED)
    assert [len(found) for found in told[KILLED:]] == [EVENTS] * (PROCESSES - KILLED)
    assert all(told[:KILLED])
    assert writers.kills > 2

    shipping.ship_left_behind()
    chain.write_pending(everywhere=True)
    known = {event_id for found in told for event_id in found}
    there = list(Event.objects.values_list("id", flat=True))
    assert known - set(there) == set()
    # In each killed process one event may have been kept without having been told.
    assert len(set(there) - known) <= KILLED
    assert len(there) == len(set(there)) == Detail.objects.count() == Link.objects.count()
    verdict = chain.verify()
    assert (verdict.broken, verdict.links, verdict.unsealed) == (None, len(there), 0)
    assert list(spool.folder().glob(f"*{spool.ENDING}")) == []


def promised(file: Path) -> list[uuid.UUID]:
    """What a process said is kept; the last line of a killed one may be half."""
    return [uuid.UUID(hex=line) for line in file.read_text().split("\n") if len(line) == 32]
