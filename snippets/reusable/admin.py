"""The screen "Reusable insets" of the Wagtail admin."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import LocaleColumn, UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from snippets.reusable.models import ReusableInset


class ReusableInsetViewSet(SnippetViewSet):
    """List, editor, history, schedule, workflow and "where used" of reusable insets."""

    model = ReusableInset
    icon = "copy"
    menu_label = _("Reusable insets")
    list_display: ClassVar[list[object]] = ["name", LocaleColumn(), UpdatedAtColumn()]
    search_fields: ClassVar[list[str]] = ["name"]
