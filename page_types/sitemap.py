"""sitemap.xml: every public page of all languages and of modules, each with its translations (hreflang).

Format: sitemaps.org 0.9 with the `xhtml:link` extension search engines read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from ebok.pagecache.headers import make_public
from page_types.base import BasePage
from page_types.chrome import language_root
from page_types.contributed import sitemap_pages
from page_types.module_pages import is_offered, module_pages
from page_types.visibility import public_pages

MOST_ADDRESSES = 50_000
"""The format's own limit for one file."""


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The sitemap of the site the request came to."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return make_public(
        HttpResponse("".join(document(request, site)), content_type="application/xml; charset=utf-8"),
        seconds=600,
    )


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt: zones and the admin are nothing for search engines; where the sitemap is."""
    closed = ("/admin/", "/konto/", "/moje-konto/", "/pracownik/", "/teren/", "/wyglad/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines.append(f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}")
    return make_public(
        HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8"), seconds=600
    )


def document(request: HttpRequest, site: Site) -> Iterator[str]:
    """The lines of the document."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    )
    for written in islice(_urls(request, site), MOST_ADDRESSES):
        yield from written
    yield "</urlset>\n"


def _urls(request: HttpRequest, site: Site) -> Iterator[Iterator[str]]:
    """Every <url>: the pages of the tree, then those of modules."""
    pages = list(_pages(site))
    together: dict[Any, dict[str, str]] = defaultdict(dict)
    for page, language, address in pages:
        together[page.translation_key][language] = request.build_absolute_uri(address)
    for page, _language, address in pages:
        for entry in _entries(page, request, request.build_absolute_uri(address)):
            yield _url(entry, together[page.translation_key] if "alternates" in entry else {})
    for paths, changed in (*_menu_pages(request), *sitemap_pages(request, site)):
        alternates = {code: request.build_absolute_uri(path) for code, path in paths.items()}
        for address in alternates.values():
            yield _url({"location": address, "lastmod": changed}, alternates)


def _menu_pages(request: HttpRequest) -> list[tuple[dict[str, str], None]]:
    """Modules' pages of the public menu as (language code to path, no date)."""
    by_view: dict[str, dict[str, str]] = defaultdict(dict)
    for language, _name in settings.LANGUAGES:
        for item, _title, path in module_pages(request, language):
            if is_offered(request, item):
                by_view[f"{item.view}-{item.order}"][language] = path
    return [(paths, None) for paths in by_view.values()]


def _pages(site: Site) -> Iterator[tuple[BasePage, str, str]]:
    """Pages with language and path; one query for the home pages and one for each type."""
    root = site.root_page
    homes = Page.objects.filter(translation_key=root.translation_key, live=True).select_related("locale")
    for home in sorted(homes, key=lambda home: home.pk != root.pk):
        language = home.locale.language_code
        prefix = language_root(language)
        pages: Any = public_pages(home.path).order_by("path")
        for page in pages.defer_streamfields().specific().iterator():
            if isinstance(page, BasePage) and not page.no_index:
                yield page, language, prefix + page.url_path[len(home.url_path) :]


def _entries(page: BasePage, request: HttpRequest, address: str) -> list[dict[str, Any]]:
    """The page itself and what it adds (an outage list adds its outages), with its own address."""
    entries = page.get_sitemap_urls(request)
    if not entries:
        return []
    own = {"location": address, "lastmod": page.last_published_at, "alternates": True}
    return [own, *entries[1:]]


def _url(entry: dict[str, Any], alternates: dict[str, str]) -> Iterator[str]:
    yield f"<url><loc>{escape(entry['location'])}</loc>"
    if moment := entry.get("lastmod"):
        yield f"<lastmod>{timezone.localtime(moment).isoformat(timespec='seconds')}</lastmod>"
    if len(alternates) > 1:
        for language, address in alternates.items():
            yield f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(address)}/>'
        if default := alternates.get(settings.LANGUAGE_CODE):
            yield f'<xhtml:link rel="alternate" hreflang="x-default" href={quoteattr(default)}/>'
    yield "</url>\n"
