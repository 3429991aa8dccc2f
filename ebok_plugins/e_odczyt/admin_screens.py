"""Reading windows in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ebok.plugins.admin_screens import GatedMenuItem, GatedSnippet
from ebok_plugins.e_odczyt.models import ReadingWindow


class WindowsMenuItem(GatedMenuItem):
    """The menu entry."""

    plugin_key = "e_odczyt"


class ReadingWindows(GatedSnippet):
    """Windows by zone."""

    model = ReadingWindow
    icon = "calendar"
    menu_label = _("Reading windows")
    menu_name = "reading-windows"
    menu_order = 245
    add_to_admin_menu = True
    list_display = ["zone", "opens_on", "closes_on", "site"]
    list_filter = ["site", "zone"]
    list_per_page = 50
    copy_view_enabled = False
    menu_item_class = WindowsMenuItem

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what the columns show, so that a long list asks no more often than a short one."""
        return ReadingWindow.objects.select_related("site")
