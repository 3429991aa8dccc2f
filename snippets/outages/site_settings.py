"""The rules of publishing outages, for each site."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from snippets.outages import rules


@register_setting(icon="warning")
class OutageSettings(BaseSiteSetting):
    """The rules of publishing and the extra help of one site."""

    planned_days = models.PositiveSmallIntegerField(
        _("planned work is announced at least … days ahead"), default=7, validators=[MaxValueValidator(90)]
    )
    water_point_hours = models.PositiveSmallIntegerField(
        _("a water point is needed when water is off for more than … hours"),
        default=8,
        validators=[MaxValueValidator(240)],
    )
    unplanned_hours = models.PositiveSmallIntegerField(
        _("remind about notifying at once when a failure lasts more than … hours"),
        default=4,
        validators=[MaxValueValidator(240)],
    )
    delivery_phone = models.CharField(
        _("telephone for delivery to the door"),
        max_length=30,
        blank=True,
        help_text=_("Shown under the water points for people who cannot go out. Empty hides it."),
    )

    class Meta:
        verbose_name = _("outage rules")
        verbose_name_plural = _("outage rules")

    @property
    def thresholds(self) -> rules.Thresholds:
        """The numbers as the rules take them."""
        return rules.Thresholds(
            planned_days=self.planned_days,
            water_point_hours=self.water_point_hours,
            unplanned_hours=self.unplanned_hours,
        )
