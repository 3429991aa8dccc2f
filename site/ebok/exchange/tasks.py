"""Work of the minute timer."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from ebok.exchange import watched_folder
from ebok.exchange.background import work_on
from ebok.exchange.models import Delivery, Outcome
from ebok.ports import PeriodicTask

LEFT_ALONE = timedelta(minutes=2)
"""A delivery as fresh as this is with the process that received it."""


def watch() -> str | None:
    """Take in what lies in the watched folder, and put away what is finished."""
    look = watched_folder.look()
    return look.sentence or None


def resume() -> str | None:
    """Go on with deliveries whose process was killed or found another import running."""
    waiting = Delivery.objects.filter(
        outcome=Outcome.OPEN, received_at__lt=timezone.now() - LEFT_ALONE
    ).order_by("pk")
    oldest = waiting.values_list("pk", flat=True).first()
    if oldest is None:
        return None
    count = waiting.count()
    # One after the other: the next minute takes the next one.
    work_on.enqueue(oldest)
    return ngettext(
        "%(count)d delivery is not finished.", "%(count)d deliveries are not finished.", count
    ) % {"count": count}


tasks = [
    PeriodicTask(
        key="exchange.watched_folder",
        title=gettext_lazy("Deliveries in the watched folder"),
        run=watch,
        every=timedelta(minutes=1),
    ),
    PeriodicTask(
        key="exchange.resume",
        title=gettext_lazy("Going on with interrupted deliveries"),
        run=resume,
        every=timedelta(minutes=1),
    ),
]
