"""Messages in the portal, as the person reads them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from ebok.accounts.models import User
from ebok.notifications.models import Channel, Message


def inbox_of(user: User) -> QuerySet[Message]:
    """What was sent to the person here, newest first."""
    return Message.objects.filter(user=user, channel=Channel.PORTAL).select_related("mailing").order_by("-pk")


def unread_count(user: User) -> int:
    """How many of them the person has not opened."""
    return inbox_of(user).filter(read_at__isnull=True).count()


def mark_read(message: Message) -> None:
    """The person has opened it; the first time counts."""
    if message.read_at is None:
        message.read_at = timezone.now()
        Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=message.read_at)


def mark_all_read(user: User) -> int:
    """Everything is read; how many were not."""
    return inbox_of(user).filter(read_at__isnull=True).update(read_at=timezone.now())
