"""What modules add to the search page and to sitemap.xml: their own public pages.

Only modules that are on for the request's site are asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from wagtail.models import Site

from ebok.plugins.gate import EnabledPlugins
from ebok.plugins.registry import registry
from ebok.ports import SearchHit, SearchSource, SitemapSource
from page_types.module_pages import PUBLIC_ZONE

MOST_HITS = 5
"""Hits of one source on the search page; the rest stands behind "show all"."""


@dataclass(frozen=True)
class HitGroup:
    """The hits of one source as the search page draws them."""

    key: str
    title: str
    icon: str
    hits: Sequence[SearchHit]
    more_url: str


def search_groups(request: HttpRequest, site: Site, question: str) -> list[HitGroup]:
    """Sources that found something, by their order; one query for each source that is on."""
    found = []
    for key, source in sorted(_of_enabled(request, "search_sources"), key=lambda entry: entry[1].order):
        if hits := list(source.find(site, question, MOST_HITS + 1)):
            found.append(_group(key, source, hits, question))
    return found


def _group(key: str, source: SearchSource, hits: list[SearchHit], question: str) -> HitGroup:
    more_url = ""
    if len(hits) > MOST_HITS and source.more_view:
        address = reverse(f"{PUBLIC_ZONE}:{key}:{source.more_view}")
        more_url = f"{address}?{urlencode({'q': question})}"
    return HitGroup(source.key.replace(".", "-"), str(source.title), source.icon, hits[:MOST_HITS], more_url)


def sitemap_pages(request: HttpRequest, site: Site) -> Iterator[tuple[dict[str, str], datetime | None]]:
    """Single pages of modules as (language code to path, last change); one query for each source."""
    languages = [code for code, _name in settings.LANGUAGES]
    for key, source in _of_enabled(request, "sitemap_sources"):
        for entry in source.entries(site):
            name = f"{PUBLIC_ZONE}:{key}:{entry.view}"
            yield {code: _path(name, entry.arguments, code) for code in languages}, entry.changed


def _path(name: str, arguments: Any, language: str) -> str:
    with translation.override(language):
        return reverse(name, kwargs=dict(arguments))


def _of_enabled(request: HttpRequest, kind: str) -> list[tuple[str, Any]]:
    """(owner's key, declaration) of the modules that are on; asks nothing when none contributes."""
    found: list[tuple[Any, SearchSource | SitemapSource]] = registry.contributions(kind)
    enabled = EnabledPlugins.of(request) if found else frozenset()
    return [(owner.key, item) for owner, item in found if owner.key in enabled]
