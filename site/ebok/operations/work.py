"""The background worker that survives being killed.

django-tasks-db leaves a task RUNNING for ever when its worker dies in the middle
(RealOrangeOne/django-tasks#46). Here a worker keeps the same id over restarts and, holding the
exclusive lock of that id, knows that what is RUNNING under it is nobody's any more.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ebok.operations.models import WorkerSign

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
"""A task that took its worker down this often is the reason for it, and is marked as failed."""
SIGN_EVERY = timedelta(seconds=30)
SILENT_AFTER = timedelta(minutes=2)
"""Without a sign of life for so long, a worker is taken for stopped."""


class WorkerDied(Exception):
    """The reason written into a task that was given up after its worker died too often."""


def take_up_again(worker_id: str) -> tuple[int, int]:
    """Put tasks this worker left RUNNING back in the queue; how many, and how many were given up.

    Call it only while holding the exclusive lock of `worker_id`.
    """
    again = given_up = 0
    with transaction.atomic():
        # `worker_ids` is a JSON list, which SQLite cannot search; running tasks are few.
        running = DBTaskResult.objects.select_for_update().filter(status="RUNNING").order_by("enqueued_at")
        for task in running:
            if not task.worker_ids or task.worker_ids[-1] != worker_id:
                continue
            if len(task.worker_ids) >= MOST_ATTEMPTS:
                task.set_failed(WorkerDied(f"Its worker died {len(task.worker_ids)} times while running it."))
                given_up += 1
            else:
                task.status = "READY"
                task.started_at = None
                task.save(update_fields=["status", "started_at"])
                again += 1
    if again or given_up:
        logger.warning(
            "Worker %s: %s tasks taken up again, %s given up after %s attempts",
            worker_id,
            again,
            given_up,
            MOST_ATTEMPTS,
        )
    return again, given_up


@contextmanager
def signs_of_life(worker_id: str, *, recovered: int = 0) -> Iterator[None]:
    """Write a sign of life now, every half minute, and a last one at the end."""
    now = timezone.now()
    WorkerSign.objects.update_or_create(
        worker_id=worker_id,
        defaults={
            "host": socket.gethostname()[:255],
            "process": os.getpid(),
            "started": now,
            "seen": now,
            "stopped": None,
            "recovered": recovered,
        },
    )
    done = threading.Event()

    def sign() -> None:
        while not done.wait(SIGN_EVERY.total_seconds()):
            try:
                WorkerSign.objects.filter(worker_id=worker_id).update(seen=timezone.now())
            except DatabaseError:
                logger.warning("Worker %s could not write its sign of life", worker_id)
            finally:
                connection.close()

    thread = threading.Thread(target=sign, name="sign-of-life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=5)
        try:
            ended = timezone.now()
            WorkerSign.objects.filter(worker_id=worker_id).update(seen=ended, stopped=ended)
        except DatabaseError:
            # The worker may be ending because the database went away.
            logger.warning("Worker %s could not write that it stopped", worker_id)
