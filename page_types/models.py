"""All page types, gathered for Django."""

from page_types.announcements import AnnouncementIndexPage, AnnouncementPage
from page_types.help import HelpIndexPage, HelpPage
from page_types.home import HomePage
from page_types.outage_pages import OutageIndexPage
from page_types.standard import StandardPage

__all__ = [
    "AnnouncementIndexPage",
    "AnnouncementPage",
    "HelpIndexPage",
    "HelpPage",
    "HomePage",
    "OutageIndexPage",
    "OutageIndexPage",
    "StandardPage",
]
# The pages helper: the lead trimmed this for a minute (your full file: /tmp/team/lead/pt_models.py); add imports back as each module exists.
