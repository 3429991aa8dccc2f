"""The insets that come with the portal itself. Their names are stored in pages: never change one."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Inset
from page_types import blocks

TEXTS = _("Texts")
LISTS = _("Lists and cards")
LIVE = _("What is new")

insets = [
    Inset(name="text", block=blocks.TextBlock, group=TEXTS),
    Inset(name="picture", block=blocks.PictureBlock, group=TEXTS),
    Inset(name="table", block=blocks.TableBlock, group=TEXTS),
    Inset(name="accordion", block=blocks.AccordionBlock, group=TEXTS),
    Inset(name="note", block=blocks.NoteBlock, group=TEXTS),
    Inset(name="tiles", block=blocks.TilesBlock, group=LISTS),
    Inset(name="contact_card", block=blocks.ContactCardBlock, group=LISTS),
    Inset(name="opening_hours", block=blocks.OpeningHoursBlock, group=LISTS),
    Inset(name="downloads", block=blocks.DownloadsBlock, group=LISTS),
    Inset(name="current_outages", block=blocks.CurrentOutagesBlock, group=LIVE),
    Inset(name="latest_announcements", block=blocks.LatestAnnouncementsBlock, group=LIVE),
    Inset(name="reusable", block=blocks.ReusableInsetBlock, group=LISTS),
]
