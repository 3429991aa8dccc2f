"""Work for the background worker: handing over what waits. It may run twice; the second time does nothing."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task

SPELL = 30.0
"""Seconds after which a mailing makes room for other tasks of the worker."""


@task()
def deliver() -> None:
    """Hand over every message that is due."""
    from ebok.notifications import delivery  # noqa: PLC0415 (it imports mailings, which need this)

    delivery.deliver_due(seconds=SPELL)
    if delivery.is_due():
        # Other tasks of the worker come in between.
        deliver.enqueue()


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
