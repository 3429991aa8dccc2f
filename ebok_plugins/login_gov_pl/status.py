"""What the status board asks this plugin."""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography import x509
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Site

from ebok.ports import StatusCheck, StatusLight, StatusReport
from ebok_plugins.login_gov_pl import keys
from ebok_plugins.login_gov_pl.models import LoginGovPlSettings

SOON = 30
"""Days before the end of a certificate at which somebody must order a new one."""


def certificates(site: Site) -> StatusReport:
    """Whether keys and certificates can be used, and for how long."""
    mend_url = reverse("wagtailsettings:edit", args=("login_gov_pl", "logingovplsettings", site.pk))
    try:
        ours = keys.load()
    except keys.KeysUnusable as error:
        return StatusReport(
            light=StatusLight.ERROR,
            sentence=_("A key or certificate cannot be used: %(file)s.") % {"file": error},
            mend_url=mend_url,
        )
    ends = [certificate.not_valid_after_utc for certificate in _of_node(site)]
    # The node's old and new certificate stand together while they change: the last one counts.
    days = min([ours.days_left(), *([(max(ends) - datetime.now(UTC)).days] if ends else [])])
    if days < 0:
        return StatusReport(
            light=StatusLight.ERROR, sentence=_("A certificate has ended."), mend_url=mend_url
        )
    sentence = ngettext(
        "The first certificate ends in %(days)d day.", "The first certificate ends in %(days)d days.", days
    ) % {"days": days}
    light = StatusLight.WARNING if days < SOON else StatusLight.OK
    return StatusReport(light=light, sentence=sentence, mend_url=mend_url)


def _of_node(site: Site) -> list[x509.Certificate]:
    try:
        return keys.certificates_in(LoginGovPlSettings.for_site(site).node_certificates)
    except ValueError:
        return []


status = [
    StatusCheck(
        key="login_gov_pl.certificates", title=gettext_lazy("Certificates of login.gov.pl"), run=certificates
    )
]
