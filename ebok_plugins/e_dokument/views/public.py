"""The public list of documents, a document's page, and the download."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.models import Site

from ebok.files.serving import file_response, is_whole_get
from ebok.pagecache.headers import make_public
from ebok_plugins.e_dokument import queries, services
from ebok_plugins.e_dokument.models import DocumentTemplate, StoredFile

LIST_QUERIES = ("q", "kategoria", "strona")


def site_of(request: HttpRequest) -> Site:
    """The site of the request; 404 where there is none."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site


class DocumentList(View):
    """Documents by category, with search. The same bytes for everyone."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, or the page of it that is asked for."""
        site = site_of(request)
        query = request.GET.get("q", "").strip()[:100]
        category = request.GET.get("kategoria", "")[:80]
        page = _page_number(request.GET.get("strona", ""))
        found = queries.searched(queries.published(site), query, category)
        found = queries.in_language_first(found, get_language() or "pl")
        first = (page - 1) * queries.PAGE_SIZE
        rows = list(found[first : first + queries.PAGE_SIZE + 1])
        context: dict[str, Any] = {
            "title": _("Documents"),
            "crumbs": [(_("Home"), front_page()), (_("Documents"), "")],
            "groups": queries.grouped(rows[: queries.PAGE_SIZE]),
            "categories": list(queries.categories(site)),
            "query": query,
            "category": category,
            "page_number": page,
            "next_page": page + 1 if len(rows) > queries.PAGE_SIZE else None,
            "previous_page": page - 1 if page > 1 else None,
        }
        response = render(request, "e_dokument/public/list.html", context)
        return make_public(response, seconds=60, queries=LIST_QUERIES)


class DocumentPage(View):
    """One document: what it is, since when it is in force, and the ways to take it."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page; 404 for what is not published or no longer in force."""
        site = site_of(request)
        document = get_object_or_404(queries.published(site), slug=slug)
        settings = services.site_settings(site)
        context = {
            "title": document.title,
            "crumbs": [
                (_("Home"), front_page()),
                (_("Documents"), reverse("public:e_dokument:list")),
                (document.title, ""),
            ],
            "document": document,
            "has_application": document.has_application,
            "history": list(queries.earlier_versions(document)[:20]) if settings.show_history else [],
        }
        response = render(request, "e_dokument/public/detail.html", context)
        return make_public(response, seconds=60)


class Download(View):
    """The file itself, counted and journalled; an earlier one when its key is given."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, slug: str, version: int | None = None) -> HttpResponseBase:
        """The bytes as an attachment; 404 for what may not be seen or is not there."""
        site = site_of(request)
        document = get_object_or_404(queries.published(site), slug=slug)
        stored = document.file if version is None else _earlier_file(site, document, version)
        if stored is None:
            raise Http404
        try:
            response = file_response(
                request,
                stored.file,
                name=f"{document.title}.{stored.extension}",
                extension=stored.extension,
                content_type=stored.content_type,
                size=stored.size,
            )
        except FileNotFoundError as error:
            raise Http404 from error
        if is_whole_get(request) and response.status_code in (200, 206):
            services.count_download(document, stored, request=request)
        return response


def _earlier_file(site: Site, document: DocumentTemplate, version: int) -> StoredFile:
    # Numbers beyond the column's range cannot be stored, and SQLite refuses to compare them.
    if not services.site_settings(site).show_history or version > 2**63 - 1:
        raise Http404
    return get_object_or_404(queries.earlier_versions(document), pk=version).file


def _page_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def front_page() -> str:
    """The front page in the reader's language."""
    return "/en/" if (get_language() or "pl").startswith("en") else "/"
