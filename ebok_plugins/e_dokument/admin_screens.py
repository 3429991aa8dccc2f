"""The screens of this module in the Wagtail admin; they answer 404 when it is off on every site."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import SubmenuMenuItem
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from ebok.plugins.activation import enabled_anywhere
from ebok_plugins.e_dokument.models import ApplicationForm, DocumentCategory, DocumentTemplate

KEY = "e_dokument"
View = Callable[..., HttpResponseBase]


def only_when_enabled(view: View) -> View:
    """The view behind a 404 while the module is off on every site."""

    @functools.wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not enabled_anywhere(KEY):
            raise Http404
        return view(request, *args, **kwargs)

    return gated


def _gated(patterns: list[URLPattern]) -> list[URLPattern]:
    for pattern in patterns:
        pattern.callback = only_when_enabled(pattern.callback)
    return patterns


class GatedChooser(SnippetChooserViewSet):
    """Choosers are screens too."""

    def get_urlpatterns(self) -> list[URLPattern]:
        """Every pattern behind the gate."""
        return _gated(super().get_urlpatterns())


class GatedSnippet(SnippetViewSet):
    """A snippet's screens behind the gate."""

    chooser_viewset_class = GatedChooser

    def get_urlpatterns(self) -> list[URLPattern]:
        """Every pattern behind the gate."""
        return _gated(super().get_urlpatterns())


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


class GatedMenuItem(SubmenuMenuItem):
    """The menu entry; away while the module is off on every site."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the module is on anywhere and something below may be seen."""
        return enabled_anywhere(KEY) and bool(super().is_shown(request))


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
        item.__class__ = GatedMenuItem
        return item
