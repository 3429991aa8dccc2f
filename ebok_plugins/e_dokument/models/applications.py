"""Applications that people sent, what they attached, and what was done with them."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Site

from ebok.files.checking import CONTENT_TYPES
from ebok_plugins.e_dokument import rules
from ebok_plugins.e_dokument.models.documents import DocumentTemplate
from ebok_plugins.e_dokument.storage import attachment_path, storage


class NumberSeries(models.Model):
    """The last number given out in a year; its row is the lock that keeps numbers unique."""

    wagtail_reference_index_ignore = True

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class StateChoice(models.TextChoices):
    """States of an application in words."""

    NEW = rules.State.NEW, pgettext_lazy("application", "new")
    IN_PROGRESS = rules.State.IN_PROGRESS, pgettext_lazy("application", "in progress")
    ANSWERED = rules.State.ANSWERED, pgettext_lazy("application", "answered")
    CLOSED = rules.State.CLOSED, pgettext_lazy("application", "closed")


class Application(models.Model):
    """An application as it was sent. The answers are a copy: later changes of the form leave it alone.

    `answers` is a list of `{"key", "kind", "label", "value"}`; `value` is text, or a list of texts.
    `changes` counts changes by staff, so that two people at once notice each other.
    """

    wagtail_reference_index_ignore = True

    number = models.CharField(_("number"), max_length=20, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    template = models.ForeignKey(
        DocumentTemplate,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("document"),
    )
    title = models.CharField(_("title"), max_length=160)
    language = models.CharField(_("language"), max_length=10, default="pl")
    answers = models.JSONField(_("answers"), default=list)
    applicant = models.CharField(_("applicant"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=StateChoice.choices, default=StateChoice.NEW)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("handled by"),
    )
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    changes = models.PositiveIntegerField(default=0, editable=False)
    search_text = models.TextField(editable=False, default="")
    client_key = models.UUIDField(unique=True, editable=False)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    token_expires_at = models.DateTimeField(editable=False)
    confirmed_at = models.DateTimeField(_("confirmation sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("-pk",)
        default_permissions = ()
        indexes = [
            models.Index(fields=("site", "state", "-id"), name="e_dokument_queue"),
            models.Index(fields=("state", "closed_at"), name="e_dokument_retention"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has taken it up yet."""
        return self.state == StateChoice.NEW

    def may_become(self, state: str) -> bool:
        """Whether staff may put it into that state now."""
        return rules.may_become(self.state, state)


class ScanState(models.TextChoices):
    """What the virus scanner said about an attachment."""

    NOT_SCANNED = "not-scanned", _("not scanned")
    WAITING = "waiting", _("waits for the scan")
    CLEAN = "clean", _("clean")
    INFECTED = "infected", _("infected")


class Attachment(models.Model):
    """A file of an application; before sending it belongs to the draft with the same key."""

    wagtail_reference_index_ignore = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(
        Application,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name=_("application"),
    )
    draft_key = models.UUIDField(db_index=True, editable=False)
    question_key = models.CharField(max_length=16, editable=False)
    file = models.FileField(_("file"), upload_to=attachment_path, storage=storage, max_length=200)
    original_name = models.CharField(_("name"), max_length=120)
    extension = models.CharField(_("kind"), max_length=8)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    scan = models.CharField(
        _("virus scan"), max_length=12, choices=ScanState.choices, default=ScanState.NOT_SCANNED
    )
    stored_at = models.DateTimeField(_("stored"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("stored_at", "id")
        default_permissions = ()

    def __str__(self) -> str:
        return self.original_name

    @property
    def content_type(self) -> str:
        """The media type to send it with."""
        return CONTENT_TYPES.get(self.extension, "application/octet-stream")

    @property
    def may_be_opened(self) -> bool:
        """Whether staff may download it: not while the scanner has it, never when infected."""
        return self.scan in (ScanState.NOT_SCANNED, ScanState.CLEAN)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row, and the file with it as soon as the transaction holds."""
        name = self.file.name
        result = super().delete(*args, **kwargs)
        if name:
            transaction.on_commit(partial(self.file.storage.delete, name))
        return result


class StepKind(models.TextChoices):
    """What was done with an application."""

    SENT = "sent", pgettext_lazy("application", "sent")
    TAKEN = "taken", pgettext_lazy("application", "taken over")
    STATE = "state", pgettext_lazy("application", "state changed")
    NOTE = "note", pgettext_lazy("application", "note")
    REPLY = "reply", pgettext_lazy("application", "reply")


class Step(models.Model):
    """One entry of an application's history; only ever added."""

    wagtail_reference_index_ignore = True

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="steps", verbose_name=_("application")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=StepKind.choices)
    state = models.CharField(_("state"), max_length=12, choices=StateChoice.choices, blank=True)
    text = models.TextField(_("text"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    mailed_at = models.DateTimeField(_("e-mail sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history entries")
        ordering = ("at", "pk")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.application}: {self.get_kind_display()}"
