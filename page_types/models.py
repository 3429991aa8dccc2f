"""All page types, gathered for Django."""

from page_types.accessibility import AccessibilityDeclarationPage
from page_types.announcements import AnnouncementIndexPage, AnnouncementPage
from page_types.contact import ContactPage, Department
from page_types.diagnostics import DiagnosticsPage
from page_types.help import HelpIndexPage, HelpPage
from page_types.home import HomePage
from page_types.outage_pages import OutageIndexPage
from page_types.privacy import PrivacyPolicyPage, PrivacyPolicyVersion
from page_types.search import SearchPage
from page_types.site_map import SiteMapPage
from page_types.standard import StandardPage
from page_types.survey import SurveyAnswer, SurveyPage, SurveyQuestion

__all__ = [
    "AccessibilityDeclarationPage",
    "AnnouncementIndexPage",
    "AnnouncementPage",
    "ContactPage",
    "Department",
    "DiagnosticsPage",
    "HelpIndexPage",
    "HelpPage",
    "HomePage",
    "OutageIndexPage",
    "PrivacyPolicyPage",
    "PrivacyPolicyVersion",
    "SearchPage",
    "SiteMapPage",
    "StandardPage",
    "SurveyAnswer",
    "SurveyPage",
    "SurveyQuestion",
]
