"""What the minute timer does for this module."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ebok.plugins.activation import first_site_with
from ebok.ports import PeriodicTask
from ebok_plugins.e_odczyt.models import ReadingSettings, SentReading
from ebok_plugins.e_odczyt.telemetry.declared import MONTH, TASKS

AT_ONCE = 500


def delete_photos() -> str | None:
    """Let go of photographs past their time; the readings stay."""
    site = first_site_with("e_odczyt")
    months = ReadingSettings.for_site(site).retention_months if site else 0
    if not months:
        return None
    old = SentReading.objects.exclude(photo="").filter(sent_at__lt=timezone.now() - months * MONTH)
    deleted = 0
    for reading in old.order_by("sent_at")[:AT_ONCE]:
        reading.photo.delete(save=False)
        deleted += SentReading.objects.filter(pk=reading.pk).update(photo="")
    if not deleted:
        return None
    words = ngettext("%(count)d photograph was deleted.", "%(count)d photographs were deleted.", deleted)
    return words % {"count": deleted}


tasks = [
    *TASKS,
    PeriodicTask(
        key="e_odczyt.delete_photos",
        title=_("Deleting photographs of meters past their time"),
        run=delete_photos,
        every=timedelta(days=1),
    ),
]
