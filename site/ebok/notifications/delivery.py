"""Handing over: messages are taken in batches, each is given to its channel, the outcome is written down."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from ebok.notifications.channels import email, text_message
from ebok.notifications.channels.outcomes import HandedOver
from ebok.notifications.models import Channel, Message, State
from ebok.notifications.quiet import postponed
from ebok.notifications.states import failed, tell

logger = logging.getLogger(__name__)

BATCH = 100
LEASE = timedelta(minutes=10)
"""How long a batch belongs to the worker that took it; longer than handing a batch over can take."""


def deliver_due(*, batch: int = BATCH) -> int:
    """Hand over everything that is due; how many messages were taken."""
    taken = 0
    worker = worker_name()
    while messages := claim(batch, worker=worker):
        taken += len(messages)
        hand_over(messages)
    return taken


def worker_name() -> str:
    """Names this process in claims."""
    return f"{socket.gethostname()}:{os.getpid()}"[-64:]


def claim(count: int, *, worker: str, now: datetime | None = None) -> list[Message]:
    """Take up to so many messages that are due; nobody else gets them while the lease runs."""
    moment = now or timezone.now()
    due = Message.objects.filter(state=State.WAITING, next_try__lte=moment)
    with transaction.atomic():
        # SQLite has no row locks and needs none: the transaction began with the only write lock.
        keys = list(
            due.select_for_update(skip_locked=True)
            .order_by("urgency", "next_try", "pk")
            .values_list("pk", flat=True)[:count]
        )
        if not keys:
            return []
        Message.objects.filter(pk__in=keys).update(claimed_by=worker, next_try=moment + LEASE)
    messages = Message.objects.filter(pk__in=keys).select_related("user", "site")
    return sorted(messages, key=lambda message: (message.urgency, message.pk))


def hand_over(messages: Iterable[Message]) -> None:
    """Give each message to its channel and write down what came of it; what may wait in quiet hours waits."""
    given, now = list(messages), timezone.now()
    later = postponed(given, now)
    for until in set(later.values()):
        waiting = [pk for pk, moment in later.items() if moment == until]
        Message.objects.filter(pk__in=waiting).update(next_try=until, claimed_by="")
    by_channel: dict[str, list[Message]] = {}
    for message in given:
        if message.pk in later:
            continue
        by_channel.setdefault(message.channel, []).append(message)
    for channel, some in by_channel.items():
        sender = email if channel == Channel.EMAIL else text_message
        done: list[HandedOver] = []
        for outcome in sender.send_all(some):
            if outcome.is_sent:
                done.append(outcome)
            else:
                failed(outcome.message, outcome.reason, is_final=outcome.is_final)
        complete(done)


def complete(outcomes: list[HandedOver]) -> None:
    """Write down that these messages are with the carrier."""
    if not outcomes:
        return
    now = timezone.now()
    with transaction.atomic():
        plain = [outcome.message.pk for outcome in outcomes if not outcome.gate_reference]
        done = {"state": State.SENT, "sent_at": now, "claimed_by": "", "error": ""}
        Message.objects.filter(pk__in=plain, state=State.WAITING).update(**done)
        for outcome in outcomes:
            if outcome.gate_reference:
                Message.objects.filter(pk=outcome.message.pk, state=State.WAITING).update(
                    **done, gate_reference=outcome.gate_reference
                )
        for outcome in outcomes:
            message = outcome.message
            message.state, message.sent_at, message.claimed_by = State.SENT, now, ""
            tell(message, "sent")
