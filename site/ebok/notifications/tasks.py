"""Work of the minute timer."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from ebok.notifications import bounces, forgetting, receipts
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


def read_returned() -> str | None:
    """Read letters that came back, where a mailbox for them is named."""
    if not settings.EBOK_BOUNCE_MAILBOX:
        return None
    count = bounces.read_mailbox()
    if not count:
        return None
    return ngettext("%(count)d letter came back.", "%(count)d letters came back.", count) % {"count": count}


def judge_receipts() -> str | None:
    """Judge receipts of gates whose judging was interrupted."""
    count = receipts.judge_waiting()
    return f"{count}" if count else None


def prune() -> str | None:
    """Delete what is past its time."""
    count = forgetting.prune()
    return f"{count}" if count else None


tasks = [
    PeriodicTask(
        key="notifications.deliver",
        title=gettext_lazy("Sending messages that wait"),
        run=deliver_waiting,
        every=timedelta(minutes=1),
    ),
    PeriodicTask(
        key="notifications.returned",
        title=gettext_lazy("Reading letters that came back"),
        run=read_returned,
        every=timedelta(minutes=10),
    ),
    PeriodicTask(
        key="notifications.receipts",
        title=gettext_lazy("Judging receipts of text messages"),
        run=judge_receipts,
        every=timedelta(minutes=5),
    ),
    PeriodicTask(
        key="notifications.prune",
        title=gettext_lazy("Deleting old messages and their files"),
        run=prune,
        every=timedelta(hours=1),
    ),
]
