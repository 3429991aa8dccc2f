"""Work for the background worker: handing over what waits. It may run twice; the second time does nothing."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task


@task()
def deliver() -> None:
    """Hand over every message that is due."""
    from ebok.notifications.delivery import deliver_due  # noqa: PLC0415 (it imports channels, which need tasks)

    deliver_due()


def deliver_on_commit() -> None:
    """Have the worker called once this transaction has come true; once, however often it is asked."""
    connection = transaction.get_connection()
    if any(function is _enqueue for _sid, function, *_rest in connection.run_on_commit):
        return
    transaction.on_commit(_enqueue, robust=True)


def _enqueue() -> None:
    connection = transaction.get_connection()
    # After a commit nothing is left there; a test that runs what would be done on commit leaves it behind.
    connection.run_on_commit = [entry for entry in connection.run_on_commit if entry[1] is not _enqueue]
    deliver.enqueue()
