"""The board and its public notices in sitemap.xml."""

from __future__ import annotations

from collections.abc import Iterator

from wagtail.models import Site

from ebok.ports import SitemapEntry, SitemapSource
from ebok_sample_noticeboard.queries import public_notices


def entries(site: Site) -> Iterator[SitemapEntry]:
    """The board has no entry in the public menu, so it is named here too."""
    yield SitemapEntry(view="board")
    for pk, pinned in public_notices(site).values_list("pk", "pinned_at"):
        yield SitemapEntry(view="notice", arguments={"pk": pk}, changed=pinned)


sitemap_sources = [SitemapSource(key="noticeboard.pages", entries=entries)]
