"""When readings are wanted: days for a zone of readings."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Site


class ReadingWindow(models.Model):
    """Days on which readings of a zone are taken. A zone without any window is never closed."""

    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.CASCADE, related_name="reading_windows"
    )
    zone = models.CharField(
        _("reading zone"),
        max_length=40,
        blank=True,
        default="",
        help_text=_("As the billing system calls it. Empty: all zones."),
    )
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"))

    panels = [
        FieldPanel("site"),
        FieldPanel("zone"),
        FieldRowPanel([FieldPanel("opens_on"), FieldPanel("closes_on")]),
    ]

    class Meta:
        verbose_name = _("reading window")
        verbose_name_plural = _("reading windows")
        ordering = ["-opens_on", "zone", "id"]
        indexes = [models.Index(fields=["site", "closes_on"], name="e_odczyt_window_days")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")), name="e_odczyt_window_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.zone or '*'} {self.opens_on:%d.%m.%Y}\u2013{self.closes_on:%d.%m.%Y}"

    def clean(self) -> None:
        """The last day is not before the first."""
        if self.opens_on and self.closes_on and self.closes_on < self.opens_on:
            raise ValidationError({"closes_on": _("The last day cannot lie before the first one.")})

    def covers(self, day: date) -> bool:
        """Whether readings of that day are wanted."""
        return self.opens_on <= day <= self.closes_on
