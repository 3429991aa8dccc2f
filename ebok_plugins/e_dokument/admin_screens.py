"""The screens of this module in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import SubmenuMenuItem
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from ebok.plugins.admin_screens import GatedMenuItem, GatedSnippet
from ebok_plugins.e_dokument.models import ApplicationForm, DocumentCategory, DocumentTemplate


class DocumentTemplates(GatedSnippet):
    """Documents: file, validity, schedule, workflow."""

    model = DocumentTemplate
    icon = "doc-full"
    menu_label = _("Documents")
    list_display = [
        "title",
        "category",
        "version",
        Column("valid_from", label=_("in force from"), sort_key="valid_from"),
        Column("valid_to", label=_("in force until"), sort_key="valid_to"),
        Column("counter.downloads", label=_("downloads")),
        LiveStatusTagColumn(),
    ]
    list_filter = ["site", "category", "language", "live"]
    list_per_page = 50
    copy_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[DocumentTemplate]:
        """With what the columns show, so that a long list asks no more often than a short one."""
        return DocumentTemplate.objects.select_related("category", "counter", "file")


class ApplicationForms(GatedSnippet):
    """Online applications: the questions."""

    model = ApplicationForm
    icon = "form"
    menu_label = _("Online applications")
    list_display = ["title", "template", LiveStatusTagColumn()]
    list_filter = ["live"]
    copy_view_enabled = False


class DocumentCategories(GatedSnippet):
    """Headings of the public list."""

    model = DocumentCategory
    icon = "folder"
    menu_label = _("Document categories")
    list_display = ["name", "name_en", "order"]


class DocumentsMenuItem(GatedMenuItem, SubmenuMenuItem):
    """The menu entry; away, too, while nothing below may be seen."""

    plugin_key = "e_dokument"


class DocumentScreens(SnippetViewSetGroup):
    """All screens of this module under one entry."""

    items = (DocumentTemplates, ApplicationForms, DocumentCategories)
    menu_icon = "doc-full"
    menu_label = _("e-Dokument")
    menu_name = "e-dokument"
    menu_order = 240

    def get_menu_item(self, order: int | None = None) -> Any:
        """The entry that hides itself."""
        item = super().get_menu_item(order)
        item.__class__ = DocumentsMenuItem
        return item
