"""Texts people agree to, version by version, and who agreed when: a history that is only added to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel


class ConsentKind(models.TextChoices):
    """What a text is about. The privacy policy is no consent: it is a page of the public zone."""

    TERMS = "terms", _("Terms of service")
    MARKETING_EMAIL = "marketing-email", _("News and offers by e-mail")
    MARKETING_SMS = "marketing-sms", _("News and offers by text message")
    MARKETING_PHONE = "marketing-phone", _("News and offers by phone")
    SURVEYS = "surveys", _("Surveys of satisfaction")


class Channel(models.TextChoices):
    """Where somebody agreed or withdrew."""

    PORTAL = "portal", _("in the portal")
    REGISTRATION = "registration", _("when registering")
    OFFICE = "office", _("at the office")
    LETTER = "letter", _("by letter")


class ConsentText(models.Model):
    """One version of one text. Once somebody agreed to it, it never changes; a new version is written."""

    kind = models.CharField(_("what it is about"), max_length=30, choices=ConsentKind.choices)
    version = models.PositiveIntegerField(_("version"), editable=False)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(
        pgettext_lazy("a consent", "text"), help_text=_("An empty line begins a new paragraph.")
    )
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    body_en = models.TextField(_("text in English"), blank=True)
    valid_from = models.DateTimeField(_("in force from"), default=timezone.now)
    required = models.BooleanField(
        _("required"),
        default=False,
        help_text=_(
            "Whoever does not agree cannot use the portal. Only for terms of service: consents to news and "
            "offers must be free."
        ),
    )

    panels = [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("kind"), FieldPanel("valid_from")]), FieldPanel("required")],
            heading=_("What and when"),
        ),
        MultiFieldPanel([FieldPanel("title"), FieldPanel("body")], heading=_("Polish")),
        MultiFieldPanel([FieldPanel("title_en"), FieldPanel("body_en")], heading=_("English")),
    ]

    class Meta:
        verbose_name = _("text to agree to")
        verbose_name_plural = _("texts to agree to")
        ordering = ["kind", "-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="accounts_consent_version")]

    def __str__(self) -> str:
        return f"{self.title} (v{self.version})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Number a new version."""
        if self._state.adding and not self.version:
            newest = ConsentText.objects.filter(kind=self.kind).aggregate(models.Max("version"))
            self.version = (newest["version__max"] or 0) + 1
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Only terms can be required; what somebody agreed to stays as they read it."""
        if self.required and self.kind != ConsentKind.TERMS:
            raise ValidationError({"required": _("Only terms of service can be required.")})
        if self.pk and self.consents.exists():
            raise ValidationError(_("Somebody agreed to this version already. Write a new one."))

    @property
    def shown_title(self) -> str:
        """The title in the active language, Polish where there is no other."""
        return (get_language() == "en" and self.title_en) or self.title

    @property
    def shown_body(self) -> str:
        """The text in the active language, Polish where there is no other."""
        return (get_language() == "en" and self.body_en) or self.body


class Consent(models.Model):
    """Somebody agreed to a version, or withdrew. The newest row of a kind is what counts."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents", verbose_name=_("who")
    )
    text = models.ForeignKey(
        ConsentText,
        on_delete=models.PROTECT,
        related_name="consents",
        verbose_name=pgettext_lazy("a consent", "text"),
    )
    given = models.BooleanField(pgettext_lazy("consent", "given"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    channel = models.CharField(_("where"), max_length=20, choices=Channel.choices)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["user", "text", "at"], name="accounts_consent_of_user")]

    def __str__(self) -> str:
        return f"{self.text_id} {self.user_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a row that was written never changes."""
        if not self._state.adding:
            raise TypeError("The history of consents is only added to.")
        super().save(*args, **{**kwargs, "force_insert": True})
