"""What becomes of messages, written down and told."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.journal.services import record
from ebok.notifications.background import deliver_on_commit
from ebok.notifications.forgetting import forget_secrets
from ebok.notifications.kinds import secret_kinds
from ebok.notifications.models import Mailing, MailingState, Message, State
from ebok.notifications.signals import mailing_called_off, message_changed

if TYPE_CHECKING:
    from django.http import HttpRequest

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


def tell_called_off(mailing: Mailing) -> None:
    """Tell who asked for the messages of a mailing. What a receiver raises is logged."""
    for receiver, answer in mailing_called_off.send_robust(Mailing, mailing=mailing):
        if isinstance(answer, Exception):
            logger.error("%r failed for mailing %s", receiver, mailing.pk, exc_info=answer)


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
            if current.mailing_id is not None:
                Mailing.objects.filter(pk=current.mailing_id).update(failed=F("failed") + 1)
            forget_secrets([current])
            tell(current, "failed")


@transaction.atomic
def send_again(message: Message, *, actor: Any, request: HttpRequest | None = None) -> bool:
    """Put a message that did not arrive back into the queue; False when it is on its way already.

    What let somebody in is forgotten and never goes out again.
    """
    current = Message.objects.select_for_update().get(pk=message.pk)
    if current.state not in (State.FAILED, State.BOUNCED) or current.kind in secret_kinds():
        return False
    if current.mailing_id is not None:
        counter = "failed" if current.state == State.FAILED else "sent"
        Mailing.objects.filter(pk=current.mailing_id).update(
            **{counter: F(counter) - 1}, state=MailingState.RUNNING, finished_at=None
        )
    record(
        "notifications.sent_again",
        text=_("Message sent again: %(subject)s") % {"subject": current.subject or current.kind},
        actor=actor,
        request=request,
        site=current.site,
        obj=current,
        payload={"kind": current.kind, "channel": current.channel, "was": current.state},
    )
    current.state, current.attempts, current.next_try = State.WAITING, 0, timezone.now()
    current.settled_at = None
    current.save(update_fields=["state", "attempts", "next_try", "settled_at"])
    deliver_on_commit()
    return True


@transaction.atomic
def bounced(message: Message, reason: str) -> bool:
    """The letter came back; False when that is known, or when it never went out."""
    current = Message.objects.select_for_update().get(pk=message.pk)
    if current.state not in (State.SENT, State.DELIVERED):
        return False
    current.state, current.settled_at, current.error = State.BOUNCED, timezone.now(), reason[:500]
    current.save(update_fields=["state", "settled_at", "error"])
    tell(current, "bounced")
    return True
