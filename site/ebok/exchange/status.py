"""What the exchange reports to the status board."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Site

from ebok.exchange import watched_folder
from ebok.exchange.freshness import freshness
from ebok.exchange.models import Delivery, ExportBatch, ExportState, Outcome
from ebok.exchange.profiles import ProfileError, available_profiles
from ebok.ports import StatusCheck, StatusLight, StatusReport


def data_age(site: Site) -> StatusReport:
    """Are the data younger than the limit?"""
    found = freshness(site)
    if found.as_of is None:
        return StatusReport(light=StatusLight.OK, sentence=_("Nothing has been imported yet."))
    words = {"moment": date_format(timezone.localtime(found.as_of), "DATETIME_FORMAT")}
    if found.is_stale:
        sentence = _("The data are as of %(moment)s, older than the limit. Pages say so.") % words
        return StatusReport(light=StatusLight.WARNING, sentence=sentence, mend_url=reverse("ebok_exchange"))
    return StatusReport(light=StatusLight.OK, sentence=_("The data are as of %(moment)s.") % words)


def deliveries(_site: Site) -> StatusReport:
    """Does a delivery wait for somebody, or has the last one failed?"""
    mend_url = reverse("ebok_exchange")
    last = Delivery.objects.order_by("-pk").exclude(outcome=Outcome.OPEN).first()
    if last is not None and last.outcome in (Outcome.FAILED, Outcome.REFUSED):
        sentence = _("The last delivery was not taken over: %(why)s") % {"why": last.sentence}
        light = StatusLight.ERROR if last.outcome == Outcome.FAILED else StatusLight.WARNING
        return StatusReport(light=light, sentence=sentence, mend_url=mend_url)
    waiting = Delivery.objects.filter(outcome=Outcome.WAITING).count()
    if waiting:
        sentence = ngettext(
            "%(count)d delivery waits for approval.", "%(count)d deliveries wait for approval.", waiting
        ) % {"count": waiting}
        return StatusReport(light=StatusLight.WARNING, sentence=sentence, mend_url=mend_url)
    return StatusReport(light=StatusLight.OK, sentence=_("No delivery waits for anybody."))


def ways_in(_site: Site) -> StatusReport:
    """Can every profile be read, and is the watched folder there?"""
    try:
        count = len(available_profiles())
    except ProfileError as error:
        return StatusReport(light=StatusLight.ERROR, sentence=str(error))
    if not watched_folder.is_usable():
        return StatusReport(
            light=StatusLight.ERROR,
            sentence=_("The watched folder is missing or cannot be written."),
            mend_url=reverse("wagtailsettings:edit", args=["exchange", "exchangesettings"]),
        )
    sentence = ngettext("%(count)d profile can be used.", "%(count)d profiles can be used.", count)
    return StatusReport(light=StatusLight.OK, sentence=sentence % {"count": count})


def exports(_site: Site) -> StatusReport:
    """Has the billing system rejected something that was exported?"""
    rejected = ExportBatch.objects.filter(
        lines__state=ExportState.REJECTED, lines__released_at=None
    ).distinct()
    count = rejected.count()
    if not count:
        return StatusReport(light=StatusLight.OK, sentence=_("Nothing that was exported is rejected."))
    sentence = ngettext(
        "%(count)d exported batch has rejected rows.", "%(count)d exported batches have rejected rows.", count
    ) % {"count": count}
    return StatusReport(
        light=StatusLight.WARNING, sentence=sentence, mend_url=reverse("ebok_exchange_batches")
    )


status = [
    StatusCheck(key="exchange.data_age", title=gettext_lazy("Age of the data"), run=data_age),
    StatusCheck(key="exchange.deliveries", title=gettext_lazy("Deliveries"), run=deliveries),
    StatusCheck(key="exchange.ways_in", title=gettext_lazy("Profiles and watched folder"), run=ways_in),
    StatusCheck(key="exchange.exports", title=gettext_lazy("Exported batches"), run=exports),
]
