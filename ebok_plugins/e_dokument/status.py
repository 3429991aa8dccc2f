"""What the status board asks this module."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Site

from ebok.files import scanning
from ebok.ports import StatusCheck, StatusLight, StatusReport
from ebok_plugins.e_dokument import queries

LONG_WAIT = timedelta(days=7)


def documents(site: Site) -> StatusReport:
    """Published documents that nobody can use, or should no longer use."""
    empty, old = queries.published_without_content(site), queries.published_after_expiry(site)
    mend_url = reverse("wagtailsnippets_e_dokument_documenttemplate:list")
    if empty:
        sentence = ngettext(
            "%(count)d published document has neither a file nor an application.",
            "%(count)d published documents have neither a file nor an application.",
            empty,
        )
        return StatusReport(
            light=StatusLight.WARNING, sentence=sentence % {"count": empty}, mend_url=mend_url
        )
    if old:
        sentence = ngettext(
            "%(count)d published document is no longer in force, so visitors do not see it.",
            "%(count)d published documents are no longer in force, so visitors do not see them.",
            old,
        )
        return StatusReport(light=StatusLight.WARNING, sentence=sentence % {"count": old}, mend_url=mend_url)
    return StatusReport(light=StatusLight.OK, sentence=_("Every published document can be downloaded."))


def applications(site: Site) -> StatusReport:
    """Applications that wait too long."""
    waiting = queries.waiting_longer_than(site, LONG_WAIT)
    if not waiting:
        return StatusReport(light=StatusLight.OK, sentence=_("No application waits longer than 7 days."))
    sentence = ngettext(
        "%(count)d application has been waiting for more than 7 days.",
        "%(count)d applications have been waiting for more than 7 days.",
        waiting,
    )
    return StatusReport(
        light=StatusLight.WARNING,
        sentence=sentence % {"count": waiting},
        mend_url=reverse("employee:e_dokument:queue"),
    )


def antivirus(_site: Site) -> StatusReport:
    """Whether attachments are scanned."""
    if scanning.scanner() is None:
        return StatusReport(
            light=StatusLight.OK,
            sentence=_("No virus scanner is set up. Attachments are marked “not scanned”."),
        )
    return StatusReport(light=StatusLight.OK, sentence=_("Attachments pass the virus scanner."))


status = [
    StatusCheck(key="e_dokument.documents", title=gettext_lazy("Documents"), run=documents),
    StatusCheck(key="e_dokument.applications", title=gettext_lazy("Applications"), run=applications),
    StatusCheck(key="e_dokument.antivirus", title=gettext_lazy("Attachments"), run=antivirus),
]
