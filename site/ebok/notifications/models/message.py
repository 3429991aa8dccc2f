"""The outbox: each row is one message to one person through one channel."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Site

from ebok.ports.message_kinds import EMAIL, PORTAL
from ebok.ports.messages import SMS


class Channel(models.TextChoices):
    """How a message reaches the person."""

    EMAIL = EMAIL, pgettext_lazy("channel", "e-mail")
    SMS = SMS, pgettext_lazy("channel", "text message")
    PORTAL = PORTAL, pgettext_lazy("channel", "in the portal")


class State(models.TextChoices):
    """What has become of a message."""

    WAITING = "waiting", pgettext_lazy("message", "waiting")
    SENT = "sent", pgettext_lazy("message", "sent")
    DELIVERED = "delivered", pgettext_lazy("message", "delivered")
    FAILED = "failed", pgettext_lazy("message", "not sent")
    BOUNCED = "bounced", pgettext_lazy("message", "returned")
    CANCELLED = "cancelled", pgettext_lazy("message", "called off")


class Urgency(models.IntegerChoices):
    """Who goes first when many wait."""

    AT_ONCE = 0
    ORDINARY = 1
    MAILING = 2


class Message(models.Model):
    """One message to one person through one channel, stored before it is sent.

    Texts and values stand here as they were when the message was stored, so what was sent can be shown; a
    message of a mailing takes its texts from there. While a worker has the message in its hands,
    `claimed_by` names the worker and `next_try` is when others may take it.
    """

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("site")
    )
    kind = models.CharField(_("kind"), max_length=80)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    urgency = models.SmallIntegerField(choices=Urgency, default=Urgency.ORDINARY)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("person"),
    )
    address = models.CharField(_("address"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    body = models.TextField(_("text"), blank=True)
    reply_to = models.CharField(_("answers go to"), max_length=254, blank=True, default="", db_default="")
    action = models.CharField(_("words of the button"), max_length=100, blank=True)
    mailing = models.ForeignKey(
        "notifications.Mailing",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="messages",
        db_index=False,
        verbose_name=_("mailing"),
    )
    url = models.TextField(_("where the button leads"), blank=True)
    values = models.JSONField(_("values"), default=dict, blank=True)
    once = models.CharField(max_length=255, blank=True, default="", editable=False)
    """The same text is stored once; "" may repeat."""
    owner_label = models.CharField(max_length=80, blank=True, default="", editable=False)
    owner_id = models.BigIntegerField(null=True, blank=True, editable=False)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(_("stored"), default=timezone.now)
    next_try = models.DateTimeField(_("next try"), default=timezone.now)
    attempts = models.SmallIntegerField(_("tries"), default=0)
    claimed_by = models.CharField(max_length=64, blank=True, default="", editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    settled_at = models.DateTimeField(_("delivered or returned"), null=True, blank=True)
    read_at = models.DateTimeField(pgettext_lazy("message", "read"), null=True, blank=True)
    error = models.CharField(_("what went wrong"), max_length=500, blank=True, default="")
    gate_reference = models.CharField(
        _("name at the gate"), max_length=100, blank=True, default="", editable=False
    )
    parts = models.SmallIntegerField(_("parts"), null=True, blank=True)
    """Of how many parts a text message is made."""

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["once"], condition=~models.Q(once=""), name="notifications_message_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["urgency", "next_try", "id"],
                condition=models.Q(state="waiting"),
                name="notifications_queue",
            ),
            models.Index(
                fields=["mailing", "state"],
                condition=models.Q(mailing__isnull=False),
                name="notifications_of_mailing",
            ),
            models.Index(
                fields=["-id"],
                condition=models.Q(state__in=["failed", "bounced"]),
                name="notifications_trouble",
            ),
            models.Index(
                fields=["owner_label", "owner_id"],
                condition=~models.Q(owner_label=""),
                name="notifications_of_owner",
            ),
            models.Index(
                fields=["user", "-id"], condition=models.Q(channel="portal"), name="notifications_of_person"
            ),
            models.Index(
                fields=["gate_reference"],
                condition=~models.Q(gate_reference=""),
                name="notifications_at_gate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel} {self.address or self.user_id}"


class Attachment(models.Model):
    """A file that goes with a message by e-mail; it is deleted when the message is long gone."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100, default="application/octet-stream")
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("attachment of a message")
        verbose_name_plural = _("attachments of messages")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
