"""Letters with one-time codes (H21): for chosen customers at once, or for one who asked.

Of a code only a keyed hash is kept. The letters themselves lie in private files for a few days.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ebok.customers.models import Customer


class LetterBatch(models.Model):
    """Letters ordered at once and printed in the background, part by part."""

    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("for whom"), max_length=200)
    made_at = models.DateTimeField(_("ordered"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("ordered by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    total = models.PositiveIntegerField(_("letters"), default=0)
    done = models.PositiveIntegerField(_("made"), default=0)
    touched_at = models.DateTimeField(_("last progress"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    files_deleted_at = models.DateTimeField(_("files deleted"), null=True, blank=True)

    class Meta:
        verbose_name = _("batch of letters")
        verbose_name_plural = _("batches of letters")
        indexes = [models.Index(fields=["site", "-id"], name="client_zone_batch_list")]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        """How much is done, 0 to 100."""
        return 100 * self.done // self.total if self.total else 100


class LetterFile(models.Model):
    """A PDF with a part of a batch's letters."""

    batch = models.ForeignKey(
        LetterBatch, verbose_name=_("batch of letters"), on_delete=models.CASCADE, related_name="files"
    )
    number = models.PositiveIntegerField(_("part"))
    letters = models.PositiveIntegerField(_("letters"))
    name = models.CharField(_("file"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))

    class Meta:
        verbose_name = _("file with letters")
        verbose_name_plural = _("files with letters")
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="client_zone_file_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number}"


class LetterState(models.TextChoices):
    """What became of a letter; counted from its moments, stored nowhere."""

    ASKED = "asked", _("to be printed")
    MADE = "made", _("printed")
    SENT = "sent", _("sent")
    USED = "used", _("used")
    EXPIRED = "expired", _("expired")
    CANCELLED = "cancelled", _("cancelled")


class AccessLetter(models.Model):
    """A letter to a customer's address of correspondence with a code that works once."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    batch = models.ForeignKey(
        LetterBatch,
        verbose_name=_("batch of letters"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="letters",
        db_index=False,
    )
    claim = models.ForeignKey(
        "client_zone.Claim",
        verbose_name=_("asked for by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="letters",
    )
    code_hash = models.CharField(_("hash of the code"), max_length=64, null=True, editable=False)
    """NULL until the letter is made."""
    asked_at = models.DateTimeField(_("ordered"))
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    expires_at = models.DateTimeField(_("works until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("used by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    class Meta:
        verbose_name = _("letter with a code")
        verbose_name_plural = _("letters with codes")
        indexes = [
            models.Index(fields=["customer", "code_hash"], name="client_zone_letter_code"),
            models.Index(fields=["batch", "id"], name="client_zone_letter_list"),
            models.Index(
                fields=["asked_at"],
                condition=models.Q(batch__isnull=True, cancelled_at__isnull=True),
                name="client_zone_letter_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.asked_at:%Y-%m-%d}"

    def state_at(self, moment: datetime) -> LetterState:
        """What became of the letter, at that moment."""
        if self.used_at is not None:
            return LetterState.USED
        if self.cancelled_at is not None:
            return LetterState.CANCELLED
        if self.made_at is None or self.expires_at is None:
            return LetterState.ASKED
        if moment >= self.expires_at:
            return LetterState.EXPIRED
        return LetterState.MADE if self.sent_at is None else LetterState.SENT
