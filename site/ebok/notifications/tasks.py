"""Work of the minute timer."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from ebok.notifications.background import deliver
from ebok.notifications.models import Message, State
from ebok.ports import PeriodicTask


def deliver_waiting() -> str | None:
    """Have the worker hand over what is due: second tries, and what a killed worker left behind."""
    due = Message.objects.filter(state=State.WAITING, next_try__lte=timezone.now())
    count = due[:1000].count()
    if not count:
        return None
    deliver.enqueue()
    return ngettext("%(count)d message waits.", "%(count)d messages wait.", count) % {"count": count}


tasks = [
    PeriodicTask(
        key="notifications.deliver",
        title=gettext_lazy("Sending messages that wait"),
        run=deliver_waiting,
        every=timedelta(minutes=1),
    ),
]
