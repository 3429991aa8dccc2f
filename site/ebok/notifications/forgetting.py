"""What is forgotten: messages of a person who is erased, and what is past its time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ebok.accounts.models import User
from ebok.accounts.signals import account_deleted
from ebok.notifications.kinds import secret_kinds
from ebok.notifications.models import Attachment, Channel, Choice, Message, Phone, QuietHours, Receipt, State

KEEP_FILES = timedelta(days=30)
KEEP_RECEIPTS = timedelta(days=90)
KEEP_MESSAGES = timedelta(days=730)
PHONE = "notifications.phone"
"""Codes carry this label, with the id of the row of the telephone."""
UNSAID: dict[str, Any] = {"subject": "", "body": "", "url": "", "values": {}}
AT_ONCE = 2_000
"""Rows deleted in one statement, so that SQLite's write lock is never held long."""


def forget_person(user: User, **_more: Any) -> None:
    """Nothing goes out any more; that something went, and when, stays without saying to whom or what."""
    own = Message.objects.filter(user=user)
    own.filter(channel=Channel.PORTAL).delete()
    own.filter(state=State.WAITING).update(state=State.CANCELLED, settled_at=timezone.now())
    Attachment.objects.filter(message__user=user).delete()
    own.update(user=None, address="", error="", **UNSAID)
    forget_about(PHONE, Phone.objects.filter(user=user).values_list("pk", flat=True))
    Phone.objects.filter(user=user).delete()
    Choice.objects.filter(user=user).delete()
    QuietHours.objects.filter(user=user).delete()


def forget_secrets(messages: Iterable[Message]) -> None:
    """Of these messages, those that let somebody in keep neither words nor links; asks nothing for others."""
    secret = secret_kinds()
    if keys := [message.pk for message in messages if message.kind in secret]:
        Message.objects.filter(pk__in=keys).update(**UNSAID)


def forget_about(label: str, keys: Iterable[int]) -> None:
    """What the messages were about is deleted: nothing more goes out, and what was written is forgotten."""
    about = Message.objects.filter(owner_label=label, owner_id__in=list(keys))
    about.filter(state=State.WAITING).update(state=State.CANCELLED, settled_at=timezone.now())
    Attachment.objects.filter(message__in=about.values("pk")).delete()
    about.update(address="", error="", **UNSAID)


def prune() -> int:
    """Delete some of what is past its time; how many rows."""
    now = timezone.now()
    settled = Message.objects.exclude(state=State.WAITING)
    old_files = Attachment.objects.filter(
        message__in=settled.filter(created_at__lt=now - KEEP_FILES).values("pk")
    )
    count = 0
    for rows in (
        old_files,
        Receipt.objects.filter(received_at__lt=now - KEEP_RECEIPTS, judged_at__isnull=False),
        settled.filter(created_at__lt=now - KEEP_MESSAGES),
    ):
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        rows.model._default_manager.filter(pk__in=keys).delete()
        count += len(keys)
    return count


def connect() -> None:
    """Hear of people who are erased."""
    account_deleted.connect(forget_person, dispatch_uid="ebok-notifications-forget")
