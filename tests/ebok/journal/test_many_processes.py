"""Twenty processes record at once while the writer of the chain is killed again and again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
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
EVENTS = 20
KILLED = 3
"""So many of the recording processes are killed as well, in the middle of their work."""
KILLED_WRITERS = 5


@pytest.mark.usefixtures("restored_db")
@pytest.mark.feature("K01")
def test_twenty_processes_and_a_killed_writer_make_one_unbroken_chain(
    test_database: Any, runtime_dir: Path
) -> None:
    database = test_database.url(connection.settings_dict["NAME"])
    connection.close()
    writers = subprocess.Popen(
        [sys.executable, "-m", "tests.ebok.journal.sealing"],
        cwd=ROOT,
        env=process_environment(database),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    crowd = start(database, runtime_dir, "p", EVENTS, "--processes", str(PROCESSES), "--endless", str(KILLED))
    assert crowd.stdout is not None
    assert writers.stdout is not None
    children = [int(number) for number in crowd.stdout.readline().split()]
    statuses = [int(crowd.stdout.readline()) for _child in children[KILLED:]]
    while int(writers.stdout.readline()) < KILLED_WRITERS:
        pass
    for child in children[:KILLED]:
        os.kill(child, signal.SIGKILL)
    crowd.communicate(timeout=60)
    writers.communicate(timeout=60)
    told = [promised(runtime_dir / f"told-{number}") for number in range(PROCESSES)]
    assert statuses == [0] * (PROCESSES - KILLED)
    assert [len(found) for found in told[KILLED:]] == [EVENTS] * (PROCESSES - KILLED)
    assert all(told[:KILLED])

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
