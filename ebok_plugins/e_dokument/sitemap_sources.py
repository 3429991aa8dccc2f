"""Pages of single documents in sitemap.xml; the list stands there as an entry of the public menu."""

from __future__ import annotations

from collections.abc import Iterator

from wagtail.models import Site

from ebok.ports import SitemapEntry, SitemapSource
from ebok_plugins.e_dokument import queries


def entries(site: Site) -> Iterator[SitemapEntry]:
    """Every document that visitors may see; one query."""
    rows = queries.published(site).order_by("pk").values_list("slug", "changed_at")
    for slug, changed in rows.iterator():
        yield SitemapEntry(view="detail", arguments={"slug": slug}, changed=changed)


sitemap_sources = [SitemapSource(key="e_dokument.documents", entries=entries)]
