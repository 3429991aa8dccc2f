"""What the minute timer does for this module."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from ebok.ports import PeriodicTask
from ebok_plugins.e_dokument import background, queries, services

BATCH = 200
DRAFT_AGE = timedelta(hours=24)
SECOND_TRY_AFTER = timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(days=2)


def clear_drafts() -> str | None:
    """Delete attachments of applications that were never sent."""
    rows = list(queries.forgotten_drafts(DRAFT_AGE)[:BATCH])
    for attachment in rows:
        attachment.delete()
    return _("Files cleared away: %(count)d.") % {"count": len(rows)} if rows else None


def confirm_again() -> str | None:
    """Put confirmations into the queue that a crash kept from going out."""
    rows = list(queries.unconfirmed(SECOND_TRY_AFTER, GIVE_UP_AFTER).values_list("pk", flat=True)[:BATCH])
    for pk in rows:
        background.confirm_application.enqueue(pk)
    return _("Confirmations tried again: %(count)d.") % {"count": len(rows)} if rows else None


def apply_retention(site: Site) -> str | None:
    """Delete closed applications that are older than the site keeps them."""
    months = services.site_settings(site).retention_months
    rows = list(queries.past_retention(site, months).select_related("site")[:BATCH])
    for application in rows:
        services.delete_application(application, actor="e_dokument.retention")
    return _("Applications deleted: %(count)d.") % {"count": len(rows)} if rows else None


tasks = [
    PeriodicTask(
        key="e_dokument.clear_drafts",
        title=gettext_lazy("Clear away attachments that were never sent"),
        run=clear_drafts,
        every=timedelta(hours=1),
        when_disabled=True,
    ),
    PeriodicTask(
        key="e_dokument.confirm_again",
        title=gettext_lazy("Try confirmations of applications again"),
        run=confirm_again,
        every=timedelta(minutes=10),
    ),
    PeriodicTask(
        key="e_dokument.retention",
        title=gettext_lazy("Delete applications after their retention"),
        run=apply_retention,
        every=timedelta(days=1),
        per_site=True,
        when_disabled=True,
    ),
]
