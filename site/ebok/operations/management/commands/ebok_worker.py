"""`manage.py ebok_worker`: the background worker, safe against `kill -9`."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from ebok.operations.work import signs_of_life, take_up_again
from ebok.operations.worker_locks import AlreadyRunning, exclusive


class Command(BaseCommand):
    """Takes up what it left unfinished, then works until stopped."""

    help = (
        "Runs background tasks. A worker keeps its id over restarts; tasks it had begun when it was "
        "killed run again. Run several with different ids."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--worker-id", default="worker-1", help="Its name (default: %(default)s).")
        parser.add_argument("--batch", action="store_true", help="Exit when nothing is left to do.")
        parser.add_argument(
            "--interval", type=float, default=1.0, help="Seconds between looks into an empty queue."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Lock the id, recover, work."""
        worker_id: str = options["worker_id"]
        if not 0 < len(worker_id) <= 64 or not worker_id.isprintable():
            raise CommandError("A worker id has 1 to 64 printable characters.")
        if options["verbosity"] < 2:
            _only_warnings()
        try:
            with exclusive(worker_id):
                again, _given_up = take_up_again(worker_id)
                with signs_of_life(worker_id, recovered=again):
                    call_command(
                        "db_worker",
                        worker_id=worker_id,
                        queue_name="*",
                        batch=options["batch"],
                        interval=options["interval"],
                        startup_delay=False,
                        reload=False,
                        # Its own 0 would hide failures as well.
                        verbosity=max(1, options["verbosity"]),
                    )
        except AlreadyRunning:
            raise CommandError(
                f"A worker with the id “{worker_id}” is running already; give another --worker-id."
            ) from None


def _only_warnings() -> None:
    """Two lines for each task that went well would bury the one that did not."""
    for name in ("django_tasks", "django.tasks", "django_tasks_db"):
        logging.getLogger(name).addFilter(lambda record: record.levelno >= logging.WARNING)
