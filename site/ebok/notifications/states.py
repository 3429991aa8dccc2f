"""What becomes of messages, written down and told."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from ebok.notifications.models import Message, State
from ebok.notifications.signals import message_changed

logger = logging.getLogger(__name__)

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""How long to wait after each try that failed; after the last pause there is one more try."""


def tell(message: Message, state: str) -> None:
    """Tell who asked for the message. What a receiver raises is logged."""
    for receiver, answer in message_changed.send_robust(Message, message=message, state=state):
        if isinstance(answer, Exception):
            logger.error("%r failed for message %s", receiver, message.pk, exc_info=answer)


def failed(message: Message, reason: str, *, is_final: bool, now: datetime | None = None) -> None:
    """Write down a try that failed: the message waits for the next one, or is given up."""
    moment = now or timezone.now()
    with transaction.atomic():
        current = Message.objects.select_for_update().filter(pk=message.pk, state=State.WAITING).first()
        if current is None:
            return
        current.attempts += 1
        current.error = reason[:500]
        current.claimed_by = ""
        if is_final or current.attempts > len(PAUSES):
            current.state, current.settled_at = State.FAILED, moment
        else:
            current.next_try = moment + PAUSES[current.attempts - 1]
        current.save(update_fields=["attempts", "error", "claimed_by", "state", "settled_at", "next_try"])
        if current.state == State.FAILED:
            tell(current, "failed")
