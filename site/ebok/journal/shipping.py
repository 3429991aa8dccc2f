"""Carries gathered viewings into the tables: a thread of the process that gathered them, or the timer.

The thread starts with the first viewing, sleeps without a clock while nothing happens, and ships what
came together in a fifth of a second. While the database does not answer, the file simply grows.
"""

from __future__ import annotations

import atexit
import itertools
import logging
import os
import threading
import time
from collections.abc import Callable

from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction

from ebok.journal.models import Detail, Event
from ebok.journal.spool import Batch

EVERY = 0.2
"""Seconds in which viewings come together."""
ROWS = 500
"""Events in one transaction."""
_IDLE = 5.0
"""Seconds without a viewing after which the thread gives its database connection back."""
_LONGEST_PAUSE = 30.0

logger = logging.getLogger(__name__)


class Gatherer:
    """What this process has gathered; one for each process."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self._writing = threading.Lock()
        self._shipping = threading.Lock()
        self._news = threading.Event()
        self._open: Batch | None = None
        self._full: Batch | None = None
        self._thread: threading.Thread | None = None

    def add(self, line: bytes) -> None:
        """Append a line. Raises `spool.SpoolUnavailable`; then the line is not gathered."""
        with self._writing:
            if self._open is None:
                self._open = Batch.new()
            self._open.append(line)
        self._news.set()

    def start(self) -> None:
        """Start the thread unless it runs."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="ebok-journal-viewings", daemon=True)
            self._thread.start()

    def ship(self, using: str = DEFAULT_DB_ALIAS) -> int:
        """Write what was gathered into the tables; returns how many events were new there."""
        written = 0
        with self._shipping:
            while batch := self._next():
                written += write(batch, using)
                batch.remove()
                self._full = None
        return written

    def _next(self) -> Batch | None:
        with self._writing:
            if self._full is None:
                self._full, self._open = self._open, None
            return self._full

    def forget(self) -> None:
        """Let go of files that belong to the process this one was forked from."""
        for batch in (self._open, self._full):
            if batch:
                batch.close()
        self._reset()

    def _run(self) -> None:
        pause = 0.0
        self._try(ship_left_behind)
        while True:
            if not self._news.wait(_IDLE):
                connections.close_all()
                self._news.wait()
            time.sleep(EVERY + pause)
            self._news.clear()
            if self._try(self.ship):
                pause = 0.0
            else:
                self._news.set()
                pause = min(_LONGEST_PAUSE, pause * 2 or 1.0)

    @staticmethod
    def _try(work: Callable[[], int]) -> bool:
        try:
            work()
        except Exception:
            # Whatever it is, the lines are safe in their file and the thread must live.
            logger.exception("Viewings could not be written into the journal; they are kept and tried again")
            connections.close_all()
            return False
        return True


def write(batch: Batch, using: str = DEFAULT_DB_ALIAS) -> int:
    """Write a batch into the tables; returns how many of its events were not there yet.

    The caller holds the file's lock, so nobody else writes the same events meanwhile.
    """
    written = 0
    again, batch.tries = batch.tries > 0, batch.tries + 1
    rows_left = batch.rows()
    while rows := list(itertools.islice(rows_left, ROWS)):
        with transaction.atomic(using=using):
            new = _unknown(rows, using) if again else rows
            Event.objects.using(using).bulk_create([event for event, _detail in new])
            Detail.objects.using(using).bulk_create([detail for _event, detail in new])
        written += len(new)
    return written


def ship_left_behind(using: str = DEFAULT_DB_ALIAS) -> int:
    """Write what processes that are gone had gathered; returns how many events were new."""
    written = 0
    for batch in Batch.left_behind():
        try:
            written += write(batch, using)
        except Error:
            batch.close()
            raise
        batch.remove()
    return written


def _unknown(rows: list[tuple[Event, Detail]], using: str) -> list[tuple[Event, Detail]]:
    # A known event's detail may have been erased since; it must not come back.
    moments = [event.moment for event, _detail in rows]
    known = set(
        Event.objects.using(using)
        .filter(
            id__in=[event.id for event, _detail in rows], moment__gte=min(moments), moment__lte=max(moments)
        )
        .values_list("id", flat=True)
    )
    return [row for row in rows if row[0].id not in known]


gatherer = Gatherer()
os.register_at_fork(after_in_child=gatherer.forget)


@atexit.register
def _ship_at_the_end() -> None:
    """A process that ends in good order leaves nothing behind; what it cannot ship the timer takes."""
    try:
        gatherer.ship()
    except Exception:
        logger.exception("Viewings are left for the timer")
