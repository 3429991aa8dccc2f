"""What the journal reports to the status board."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from ebok.journal import chain, guards, heads, spool
from ebok.journal.digests import event_seal
from ebok.journal.models import Event
from ebok.ports import StatusCheck, StatusLight, StatusReport

OLD = timedelta(days=2)
"""The head is noted daily."""
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
    if oldest and oldest.seal != event_seal(oldest):
        sentence = _("The portal did not write the event %(event)s. Run manage.py journal_verify.")
        return StatusReport(light=StatusLight.ERROR, sentence=sentence % {"event": oldest.id})
    if oldest is None or oldest.moment > datetime.now(UTC) - LATE:
        head = chain.head()
        sentence = _("The journal is sealed up to event number %(number)d.") % {"number": head.seq}
        return StatusReport(light=StatusLight.OK, sentence=sentence)
    return StatusReport(
        light=StatusLight.WARNING,
        sentence=_("Events wait to be sealed for more than five minutes. Is the minute timer running?"),
    )


def noted_head(_site: Site) -> StatusReport:
    """Is the chain's head noted outside the database every day?"""
    noted, now = heads.last(), datetime.now(UTC)
    if noted and noted.moment > now - OLD:
        sentence = _("The head of the journal was noted outside the database on %(moment)s.")
        moment = date_format(timezone.localtime(noted.moment), "SHORT_DATETIME_FORMAT")
        return StatusReport(light=StatusLight.OK, sentence=sentence % {"moment": moment})
    first = Event.objects.order_by("moment", "id").first()
    if noted is None and (first is None or first.moment > now - OLD):
        return StatusReport(
            light=StatusLight.OK, sentence=_("The head of the journal will be noted within a day.")
        )
    sentence = _("The head of the journal was not noted for two days. Can %(file)s be written?")
    return StatusReport(light=StatusLight.WARNING, sentence=sentence % {"file": heads.path()})


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
    StatusCheck(key="journal.head", title=gettext_lazy("Noted head of the journal"), run=noted_head),
    StatusCheck(key="journal.viewings", title=gettext_lazy("Viewings in the journal"), run=viewings),
    StatusCheck(key="journal.guards", title=gettext_lazy("Guards of the journal"), run=database_guards),
    StatusCheck(key="journal.sealing", title=gettext_lazy("Chain of the journal"), run=sealing),
]
