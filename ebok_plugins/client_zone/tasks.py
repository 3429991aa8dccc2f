"""What the minute timer does for the client zone."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.ports import PeriodicTask
from ebok_plugins.client_zone.letters import background, queries, services
from ebok_plugins.client_zone.models import Claim, ClaimState, JoiningSettings, Registration
from ebok_plugins.client_zone.models.joining import ClaimKind

KEPT = timedelta(days=2)
"""How long a registration is kept after its link has died: it holds a mailbox nobody has proven."""
SECOND_TRY_AFTER = timedelta(minutes=10)
MOST = 500


def clear_registrations() -> str | None:
    """Delete registrations whose link is dead, and end claims nobody has proven in time."""
    now = timezone.now()
    old = Registration.objects.filter(expires_at__lte=now - KEPT).values_list("pk", flat=True)[:MOST]
    deleted, _kinds = Registration.objects.filter(pk__in=list(old)).delete()
    ended = Claim.objects.filter(state=ClaimState.WAITING, expires_at__lte=now).update(
        state=ClaimState.EXPIRED, new_password="", token_hash=None, phone_hash=""
    )
    # Somebody else's mailbox is of no use once nothing is awaited.
    Claim.objects.filter(
        state__in=(ClaimState.EXPIRED, ClaimState.REFUSED), kind=ClaimKind.RECOVER, expires_at__lte=now - KEPT
    ).exclude(new_email="").update(new_email="")
    if not deleted and not ended:
        return None
    return _("Registrations deleted: %(deleted)d, claims ended: %(ended)d.") % {
        "deleted": deleted,
        "ended": ended,
    }


def print_again() -> str | None:
    """Put batches of letters into the queue that a crash has stopped."""
    found = list(queries.stuck(timezone.now(), SECOND_TRY_AFTER).values_list("pk", flat=True)[:MOST])
    for pk in found:
        background.print_batch.enqueue(pk)
    return _("Batches of letters tried again: %(count)d.") % {"count": len(found)} if found else None


def delete_letter_files() -> str | None:
    """Delete files with codes that have lain there as long as the site's settings say."""
    now, deleted = timezone.now(), 0
    for batch in queries.with_files(now)[:MOST]:
        kept = timedelta(days=JoiningSettings.for_site(batch.site).file_days)
        if batch.finished_at is not None and batch.finished_at <= now - kept:
            services.delete_files(batch)
            deleted += 1
    deleted += services.sweep(timedelta(days=1))
    return _("Files with letters deleted: %(count)d.") % {"count": deleted} if deleted else None


tasks = [
    PeriodicTask(
        key="client_zone.clear_registrations",
        title=gettext_lazy("Delete registrations that were not confirmed"),
        run=clear_registrations,
        every=timedelta(hours=1),
        when_disabled=True,
    ),
    PeriodicTask(
        key="client_zone.print_again",
        title=gettext_lazy("Go on with letters that were interrupted"),
        run=print_again,
        every=timedelta(minutes=10),
    ),
    PeriodicTask(
        key="client_zone.delete_letter_files",
        title=gettext_lazy("Delete files with letters after their time"),
        run=delete_letter_files,
        every=timedelta(hours=6),
        when_disabled=True,
    ),
]
