"""`manage.py run_periodic`: the minute timer."""

from __future__ import annotations

import logging
import signal
import sys
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections, connections

from ebok.operations.models import Outcome
from ebok.operations.periodic import Ran, UnknownTask, run_due, units

logger = logging.getLogger(__name__)


class StopSign:
    """Ends the loop on a signal: at once while it sleeps, after the running task otherwise."""

    class _Awake(Exception):
        """Raised by the signal handler to end a sleep."""

    def __init__(self) -> None:
        self.wanted = False
        self._sleeping = False

    def listen(self) -> None:
        """Take over SIGTERM and SIGINT; a second one ends the process in the middle of a task."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)

    def sleep(self, seconds: float) -> None:
        """Sleep, unless the end is wanted or becomes so."""
        try:
            self._sleeping = True
            if not self.wanted:
                time.sleep(seconds)
        except self._Awake:
            pass
        finally:
            self._sleeping = False

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self.wanted:
            sys.exit(1)
        self.wanted = True
        if self._sleeping:
            raise self._Awake


class Command(BaseCommand):
    """Runs what is due; once, or at every full minute."""

    help = (
        "Runs scheduled publishing and every periodic task that is due. Without --loop it runs once, "
        "for cron or a systemd timer, and exits with 1 when a task failed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--loop", action="store_true", help="Run at every full minute until stopped.")
        way.add_argument("--once", action="store_true", help="Run once and exit (the default).")
        parser.add_argument("--task", default="", metavar="KEY", help="Only this task, due or not.")
        parser.add_argument("--list", action="store_true", help="Only name the tasks.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run once or loop."""
        if options["list"]:
            for unit in units():
                place = f" @ {unit.site.hostname}" if unit.site else ""
                self.stdout.write(f"{unit.name}{place}  every {unit.declaration.every}")
            return
        if options["loop"]:
            self._loop(options["task"])
            return
        try:
            results = run_due(only=options["task"], force=bool(options["task"]))
        except UnknownTask as error:
            raise CommandError(f"There is no periodic task “{error}”; --list names them.") from error
        self._tell(results, quiet=options["verbosity"] == 0)
        if any(result.outcome == Outcome.FAILED for result in results):
            sys.exit(1)

    def _loop(self, only: str) -> None:
        stop = StopSign()
        stop.listen()
        while not stop.wanted:
            close_old_connections()
            try:
                self._tell(run_due(only=only), quiet=True)
            except DatabaseError as error:
                # The database may be restarting; the next minute tries again.
                logger.warning("The timer could not reach its tables: %s", error)
                connections.close_all()
            stop.sleep(60 - time.time() % 60)

    def _tell(self, results: list[Ran], *, quiet: bool) -> None:
        """One line for each run, or with `quiet` only for those that failed."""
        for result in results:
            place = f" @ {result.unit.site.hostname}" if result.unit.site else ""
            first = result.message.partition("\n")[0]
            if result.outcome == Outcome.FAILED:
                self.stderr.write(f"{result.unit.name}{place}: FAILED {first}")
            elif not quiet:
                self.stdout.write(f"{result.unit.name}{place}: {first or 'done'}")
