"""Search over public pages, current outages and what modules add."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import DateField, F, Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.search.query import And, PlainText

from page_types.announcements import AnnouncementPage
from page_types.base import BasePage
from page_types.chrome import COLUMNS, Chrome, Row, concrete_types
from page_types.contributed import search_groups
from page_types.visibility import public_pages
from snippets.outages import presentation
from snippets.outages import queries as outages

LONGEST_QUESTION = 100
MOST_RESULTS = 100
MOST_OUTAGES = 5
PER_PAGE = 10
SHORTEST_WORD = 2
MOST_WORDS = 8
WORD = re.compile(r"[^\W_]+")


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
        rows = found_rows(question, chrome.home.path)
        paged = Paginator(rows, PER_PAGE).get_page(request.GET.get("strona"))
        context.update(
            results=paged,
            # Beside the first page of results only, as there is one page of them.
            groups=search_groups(request, chrome.site, question) if paged.number == 1 else [],
            found=results(list(paged.object_list), chrome),
        )
        if chrome.landmark("outages") is not None:
            now = timezone.now()
            answer = outages.matching(chrome.site, question, MOST_OUTAGES, now)
            context.update(
                banner=answer.banner,
                outages=[
                    (presentation.headline(outage), presentation.row_meta(outage, now), outage)
                    for outage in answer.outages
                ],
            )
        return context


def typed_question(text: str) -> str:
    """What was typed, without control characters, cut to a sensible length."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * LONGEST_QUESTION])
    question = " ".join(printable.split())[:LONGEST_QUESTION].strip()
    return question if len(question) >= SHORTEST_WORD else ""


def found_rows(question: str, home_path: str) -> list[Row]:
    """Public pages below that home page that answer the question, best first.

    First pages that hold the words as typed, then pages that hold words beginning alike: Polish
    endings change ("woda", "wody"), and neither database knows Polish. Two queries of the index
    and one that leaves out what the public may not see.
    """
    # Signs other than letters and digits mean something to SQLite's index, and nothing to a reader.
    words = WORD.findall(question)[:MOST_WORDS]
    if not words:
        return []
    most = 5 * MOST_RESULTS
    # One query object for each word: of a plain text only the last word counts as a beginning.
    beginnings = And([PlainText(beginning(word)) for word in words])
    ranked = [page.pk for page in Page.objects.search(" ".join(words), operator="and")[:most]]
    ranked += [page.pk for page in Page.objects.autocomplete(beginnings)[:most]]
    public = public_pages(home_path).filter(pk__in=ranked).values_list(*COLUMNS)
    allowed = {values[0]: Row(*values) for values in public}
    return [allowed[pk] for pk in dict.fromkeys(ranked) if pk in allowed][:MOST_RESULTS]


def beginning(word: str) -> str:
    """The part of a word that its endings leave alone, roughly: "woda" → "wod", "fakturę" → "faktu"."""
    cut = 0 if len(word) < 4 else 1 if len(word) < 6 else 2
    return word[: len(word) - cut]


def results(rows: list[Row], chrome: Chrome) -> list[Result]:
    """The pages with kind, lead and date; one query for any number and any types."""
    details = {pk: (lead, day) for pk, lead, day in _details([row.pk for row in rows])} if rows else {}
    kinds = {
        content_type.pk: str(model._meta.verbose_name)
        for model, content_type in ContentType.objects.get_for_models(*concrete_types(BasePage)).items()
    }
    return [
        Result(row.title, chrome.address(row), details[row.pk][0], kinds[row.type_id], details[row.pk][1])
        for row in rows
        if row.pk in details and row.type_id in kinds
    ]


def _details(ids: list[int]) -> Any:
    """(id, lead, date or None) of pages of any type: every type has its own columns, so a union."""
    no_day = Value(None, output_field=DateField())
    parts = [
        model.objects.order_by()
        .filter(pk__in=ids)
        .annotate(day=F("date") if issubclass(model, AnnouncementPage) else no_day)
        .values_list("pk", "lead", "day")
        for model in concrete_types(BasePage)
    ]
    return parts[0].union(*parts[1:])
