"""Reminders to send a reading, each with a link that needs no account."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Customer
from ebok_plugins.e_odczyt.models.windows import ReadingWindow


class Reminder(models.Model):
    """One customer was reminded about one window. The link carries `public_id`, signed."""

    public_id = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    window = models.ForeignKey(
        ReadingWindow, verbose_name=_("reading window"), on_delete=models.CASCADE, related_name="reminders"
    )
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    email = models.EmailField(_("e-mail"), blank=True, default="")
    link = models.CharField(_("link"), max_length=300)
    made_at = models.DateTimeField(_("reminded"))
    expires_at = models.DateTimeField(_("link works until"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["customer", "window"], name="e_odczyt_reminded_once"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.window_id}"
