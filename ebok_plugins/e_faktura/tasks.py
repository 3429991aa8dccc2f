"""What the minute timer does for this module."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from ebok.ports import PeriodicTask
from ebok_plugins.e_faktura.delivery import announcing


def announce_again() -> str | None:
    """Announce bills that a crash kept from being announced."""
    count = announcing.announce_waiting()
    return _("Bills announced: %(count)d.") % {"count": count} if count else None


def remind(site: Site) -> str | None:
    """Remind of bills nobody has read."""
    count = announcing.remind_unread(site)
    return _("Reminders of unread bills: %(count)d.") % {"count": count} if count else None


tasks = [
    PeriodicTask(
        key="e_faktura.announce",
        title=gettext_lazy("Announce bills that still wait"),
        run=announce_again,
        every=timedelta(minutes=10),
    ),
    PeriodicTask(
        key="e_faktura.remind",
        title=gettext_lazy("Remind of unread bills"),
        run=remind,
        every=timedelta(hours=6),
        per_site=True,
    ),
]
