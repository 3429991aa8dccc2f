"""Lights of the status board about the pages the law wants."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page, Site

from ebok.ports import StatusCheck, StatusLight, StatusReport
from page_types.accessibility import AccessibilityDeclarationPage, review_is_due
from page_types.privacy import PolicyState, PrivacyPolicyPage
from page_types.visibility import below_homes


def declaration(site: Site) -> StatusReport:
    """Yellow when the declaration is missing or was not reviewed by 31 March, as the law wants."""
    pages = AccessibilityDeclarationPage.objects.filter(below_homes(site), live=True)
    page = pages.order_by("reviewed_on").first()
    if page is None:
        return StatusReport(
            light=StatusLight.WARNING,
            sentence=_("There is no accessibility declaration. The law wants one on every site."),
            mend_url=_below_home(site),
        )
    day = date_format(page.reviewed_on, "DATE_FORMAT")
    if review_is_due(page.reviewed_on, timezone.localdate()):
        return StatusReport(
            light=StatusLight.WARNING,
            sentence=_("The accessibility declaration was last reviewed on %(day)s. Review it now.")
            % {"day": day},
            mend_url=_edit(page),
        )
    return StatusReport(light=StatusLight.OK, sentence=_("Last reviewed on %(day)s.") % {"day": day})


def privacy_policy(site: Site) -> StatusReport:
    """Yellow while the policy is missing or still the text that came with the portal."""
    page = PrivacyPolicyPage.objects.filter(below_homes(site), live=True).first()
    if page is None:
        return StatusReport(
            light=StatusLight.WARNING,
            sentence=_("There is no privacy policy. Add one."),
            mend_url=_below_home(site),
        )
    if page.state == PolicyState.DEFAULT:
        return StatusReport(
            light=StatusLight.WARNING,
            sentence=_("Default: the privacy policy is still the sample. Make it yours."),
            mend_url=_edit(page),
        )
    return StatusReport(light=StatusLight.OK, sentence=_("Configured."))


def _edit(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _below_home(site: Site) -> str:
    return reverse("wagtailadmin_explore", args=[site.root_page_id])


status = [
    StatusCheck(
        key="page_types.declaration", title=gettext_lazy("Accessibility declaration"), run=declaration
    ),
    StatusCheck(key="page_types.privacy", title=gettext_lazy("Privacy policy"), run=privacy_policy),
]
