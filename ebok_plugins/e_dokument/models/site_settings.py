"""Settings of e-Dokument, one row for each site."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from ebok.files.checking import MEGABYTE
from ebok.plugins.settings_fields import whole_number


@register_setting(icon="doc-full")
class DocumentSettings(BaseSiteSetting):
    """Who is told about new applications, what may be attached, how long things are kept."""

    notification_email = models.EmailField(
        _("notify about new applications"),
        blank=True,
        help_text=_("We write to this address when an application comes in. Empty: we do not write."),
    )
    show_history = models.BooleanField(
        _("show earlier versions"),
        default=True,
        help_text=_("Visitors may download earlier versions of a document."),
    )
    attachment_megabytes = whole_number(_("largest attachment (MB)"), 10, 1, 50)
    attachment_count = whole_number(_("most attachments in one application"), 5, 1, 20)
    sends_per_hour = whole_number(
        _("applications per hour from one address"), 10, 1, 1000, _("Stops machines that fill in forms.")
    )
    link_days = whole_number(
        _("days the confirmation can be opened"), 30, 1, 365, _("Afterwards the link answers “not found”.")
    )
    retention_months = whole_number(
        _("months a closed application is kept"),
        60,
        0,
        600,
        _("Then it is deleted with its attachments. 0: nothing is deleted by itself."),
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("notification_email"), FieldPanel("link_days"), FieldPanel("retention_months")],
            heading=_("Applications"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("attachment_megabytes"),
                FieldPanel("attachment_count"),
                FieldPanel("sends_per_hour"),
            ],
            heading=_("Limits"),
        ),
        FieldPanel("show_history"),
    ]

    class Meta:
        verbose_name = _("e-Dokument settings")
        verbose_name_plural = _("e-Dokument settings")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name}: {self.site}"

    @property
    def attachment_bytes(self) -> int:
        """The largest attachment in bytes."""
        return self.attachment_megabytes * MEGABYTE
