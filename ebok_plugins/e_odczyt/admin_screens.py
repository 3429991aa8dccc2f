"""Reading windows in the Wagtail admin; the screens answer 404 while the module is off on every site."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from ebok.plugins.activation import enabled_anywhere
from ebok_plugins.e_odczyt.models import ReadingWindow

KEY = "e_odczyt"
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


class GatedMenuItem(MenuItem):
    """The menu entry; away while the module is off on every site."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the module is on anywhere and the list may be seen."""
        return enabled_anywhere(KEY) and bool(super().is_shown(request))


class ReadingWindows(SnippetViewSet):
    """Windows by zone."""

    model = ReadingWindow
    icon = "calendar"
    menu_label = _("Reading windows")
    menu_name = "reading-windows"
    menu_order = 245
    add_to_admin_menu = True
    chooser_viewset_class = GatedChooser
    list_display = ["zone", "opens_on", "closes_on", "site"]
    list_filter = ["site", "zone"]
    list_per_page = 50
    copy_view_enabled = False
    menu_item_class = GatedMenuItem

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what the columns show, so that a long list asks no more often than a short one."""
        return ReadingWindow.objects.select_related("site")

    def get_urlpatterns(self) -> list[URLPattern]:
        """Every pattern behind the gate."""
        return _gated(super().get_urlpatterns())
