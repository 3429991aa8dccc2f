"""What the journal reports to the status board."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from ebok.journal import chain, guards, spool
from ebok.ports import StatusCheck, StatusLight, StatusReport

LATE = timedelta(minutes=5)
"""The writer runs every minute; later than this means that it does not run."""


def database_guards(_site: Site) -> StatusReport:
    """Does the database still refuse to change the journal?"""
    missing = guards.missing()
    if not missing:
        return StatusReport(light=StatusLight.OK, sentence=_("The database refuses to change the journal."))
    names = ", ".join(sorted(name for _table, name in missing))
    sentence = _("Guards of the journal are missing (%(names)s). Run manage.py migrate.") % {"names": names}
    return StatusReport(light=StatusLight.ERROR, sentence=sentence)


def sealing(_site: Site) -> StatusReport:
    """Does the chain keep up with the events?"""
    oldest = chain.oldest_waiting()
    if oldest is None or oldest.moment > datetime.now(UTC) - LATE:
        head = chain.head()
        sentence = _("The journal is sealed up to event number %(number)d.") % {"number": head.seq}
        return StatusReport(light=StatusLight.OK, sentence=sentence)
    return StatusReport(
        light=StatusLight.WARNING,
        sentence=_("Events wait to be sealed for more than five minutes. Is the minute timer running?"),
    )


def viewings(_site: Site) -> StatusReport:
    """Do gathered viewings reach the tables?"""
    if spool.damaged():
        sentence = _("Gathered viewings were damaged. They are kept in %(file)s.")
        place = spool.folder() / spool.DAMAGED
        return StatusReport(light=StatusLight.ERROR, sentence=sentence % {"file": place})
    oldest = spool.oldest()
    if oldest is None or datetime.fromtimestamp(oldest, UTC) > datetime.now(UTC) - LATE:
        return StatusReport(light=StatusLight.OK, sentence=_("Viewings reach the journal."))
    return StatusReport(
        light=StatusLight.WARNING,
        sentence=_("Gathered viewings wait for more than five minutes. Is the minute timer running?"),
    )


status = [
    StatusCheck(key="journal.viewings", title=gettext_lazy("Viewings in the journal"), run=viewings),
    StatusCheck(key="journal.guards", title=gettext_lazy("Guards of the journal"), run=database_guards),
    StatusCheck(key="journal.sealing", title=gettext_lazy("Chain of the journal"), run=sealing),
]
