"""Work on deliveries in the background; each task may run twice, the second time does nothing."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django_tasks import task

from ebok.exchange import pipeline
from ebok.exchange.locking import Busy


@task()
def work_on(delivery_id: int) -> None:
    """Go on with a delivery. While another import runs it is left to the timer, so that no worker waits."""
    try:
        pipeline.proceed(delivery_id)
    except Busy:
        return


def go_on_soon(delivery_id: int) -> None:
    """Hand the delivery to the background worker when the present transaction ends well."""
    transaction.on_commit(partial(work_on.enqueue, delivery_id))
