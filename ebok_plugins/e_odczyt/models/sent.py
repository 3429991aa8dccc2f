"""Readings that people sent, and what became of them (F07)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ebok.customers.models import Customer, Meter, ServicePoint
from ebok_plugins.e_odczyt.storage import photo_path, photo_storage


class SentState(models.TextChoices):
    """Where a reading is on its way; the first four are the pending ones of F07."""

    DOUBTFUL = "doubtful", pgettext_lazy("a reading", "being checked")
    ACCEPTED = "accepted", pgettext_lazy("a reading", "accepted")
    EXPORTED = "exported", pgettext_lazy("a reading", "handed over")
    TAKEN = "taken", pgettext_lazy("a reading", "taken over")
    SETTLED = "settled", pgettext_lazy("a reading", "settled")
    UNSETTLED = "unsettled", pgettext_lazy("a reading", "unsettled")
    REJECTED = "rejected", pgettext_lazy("a reading", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("a reading", "withdrawn")


class Channel(models.TextChoices):
    """By which way a reading came."""

    ACCOUNT = "account", _("in the client zone")
    CODE = "code", _("without an account")
    LINK = "link", _("link in a reminder")


WITHDRAWABLE = (SentState.DOUBTFUL, SentState.ACCEPTED)
"""Before the billing system was told, the customer may take a reading back."""
DEAD = (SentState.REJECTED, SentState.WITHDRAWN)
"""Count for nothing: another reading of the same day may be sent."""


class SentReading(models.Model):
    """The state of a register on a day as somebody sent it, or a declared usage where there is no meter.

    One sending brings several rows with the same `client_key`; sent twice, they are stored once. Of a
    register one reading a day may be alive, so the second of two people is told about the first.
    """

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    point = models.ForeignKey(
        ServicePoint,
        verbose_name=_("service point"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    meter = models.ForeignKey(
        Meter,
        verbose_name=_("meter"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    """NULL for declared usage."""
    register = models.PositiveSmallIntegerField(_("register"), default=1)
    read_on = models.DateField(_("date of the reading"))
    value = models.DecimalField(_("reading"), max_digits=12, decimal_places=3, null=True, blank=True)
    """NULL for declared usage, which has only `usage`."""
    usage = models.DecimalField(
        _("usage since the last reading"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    expected_cost = models.DecimalField(
        _("expected cost"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    previous_value = models.DecimalField(
        _("reading before"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    previous_on = models.DateField(_("date of the reading before"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SentState, default=SentState.ACCEPTED)
    doubts = models.JSONField(_("doubts"), default=list, blank=True)
    """Names of the rules that found something, in their order."""
    remark = models.CharField(_("remark"), max_length=300, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    """Why it was rejected or corrected, for the customer to read."""
    original_value = models.DecimalField(
        _("value as sent"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    """What stood there before an employee corrected it; NULL when nobody did."""
    channel = models.CharField(_("way of sending"), max_length=8, choices=Channel, default=Channel.ACCOUNT)
    client_key = models.UUIDField(_("key of the sending"), default=uuid.uuid4, editable=False)
    sent_at = models.DateTimeField(_("sent"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    email = models.EmailField(_("e-mail"), blank=True, default="")
    photo = models.FileField(
        _("photograph"), storage=photo_storage, upload_to=photo_path, blank=True, default="", editable=False
    )
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    invoice_id = models.BigIntegerField(_("settling invoice"), null=True, blank=True)
    invoice_position = models.PositiveSmallIntegerField(_("line of the invoice"), null=True, blank=True)

    class Meta:
        verbose_name = _("sent reading")
        verbose_name_plural = _("sent readings")
        indexes = [
            models.Index(fields=["customer", "-sent_at"], name="e_odczyt_sent_list"),
            models.Index(
                fields=["sent_at"], name="e_odczyt_doubtful", condition=models.Q(state=SentState.DOUBTFUL)
            ),
            # What an import looks for is a fraction of what was ever sent.
            models.Index(
                fields=["customer", "meter", "read_on"],
                name="e_odczyt_open",
                condition=models.Q(state__in=["accepted", "exported", "taken", "unsettled"]),
            ),
            models.Index(fields=["read_on"], name="e_odczyt_sent_days"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "client_key", "meter", "register"], name="e_odczyt_sent_once"
            ),
            models.UniqueConstraint(
                fields=["customer", "client_key", "point"],
                condition=models.Q(meter__isnull=True),
                name="e_odczyt_declared_once",
            ),
            models.UniqueConstraint(
                fields=["customer", "meter", "register", "read_on"],
                condition=~models.Q(state__in=["rejected", "withdrawn"]),
                name="e_odczyt_one_a_day",
            ),
            models.UniqueConstraint(
                fields=["customer", "point", "read_on"],
                condition=models.Q(meter__isnull=True) & ~models.Q(state__in=["rejected", "withdrawn"]),
                name="e_odczyt_declared_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(meter__isnull=False, value__gte=0)
                | models.Q(meter__isnull=True, usage__gte=0),
                name="e_odczyt_reading_or_usage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.read_on} {self.value if self.value is not None else self.usage}"

    @property
    def is_doubtful(self) -> bool:
        """Whether an employee has to look at it."""
        return self.state == SentState.DOUBTFUL

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether the customer may still take it back."""
        return self.state in WITHDRAWABLE

    @property
    def tone(self) -> str:
        """Colour of its tag, beside the words."""
        return {
            SentState.DOUBTFUL: "due",
            SentState.SETTLED: "ok",
            SentState.REJECTED: "bad",
            SentState.UNSETTLED: "due",
            SentState.WITHDRAWN: "mute",
        }.get(SentState(self.state), "")
