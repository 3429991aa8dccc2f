"""Work of the minute timer."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ebok.journal import chain, heads, partitions, retention, shipping
from ebok.ports import PeriodicTask


def seal() -> str | None:
    """Seal what was recorded since the last minute."""
    count = chain.write_pending()
    return ngettext("%(count)d event sealed.", "%(count)d events sealed.", count) % {"count": count}


def gather() -> str | None:
    """Take over viewings that processes gathered and could not write before they ended."""
    count = shipping.ship_left_behind()
    if not count:
        return None
    # They may have waited longer than the writer looks back.
    chain.write_pending(everywhere=True)
    return ngettext("%(count)d viewing taken over.", "%(count)d viewings taken over.", count) % {
        "count": count
    }


def sweep() -> str | None:
    """Seal events that committed much later than they happened."""
    count = chain.write_pending(everywhere=True)
    return ngettext("%(count)d late event sealed.", "%(count)d late events sealed.", count) % {"count": count}


def note_head() -> str | None:
    """Note the chain's head outside the database."""
    noted = heads.note()
    return _("Noted the head of the journal: number %(number)d.") % {"number": noted.head.seq}


def expire() -> str | None:
    """Remove what is past its time."""
    expired = retention.expire()
    if not expired.count and not expired.months:
        return None
    return _("Removed from the journal: %(details)d details, %(months)d months.") % {
        "details": expired.count,
        "months": len(expired.months),
    }


def prepare_months() -> str | None:
    """Create the partitions of the coming months."""
    created = partitions.create_missing()
    return _("Created: %(names)s.") % {"names": ", ".join(created)} if created else None


tasks = [
    PeriodicTask(
        key="journal.viewings",
        title=gettext_lazy("Take over gathered viewings"),
        run=gather,
        every=timedelta(minutes=1),
    ),
    PeriodicTask(
        key="journal.seal", title=gettext_lazy("Seal the journal"), run=seal, every=timedelta(minutes=1)
    ),
    PeriodicTask(
        key="journal.sweep",
        title=gettext_lazy("Seal events that came late"),
        run=sweep,
        every=timedelta(days=1),
    ),
    PeriodicTask(
        key="journal.months",
        title=gettext_lazy("Prepare the journal's coming months"),
        run=prepare_months,
        every=timedelta(days=1),
    ),
    PeriodicTask(
        key="journal.retention",
        title=gettext_lazy("Remove what the journal need not keep"),
        run=expire,
        every=timedelta(days=1),
    ),
    PeriodicTask(
        key="journal.head",
        title=gettext_lazy("Note the head of the journal"),
        run=note_head,
        every=timedelta(days=1),
    ),
]
