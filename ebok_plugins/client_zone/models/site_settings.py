"""Settings of the client zone, one row for each site."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="group")
class JoiningSettings(BaseSiteSetting):
    """How people join an account with a customer."""

    invoices_open = models.BooleanField(
        _("registration with an invoice"),
        default=True,
        help_text=_("Off: only a code from a letter or an invitation opens an account."),
    )
    invoice_months = models.PositiveIntegerField(
        _("how old an invoice may be (months)"),
        default=24,
        validators=[MaxValueValidator(600)],
        help_text=_("An older invoice proves nothing. 0: every invoice counts."),
    )
    letter_days = models.PositiveIntegerField(
        _("days a code from a letter works"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("Counted from the day on which the letter is made."),
    )
    file_days = models.PositiveIntegerField(
        _("days the files with letters are kept"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("They hold codes that open accounts, so they do not stay for long."),
    )

    panels = [
        FieldPanel("invoices_open"),
        FieldPanel("invoice_months"),
        FieldPanel("letter_days"),
        FieldPanel("file_days"),
    ]

    class Meta:
        verbose_name = _("registration and letters")
        verbose_name_plural = _("registration and letters")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name}: {self.site}"
