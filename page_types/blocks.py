"""The blocks that page bodies are made of. Registered as insets in `page_types.insets`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Site
from wagtail.snippets.blocks import SnippetChooserBlock

from ebok.look.blocks import ICONS, HoursBlock, LinkBlock
from page_types.chrome import Chrome

RICH_TEXT = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
"""In page bodies: the page's title is the only h1."""
PLAIN_RICH_TEXT = ["bold", "italic", "ol", "ul", "link", "document-link"]
"""Inside a block that has a heading of its own."""
MOST_DRAWN = 10


def _template(name: str) -> str:
    return f"page_types/insets/{name}.html"


class TextBlock(blocks.RichTextBlock):
    """Running text with headings."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=RICH_TEXT, **kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = _template("text")


class PictureBlock(blocks.StructBlock):
    """A picture that either says something (then in words too) or only decorates."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("What the picture shows"),
        required=False,
        max_length=250,
        help_text=_("For people who do not see it. Say what matters here, not “picture of”."),
    )
    decorative = blocks.BooleanBlock(label=_("Only decoration"), required=False)
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    def clean(self, value: Any) -> Any:
        """Either words or the decision that none are needed, never both."""
        cleaned = super().clean(value)
        if cleaned["decorative"] == bool(cleaned["alt"].strip()):
            message = _("Describe the picture, or mark it as decoration: one of the two.")
            raise StructBlockValidationError({"alt": ValidationError(message)})
        return cleaned

    class Meta:
        icon = "image"
        label = _("Picture")
        template = _template("picture")


class TableBlock(blocks.StructBlock):
    """A table with a caption and headings; on a phone it scrolls inside its own frame."""

    caption = blocks.CharBlock(label=_("Caption"), max_length=200, help_text=_("What the table shows."))
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(label=_("Text"), required=False)),
            ("number", blocks.DecimalBlock(label=_("Numeric value"), required=False)),
            (
                "rich_text",
                blocks.RichTextBlock(label=_("Rich text"), features=["bold", "link"], required=False),
            ),
        ],
        label=_("Table"),
    )
    row_headings = blocks.BooleanBlock(
        label=_("The first column names the rows"), required=False, default=True
    )
    note = blocks.CharBlock(label=_("Note under the table"), required=False, max_length=300)

    def clean(self, value: Any) -> Any:
        """Every column has a heading: a screen reader says it before each cell."""
        cleaned = super().clean(value)
        if any(not str(column["heading"]).strip() for column in cleaned["table"].columns):
            raise StructBlockValidationError({"table": ValidationError(_("Give every column a heading."))})
        return cleaned

    class Meta:
        icon = "table"
        label = _("Table")
        template = _template("table")


class TileValue(blocks.StructValue):
    """A tile of a body."""


class TilesBlock(blocks.StructBlock):
    """Two to six links as tiles."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=100)
    tiles = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("icon", blocks.ChoiceBlock(choices=ICONS, label=_("Icon"))),
                ("link", LinkBlock(label=_("Link"))),
                ("hint", blocks.CharBlock(label=_("Hint"), required=False, max_length=100)),
            ]
        ),
        label=_("Tiles"),
        min_num=2,
        max_num=6,
    )

    class Meta:
        icon = "grip"
        label = _("Tiles")
        template = _template("tiles")


class AccordionBlock(blocks.StructBlock):
    """Questions that open to their answers; native, so they work without scripts."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=100)
    items = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("question", blocks.CharBlock(label=_("Question"), max_length=200)),
                ("answer", blocks.RichTextBlock(label=_("Answer"), features=PLAIN_RICH_TEXT)),
            ]
        ),
        label=_("Questions"),
        min_num=1,
    )

    class Meta:
        icon = "list-ul"
        label = _("Questions and answers")
        template = _template("accordion")


class NoteBlock(blocks.StructBlock):
    """One calm box: a bold sentence, then what to do."""

    tone = blocks.ChoiceBlock(
        choices=[
            ("info", _("Tip")),
            ("ok", _("Good news")),
            ("due", _("Warning")),
            ("bad", _("Danger")),
        ],
        default="info",
        label=_("Kind"),
    )
    sentence = blocks.CharBlock(label=_("First sentence"), max_length=150)
    text = blocks.RichTextBlock(label=_("More"), features=["bold", "link", "document-link"], required=False)

    class Meta:
        icon = "warning"
        label = _("Highlighted note")
        template = _template("note")


class ContactCardBlock(blocks.StructBlock):
    """How to reach somebody; empty fields are left out."""

    name = blocks.CharBlock(label=_("Who"), max_length=100)
    phone = blocks.RegexBlock(
        regex=r"^\+?[0-9 ()/-]{3,25}\Z",
        label=_("Telephone"),
        required=False,
        error_messages={"invalid": _("Write a telephone number, e.g. 67 200 19 90.")},
    )
    email = blocks.EmailBlock(label=_("E-mail"), required=False)
    place = blocks.CharBlock(label=_("Where"), required=False, max_length=150)
    note = blocks.CharBlock(label=_("Remark"), required=False, max_length=150)

    class Meta:
        icon = "user"
        label = _("Contact card")
        template = _template("contact_card")


class OpeningHoursBlock(blocks.StructBlock):
    """Opening hours: typed here, or those of the organisation."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=100, default="Godziny otwarcia")
    hours = blocks.ListBlock(
        HoursBlock(),
        label=_("Hours"),
        min_num=0,
        default=[],
        help_text=_("Leave empty to show the hours of the organisation (Settings → Organisation)."),
    )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """The hours to draw, from either place."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        typed = [entry.hours for entry in value["hours"]]
        organisation = context.get("organisation")
        context["entries"] = typed or (list(organisation.hours) if organisation else [])
        return context

    class Meta:
        icon = "time"
        label = _("Opening hours")
        template = _template("opening_hours")


class DownloadsBlock(blocks.StructBlock):
    """Files to download."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=100)
    files = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("file", DocumentChooserBlock(label=_("File"))),
                (
                    "title",
                    blocks.CharBlock(
                        label=_("Text of the link"),
                        required=False,
                        max_length=150,
                        help_text=_("Empty: the file's title."),
                    ),
                ),
            ]
        ),
        label=_("Files"),
        min_num=1,
    )

    class Meta:
        icon = "download"
        label = _("Downloads")
        template = _template("downloads")


class CurrentOutagesBlock(blocks.StructBlock):
    """What is going on in the network now, and what is planned next."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=100, default="Awarie i prace")
    planned = blocks.BooleanBlock(label=_("Show planned works too"), required=False, default=True)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Outages of the site; at most ten of each."""
        # Snippets know no pages, but their models must be loaded before they are asked.
        from snippets.outages import board  # noqa: PLC0415 (blocks are built while apps load)

        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        site = Site.find_for_request(context.get("request"))
        if site is not None:
            context["current"] = board.going_on(site)[:MOST_DRAWN]
            context["planned"] = board.announced(site, MOST_DRAWN) if value["planned"] else []
        return context

    class Meta:
        icon = "warning"
        label = _("Outages now")
        template = _template("current_outages")


class LatestAnnouncementsBlock(blocks.StructBlock):
    """The newest announcements."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=100, default="Aktualności")
    count = blocks.IntegerBlock(label=_("How many"), min_value=1, max_value=MOST_DRAWN, default=3)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Announcements everybody may read, in the language of the page."""
        # Page models are not loaded yet when blocks are built.
        from page_types.announcements import news  # noqa: PLC0415 (circular: pages hold insets)

        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        chrome = _chrome(context)
        row = chrome.landmark_row("news") if chrome else None
        if chrome is not None and row is not None:
            count = min(max(int(value["count"] or 3), 1), MOST_DRAWN)
            context["announcements"] = list(news(row.path)[:count])
            context["news_url"] = chrome.address(row)
        return context

    class Meta:
        icon = "list-ul"
        label = _("Latest announcements")
        template = _template("latest_announcements")


class ReusableInsetBlock(blocks.StructBlock):
    """One inset kept as a snippet and shown on many pages."""

    inset = SnippetChooserBlock("snippets.ReusableInset", label=_("Reusable inset"))

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Leave it out while it is a draft, and where it would contain itself."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        inset = value.get("inset")
        above: tuple[int, ...] = context.get("reusable_insets_above", ())
        shown = inset is not None and inset.live and inset.pk not in above
        context["shown"] = inset if shown else None
        context["reusable_insets_above"] = (*above, inset.pk) if shown else above
        return context

    class Meta:
        icon = "snippet"
        label = _("Reusable inset")
        template = _template("reusable")


def _chrome(context: dict[str, Any]) -> Chrome | None:
    # Pages are not loaded yet when blocks are built.
    from page_types.base import BasePage  # noqa: PLC0415 (circular: pages hold insets)

    page = context.get("page")
    return Chrome.of(context.get("request"), page if isinstance(page, BasePage) else None)
