"""Settings of e-Faktura, one row for each site."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from ebok.plugins.settings_fields import whole_number


@register_setting(icon="doc-full-inverse")
class InvoiceSettings(BaseSiteSetting):
    """What stands on the PDF of a bill, which accounts are ours, and how bills are announced."""

    payee = models.CharField(
        _("name of the payee"),
        max_length=20,
        blank=True,
        help_text=_("In the transfer code, at most 20 characters. Empty: the beginning of the legal name."),
    )
    pdf_note = models.TextField(
        _("text at the end of a bill"),
        blank=True,
        max_length=1500,
        help_text=_("E.g. how to complain, and where the price list is."),
    )
    accounts = models.TextField(
        _("our bank accounts"),
        blank=True,
        max_length=4000,
        help_text=_(
            "One in a line: 26 digits, or x in place of any digit for accounts of single customers, e.g. "
            "xx10201234xxxxxxxxxxxxxxxx. The public check compares with them."
        ),
    )
    announce_days = whole_number(
        _("announce bills not older than (days)"),
        30,
        1,
        365,
        _("Older ones, which the first import brings, are there to be seen and nobody is written to."),
    )
    remind_days = whole_number(
        _("remind of an unread bill after (days)"), 5, 0, 90, _("Once. 0: nobody is reminded.")
    )
    checks_per_hour = whole_number(
        _("checks per hour from one address"), 30, 1, 1000, _("Stops machines that guess codes.")
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("payee"), FieldPanel("pdf_note")],
            heading=_("The PDF of a bill"),
        ),
        MultiFieldPanel(
            [FieldPanel("announce_days"), FieldPanel("remind_days")],
            heading=_("Announcing bills"),
        ),
        MultiFieldPanel(
            [FieldPanel("accounts"), FieldPanel("checks_per_hour")],
            heading=_("Check of bills and accounts"),
        ),
    ]

    class Meta:
        verbose_name = _("e-Faktura settings")
        verbose_name_plural = _("e-Faktura settings")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name}: {self.site}"
