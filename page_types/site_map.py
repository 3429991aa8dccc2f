"""The map of the site for people: every public page as a tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from page_types.base import BasePage
from page_types.chrome import COLUMNS, Chrome, Row
from page_types.visibility import public_pages

MOST_IN_LIST = 10
"""Of a list with more pages (announcements) only the newest are named; the list has the rest."""


@dataclass
class Branch:
    """A page with the pages below it."""

    title: str
    url: str
    children: list[Branch] = field(default_factory=list)
    more: bool = False


class SiteMapPage(BasePage):
    """All public pages of one language."""

    landmark = "site_map"
    template = "page_types/site_map_page.html"
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields]

    class Meta:
        verbose_name = _("site map")
        verbose_name_plural = _("site maps")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the tree, one query, and the public pages of modules."""
        context = super().get_context(request, *args, **kwargs)
        chrome: Chrome | None = context["chrome"]
        if chrome is not None and chrome.home is not None:
            rows = public_pages(chrome.home.path).order_by("path").values_list(*COLUMNS)
            branches = grown([Row(*values) for values in rows], chrome)
            branches += [Branch(link.title, link.url) for _item, link in chrome.module_links]
            context["branches"] = branches
        return context


def grown(rows: list[Row], chrome: Chrome) -> list[Branch]:
    """The rows (in the order of the tree, home first) as branches."""
    first_depth = chrome.home.depth + 1 if chrome.home else 0
    by_path: dict[str, Branch] = {}
    tops: list[Branch] = []
    for row in rows:
        branch = Branch(row.title, chrome.address(row))
        by_path[row.path] = branch
        parent = by_path.get(row.path[: -Page.steplen])
        if parent is None or row.depth <= first_depth:
            tops.append(branch)
        else:
            parent.children.append(branch)
    for branch in by_path.values():
        if len(branch.children) > MOST_IN_LIST:
            # The newest were planted last.
            branch.children = branch.children[: -MOST_IN_LIST - 1 : -1]
            branch.more = True
    return tops
