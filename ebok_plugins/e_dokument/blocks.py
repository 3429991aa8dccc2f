"""The StreamField block of this module."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.models import Site
from wagtail.snippets.blocks import SnippetChooserBlock

from ebok.pagecache.kept import kept
from ebok_plugins.e_dokument import queries
from ebok_plugins.e_dokument.models import DocumentTemplate

OF_FILE = ("file__extension", "file__size")
DRAWN = ("title", "slug", "language", "is_fillable", "valid_from", "valid_to", *OF_FILE)
"""The columns a row shows; a home page has no time for the others."""


class DocumentsBlock(blocks.StructBlock):
    """Documents to download: chosen ones in their order, or the first rows of a category.

    Documents that are not published for the site, or no longer in force, are left out when the
    page is drawn; they come back by themselves.
    """

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    documents = blocks.ListBlock(
        SnippetChooserBlock("e_dokument.DocumentTemplate"),
        label=_("Chosen documents"),
        default=[],
        min_num=0,
        help_text=_("Empty: the first documents of the category below, or of all."),
    )
    category = SnippetChooserBlock("e_dokument.DocumentCategory", label=_("Category"), required=False)
    rows = blocks.IntegerBlock(label=_("Number of rows"), default=5, min_value=1, max_value=30)

    class Meta:
        icon = "doc-full"
        label = _("Documents")
        template = "e_dokument/insets/documents.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the rows as the reader's site may see them."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        request = context.get("request")
        site = Site.find_for_request(request) if request else None
        context["rows"] = _rows(site, value) if site else []
        context["all_url"] = reverse("public:e_dokument:list")
        return context


def _rows(site: Site, value: Any) -> list[DocumentTemplate]:
    """The rows, read once after a publication: a home page has six looks and two languages."""
    limit = value.get("rows") or 5
    chosen = tuple(document.pk for document in value.get("documents") or [] if document is not None)
    category = value["category"].pk if value.get("category") else None
    key = ("documents", site.pk, timezone.localdate(), chosen, category, limit)
    return kept(key, lambda: _read(site, chosen, category, limit))


def _read(site: Site, chosen: tuple[int, ...], category: int | None, limit: int) -> list[DocumentTemplate]:
    found = queries.published(site).select_related(None).select_related("file").only(*DRAWN)
    if chosen:
        by_key = {document.pk: document for document in found.filter(pk__in=chosen)}
        return [by_key[key] for key in chosen if key in by_key][:limit]
    if category is not None:
        found = found.filter(category=category)
    return list(found[:limit])
