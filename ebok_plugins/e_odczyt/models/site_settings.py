"""Settings of e-Odczyt, one row for each site, with the rules of each service."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from ebok.customers.models import Service
from ebok.plugins.settings_fields import whole_number


class Severity(models.TextChoices):
    """What a rule does when something looks wrong."""

    IGNORE = "ignore", _("does not look")
    CONFIRM = "confirm", _("asks the person to confirm")
    REFUSE = "refuse", _("does not take the reading")


@register_setting(icon="tasks")
class ReadingSettings(BaseSiteSetting, ClusterableModel):
    """Who may send readings and how, how they are judged, and how long a link of a reminder works."""

    public_sending = models.BooleanField(
        _("readings without an account"),
        default=False,
        help_text=_("Anybody who knows the customer code and the number of a meter may send a reading."),
    )
    sends_per_hour = whole_number(
        _("tries per hour from one address"), 20, 1, 1000, _("Stops machines that try numbers of meters.")
    )
    link_days = whole_number(_("days a link of a reminder works"), 21, 1, 120)
    days_back = whole_number(
        _("days a reading may lie back"), 31, 0, 366, _("The oldest day of reading that is taken.")
    )
    photo_megabytes = whole_number(_("largest photograph (MB)"), 10, 1, 30)
    mute_days = whole_number(
        _("days a finding is not told again"),
        60,
        0,
        730,
        _("After a client said that a leak or alike is a mistake, or their own use."),
    )
    remote_months = whole_number(
        _("months remote states are kept"), 36, 0, 600, _("Hourly states of meters. 0 keeps them.")
    )
    retention_months = whole_number(
        _("months a photograph is kept"), 24, 0, 600, _("Counted from the day it was sent. 0 keeps it.")
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("public_sending"), FieldPanel("sends_per_hour"), FieldPanel("link_days")],
            heading=_("Without an account"),
        ),
        MultiFieldPanel(
            [FieldPanel("days_back"), FieldPanel("photo_megabytes"), FieldPanel("retention_months")],
            heading=_("Limits"),
        ),
        MultiFieldPanel([FieldPanel("mute_days"), FieldPanel("remote_months")], heading=_("Remote readings")),
        InlinePanel("rules", heading=_("Rules of services"), label=_("Rules of a service")),
    ]

    class Meta:
        verbose_name = _("e-Odczyt settings")
        verbose_name_plural = _("e-Odczyt settings")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name}: {self.site}"

    @property
    def photo_bytes(self) -> int:
        """The largest photograph in bytes."""
        return self.photo_megabytes * 1024 * 1024


class ServiceRules(models.Model):
    """How readings of one service are judged; a service without a row is judged by the defaults."""

    settings = ParentalKey(ReadingSettings, on_delete=models.CASCADE, related_name="rules")
    service = models.CharField(_("kind of service"), max_length=12, choices=Service)
    below_last = models.CharField(
        _("below the last reading"), max_length=8, choices=Severity, default=Severity.REFUSE
    )
    too_high = models.CharField(
        _("much more than usual"), max_length=8, choices=Severity, default=Severity.CONFIRM
    )
    times = models.DecimalField(
        _("times the usual"),
        max_digits=5,
        decimal_places=1,
        default=Decimal(3),
        validators=[MinValueValidator(Decimal("1.1"))],
    )
    least = models.DecimalField(
        _("usage that is never too much"),
        max_digits=9,
        decimal_places=3,
        default=Decimal(5),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("In the unit of the meter."),
    )
    other_meter = models.CharField(
        _("looks like another meter"), max_length=8, choices=Severity, default=Severity.CONFIRM
    )
    red_digits = models.CharField(
        _("red digits typed"), max_length=8, choices=Severity, default=Severity.REFUSE
    )
    after_exchange = models.CharField(
        _("state of the meter before the exchange"), max_length=8, choices=Severity, default=Severity.CONFIRM
    )
    outside_window = models.CharField(
        _("outside the reading window"), max_length=8, choices=Severity, default=Severity.REFUSE
    )
    zero_long = models.CharField(
        _("no usage for long"), max_length=8, choices=Severity, default=Severity.CONFIRM
    )
    zero_days = whole_number(_("days without usage"), 90, 1, 3660)

    panels = [
        FieldPanel("service"),
        FieldRowPanel([FieldPanel("below_last"), FieldPanel("other_meter"), FieldPanel("red_digits")]),
        FieldRowPanel([FieldPanel("too_high"), FieldPanel("times"), FieldPanel("least")]),
        FieldRowPanel([FieldPanel("after_exchange"), FieldPanel("outside_window")]),
        FieldRowPanel([FieldPanel("zero_long"), FieldPanel("zero_days")]),
    ]

    class Meta:
        verbose_name = _("rules of a service")
        verbose_name_plural = _("rules of services")
        constraints = [
            models.UniqueConstraint(fields=["settings", "service"], name="e_odczyt_rules_once"),
        ]

    def __str__(self) -> str:
        return self.get_service_display()
