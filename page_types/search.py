"""Search over public pages and current outages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from page_types.announcements import AnnouncementPage
from page_types.base import BasePage
from page_types.chrome import Chrome, concrete_types, rows_of
from page_types.visibility import public_pages
from snippets.outages import presentation
from snippets.outages import queries as outages
from snippets.outages.models import Outage

LONGEST_QUESTION = 100
MOST_RESULTS = 100
MOST_OUTAGES = 5
PER_PAGE = 10
SHORTEST_WORD = 2


@dataclass(frozen=True)
class Result:
    """A page that was found."""

    title: str
    url: str
    lead: str
    kind: str
    day: date | None = None


class SearchPage(BasePage):
    """A question (`?q=`) and what was found."""

    landmark = "search"
    cache_queries = ("q", "strona")

    template = "page_types/search_page.html"
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields]

    class Meta:
        verbose_name = _("search page")
        verbose_name_plural = _("search pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Results for the question; without one only the form."""
        context = super().get_context(request, *args, **kwargs)
        chrome: Chrome | None = context["chrome"]
        question = typed_question(request.GET.get("q", ""))
        context.update(question=question, own_address=self.address(request) if self.path else "")
        if not question or chrome is None or chrome.home is None:
            return context
        paged = Paginator(found_ids(question, chrome.home.path), PER_PAGE).get_page(request.GET.get("strona"))
        context.update(
            results=paged,
            found=results(list(paged.object_list), chrome),
            outages=[
                (presentation.headline(outage), presentation.row_meta(outage, timezone.now()), outage)
                for outage in found_outages(question, chrome)
            ],
        )
        return context


def typed_question(text: str) -> str:
    """What was typed, without control characters, cut to a sensible length."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * LONGEST_QUESTION])
    question = " ".join(printable.split())[:LONGEST_QUESTION].strip()
    return question if len(question) >= SHORTEST_WORD else ""


def found_ids(question: str, home_path: str) -> list[int]:
    """Ids of public pages below that home page that answer the question, best first.

    Wagtail's index finds whole words on both databases; a page whose title merely contains the
    question comes after those.
    """
    pages = public_pages(home_path)
    ranked = [page.pk for page in Page.objects.search(question, operator="and")[: 5 * MOST_RESULTS]]
    allowed = set(pages.filter(pk__in=ranked).values_list("pk", flat=True))
    best = [pk for pk in ranked if pk in allowed]
    by_title = pages.filter(Q(title__icontains=question)).order_by("path").values_list("pk", flat=True)
    return list(dict.fromkeys([*best, *by_title[:MOST_RESULTS]]))[:MOST_RESULTS]


def results(ids: list[int], chrome: Chrome) -> list[Result]:
    """The pages of these ids in this order, with kind, lead and date; three queries for any number."""
    rows = {row.pk: row for row in rows_of(ids)}
    leads = dict(_leads(ids))
    days = dict(AnnouncementPage.objects.filter(pk__in=ids).values_list("pk", "date"))
    kinds = {
        content_type.pk: str(model._meta.verbose_name)
        for model, content_type in ContentType.objects.get_for_models(*concrete_types(BasePage)).items()
    }
    return [
        Result(row.title, chrome.address(row), leads.get(pk, ""), kinds.get(row.type_id, ""), days.get(pk))
        for pk in ids
        if (row := rows.get(pk)) is not None
    ]


def _leads(ids: list[int]) -> Any:
    """(id, lead) of pages of any type: every type has its own column, so a union of them."""
    parts = [
        model.objects.order_by().filter(pk__in=ids).values_list("pk", "lead")
        for model in concrete_types(BasePage)
    ]
    return parts[0].union(*parts[1:])


def found_outages(question: str, chrome: Chrome) -> list[Outage]:
    """Open outages whose headline or streets hold the question."""
    if chrome.landmark("outages") is None:
        return []
    now = timezone.now()
    rows = (outages.current(chrome.site, now) | outages.planned(chrome.site, now=now)).filter(
        Q(headline__icontains=question)
        | Q(headline_en__icontains=question)
        | Q(streets__street__name__icontains=question)
    )
    return list(rows.distinct()[:MOST_OUTAGES])
