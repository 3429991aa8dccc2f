"""Blocks of the site settings: home tiles, footer columns, opening hours, links."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.models import Page

from ebok.look.opening import Hours

ICONS = [
    ("card", _("Payment card")),
    ("meter", _("Meter")),
    ("wrench", _("Wrench")),
    ("invoice", _("Invoice")),
    ("drop", _("Drop of water")),
    ("bolt", _("Electricity")),
    ("flame", _("Gas, heat")),
    ("trash", _("Waste")),
    ("leaf", _("Leaf")),
    ("warning", _("Warning")),
    ("phone", _("Telephone")),
    ("message", _("Message")),
    ("mail", _("Letter")),
    ("page", _("Document")),
    ("form", _("Form")),
    ("calendar", _("Calendar")),
    ("truck", _("Truck")),
    ("pin", _("Place")),
    ("map", _("Map")),
    ("chart", _("Chart")),
    ("coins", _("Prices")),
    ("flask", _("Water quality")),
    ("bell", _("Bell")),
    ("person", _("Person")),
    ("people", _("People")),
    ("key", _("Key")),
    ("help", _("Question mark")),
    ("info", _("Information")),
    ("plug", _("Connection")),
    ("megaphone", _("Megaphone")),
]


class LinkValue(blocks.StructValue):
    """A link to one of our pages or to any address."""

    @property
    def href(self) -> str:
        """Where the link goes; our own page in the reader's language where there is one."""
        page: Page | None = self.get("page")
        if page is None:
            return str(self.get("address") or "")
        return str(page.localized.url or "")

    @property
    def text(self) -> str:
        """The words of the link in the reader's language."""
        return self.in_language("title")

    def in_language(self, name: str) -> str:
        """The value of `name`, or its English one on English pages where it is filled in."""
        english = self.get(f"{name}_en") if get_language() == "en" else ""
        return str(english or self.get(name) or "")


class LinkBlock(blocks.StructBlock):
    """A link: words, then either a page of ours or an address."""

    title = blocks.CharBlock(label=_("Text"), max_length=60)
    title_en = blocks.CharBlock(label=_("Text in English"), max_length=60, required=False)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    address = blocks.CharBlock(
        label=_("or address"),
        required=False,
        max_length=500,
        help_text=_("Begins with / on this site, or with https://, tel: or mailto:."),
    )

    def clean(self, value: LinkValue) -> LinkValue:
        """Exactly one target, and no address that could run a script."""
        cleaned: LinkValue = super().clean(value)
        address = str(cleaned.get("address") or "").strip()
        if bool(cleaned.get("page")) == bool(address):
            message = _("Choose a page or type an address, one of the two.")
            raise StructBlockValidationError({"address": ValidationError(message)})
        if address and not address.startswith(("/", "https://", "http://", "tel:", "mailto:")):
            message = _("The address must begin with /, https://, tel: or mailto:.")
            raise StructBlockValidationError({"address": ValidationError(message)})
        cleaned["address"] = address
        return cleaned

    class Meta:
        icon = "link"
        label = _("Link")
        value_class = LinkValue


class TileValue(LinkValue):
    """A quick action of the home page."""

    @property
    def hint_text(self) -> str:
        """The line under the title in the reader's language."""
        return self.in_language("hint")


class TileBlock(LinkBlock):
    """A quick action: icon, verb, a line of help, and where it goes."""

    icon = blocks.ChoiceBlock(choices=ICONS, label=_("Icon"))
    title = blocks.CharBlock(
        label=_("What one does"), max_length=40, help_text=_("A verb first: “Pay a bill”.")
    )
    hint = blocks.CharBlock(label=_("Hint"), max_length=60, required=False)
    hint_en = blocks.CharBlock(label=_("Hint in English"), max_length=60, required=False)

    class Meta:
        icon = "pick"
        label = _("Tile")
        value_class = TileValue


class ColumnValue(LinkValue):
    """A footer column."""


class FooterColumnBlock(blocks.StructBlock):
    """A footer column: a heading and up to six links."""

    title = blocks.CharBlock(label=_("Heading"), max_length=40)
    title_en = blocks.CharBlock(label=_("Heading in English"), max_length=40, required=False)
    links = blocks.ListBlock(LinkBlock(), label=_("Links"), min_num=1, max_num=6)

    class Meta:
        icon = "list-ul"
        label = _("Column")
        value_class = ColumnValue


WEEKDAYS = [
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
]


class HoursValue(blocks.StructValue):
    """Opening hours on some days."""

    @property
    def hours(self) -> Hours:
        """The same as a plain value that can be asked for its label and whether it is open."""
        days = frozenset(int(day) for day in self["days"])
        return Hours(days=days, opens=self["opens"], closes=self["closes"])


class HoursBlock(blocks.StructBlock):
    """The same hours on one or more days of the week."""

    days = blocks.MultipleChoiceBlock(choices=WEEKDAYS, label=_("Days"))
    opens = blocks.TimeBlock(label=_("From"))
    closes = blocks.TimeBlock(label=_("To"))

    def clean(self, value: Any) -> Any:
        """The office closes after it opens."""
        cleaned = super().clean(value)
        if cleaned["opens"] >= cleaned["closes"]:
            message = _("Closing time must be later than opening time.")
            raise StructBlockValidationError({"closes": ValidationError(message)})
        return cleaned

    class Meta:
        icon = "time"
        label = _("Hours")
        value_class = HoursValue
