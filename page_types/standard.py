"""An ordinary page: a title, a lead and whatever insets the editor puts below."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from page_types.base import BodyPage
from page_types.chrome import COLUMNS, MenuLink, Row
from page_types.restrictions import is_restricted


class StandardPage(BodyPage):
    """A page of content; with `side_navigation` it shows the pages beside and below it."""

    side_navigation = models.BooleanField(
        _("links to neighbouring pages"),
        default=False,
        help_text=_("Shows the pages below this one, or beside it when it has none below."),
    )

    template = "page_types/standard_page.html"
    content_panels = [*BodyPage.content_panels, FieldPanel("side_navigation")]
    search_fields: ClassVar[list[Any]] = [*BodyPage.search_fields]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the neighbours when they are asked for."""
        context = super().get_context(request, *args, **kwargs)
        if self.side_navigation and context["chrome"] is not None and self.path:
            context["neighbours"] = self._neighbours(context["chrome"])
        return context

    def _neighbours(self, chrome: Any) -> list[MenuLink]:
        """Children, or the siblings with this page among them; one query."""
        parent_path = self.path[: -Page.steplen]
        near = models.Q(path__startswith=self.path, depth=self.depth + 1) | models.Q(
            path__startswith=parent_path, depth=self.depth
        )
        rows = [
            Row(*values)
            for values in Page.objects.filter(near, live=True)
            .exclude(is_restricted())
            .order_by("path")
            .values_list(*COLUMNS)
        ]
        children = [row for row in rows if row.depth == self.depth + 1]
        return [
            MenuLink(row.title, chrome.address(row), row.pk == self.pk)
            for row in children or [row for row in rows if row.depth == self.depth]
        ]
