"""What gates told us about text messages, as it came."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Receipt(models.Model):
    """One call of a gate, stored before it is judged."""

    gate = models.CharField(_("gate"), max_length=80)
    fields = models.JSONField(_("content"), default=dict)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)
    changed = models.PositiveSmallIntegerField(_("messages changed"), default=0)

    class Meta:
        verbose_name = _("receipt of a gate")
        verbose_name_plural = _("receipts of gates")
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(judged_at=None), name="notifications_receipt_waits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.gate} {self.received_at:%Y-%m-%d %H:%M}"


class DemoItem(models.Model):
    """Something that would have gone to a person; only demo settings write here."""

    medium = models.CharField(max_length=10)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_type = models.CharField(max_length=100, blank=True)
    file = models.BinaryField(null=True, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("item of the demo mailbox")
        verbose_name_plural = _("items of the demo mailbox")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.medium} {self.recipient}"
