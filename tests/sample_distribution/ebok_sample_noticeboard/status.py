"""A light on the status board."""

from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ebok.ports import StatusCheck, StatusLight, StatusReport
from ebok_sample_noticeboard.models import NoticeboardSettings


def heading_is_there(site: Site) -> StatusReport:
    """Warn when the heading was emptied while the module is on."""
    missing = NoticeboardSettings.for_site(site).missing_settings()
    if missing:
        return StatusReport(
            light=StatusLight.WARNING, sentence=_("The board has no heading."), mend_url=missing[0].edit_url
        )
    return StatusReport(light=StatusLight.OK, sentence=_("The board has its heading."))


status = [
    StatusCheck(key="noticeboard.heading", title=_("Heading of the notice board"), run=heading_is_there)
]
