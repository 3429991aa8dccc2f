"""Handing over: messages are taken in batches, each is given to its channel, the outcome is written down."""

from __future__ import annotations

import logging
import os
import socket
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.notifications import spool as spools
from ebok.notifications.channels import text_message
from ebok.notifications.channels.email import MailLine
from ebok.notifications.channels.outcomes import HandedOver
from ebok.notifications.forgetting import forget_secrets
from ebok.notifications.mailings import finish
from ebok.notifications.models import Channel, Mailing, Message, State
from ebok.notifications.quiet import postponed
from ebok.notifications.spool import Spool
from ebok.notifications.states import failed, tell

logger = logging.getLogger(__name__)

BATCH = 100
LEASE = timedelta(minutes=10)
"""How long a batch belongs to the worker that took it; longer than handing a batch over can take."""


def deliver_due(*, batch: int = BATCH, seconds: float | None = None) -> int:
    """Hand over what is due, for about so many seconds if they are given; how many messages were taken."""
    settle_left()
    taken, worker, until = 0, worker_name(), time.monotonic() + (seconds or 0)
    size = _size(batch)
    with Spool(worker) as spool, MailLine() as line:
        while messages := claim(size, worker=worker):
            taken += len(messages)
            hand_over(messages, spool, line)
            if seconds is not None and time.monotonic() >= until:
                break
    return taken


def is_due() -> bool:
    """Whether something waits to be handed over now."""
    return Message.objects.filter(state=State.WAITING, next_try__lte=timezone.now()).exists()


def _size(batch: int) -> int:
    """With a limit of the provider batches are small, so that what is urgent waits for few letters."""
    limit = settings.EBOK_EMAILS_PER_MINUTE
    return max(1, min(batch, limit // 6)) if limit else batch


def worker_name() -> str:
    """Names this run of this process in claims."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:12]}".replace("/", "_")


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
    messages = Message.objects.filter(pk__in=keys).prefetch_related("site", "mailing")
    return sorted(messages, key=lambda message: (message.urgency, message.pk))


def hand_over(messages: Iterable[Message], spool: Spool, line: MailLine) -> None:
    """Give each message to its channel and write down what came of it; what may wait in quiet hours waits."""
    given = list(messages)
    later = postponed(given, timezone.now())
    going = [message for message in given if message.pk not in later]
    letters = [message for message in going if message.channel == Channel.EMAIL]
    short = [message for message in going if message.channel != Channel.EMAIL]
    outcomes = [*line.send_all(letters, spool), *text_message.send_all(short)]
    with transaction.atomic():
        for until in set(later.values()):
            waiting = [pk for pk, moment in later.items() if moment == until]
            Message.objects.filter(pk__in=waiting).update(next_try=until, claimed_by="")
        complete([outcome for outcome in outcomes if outcome.is_sent])
        for outcome in outcomes:
            if not outcome.is_sent:
                failed(outcome.message, outcome.reason, is_final=outcome.is_final)
        reached = {outcome.message.pk for outcome in outcomes}
        _release(message.pk for message in going if message.pk not in reached)
        finish(list({message.mailing_id for message in going if message.mailing_id is not None}))
    spool.clear()


def complete(outcomes: list[HandedOver]) -> None:
    """Write down that these messages are with the carrier."""
    if not outcomes:
        return
    now = timezone.now()
    done = {"state": State.SENT, "sent_at": now, "claimed_by": "", "error": ""}
    with transaction.atomic():
        plain = [outcome.message.pk for outcome in outcomes if not outcome.gate_reference]
        Message.objects.filter(pk__in=plain, state=State.WAITING).update(**done)
        for outcome in outcomes:
            if outcome.gate_reference:
                Message.objects.filter(pk=outcome.message.pk, state=State.WAITING).update(
                    **done, gate_reference=outcome.gate_reference
                )
        forget_secrets(outcome.message for outcome in outcomes)
        _count_sent(outcome.message for outcome in outcomes)
        for outcome in outcomes:
            message = outcome.message
            message.state, message.sent_at, message.claimed_by = State.SENT, now, ""
            tell(message, "sent")


def _count_sent(messages: Iterable[Message]) -> None:
    counted = Counter(message.mailing_id for message in messages if message.mailing_id is not None)
    for mailing_id, count in counted.items():
        Mailing.objects.filter(pk=mailing_id).update(sent=F("sent") + count)


def _release(keys: Iterable[int]) -> None:
    Message.objects.filter(pk__in=list(keys), state=State.WAITING).update(
        claimed_by="", next_try=timezone.now()
    )


def settle_left() -> None:
    """Settle what dead workers of this machine left in the middle; see `spool`."""
    for left in spools.left_behind():
        with transaction.atomic():
            held = Message.objects.select_for_update().filter(claimed_by=left.worker, state=State.WAITING)
            messages = {message.pk: message for message in held}
            complete([HandedOver(message=messages[pk]) for pk in left.taken & messages.keys()])
            for pk in left.unsure & messages.keys():
                reason = _(
                    "The worker was stopped while the server was taking it. It may have arrived; "
                    "we do not send it twice."
                )
                failed(messages[pk], reason, is_final=True)
            _release(messages.keys() - left.taken - left.unsure)
            finish(list({m.mailing_id for m in messages.values() if m.mailing_id is not None}))
        logger.warning(
            "Worker %s died: %s letters had been taken, %s are unsure, %s go out again",
            left.worker,
            len(left.taken & messages.keys()),
            len(left.unsure & messages.keys()),
            len(messages.keys() - left.taken - left.unsure),
        )
