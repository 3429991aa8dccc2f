"""Atom feeds (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed

CONTENT_TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class Entry:
    """One entry; `address` is absolute and serves as its id, so it must not change."""

    title: str
    address: str
    summary: str
    published: datetime
    updated: datetime
    category: str = ""


def atom(
    *,
    title: str,
    subtitle: str,
    address: str,
    feed_address: str,
    language: str,
    entries: Sequence[Entry],
) -> HttpResponse:
    """A response with the feed. `address` is the page it belongs to; both addresses are absolute."""
    feed = Atom1Feed(
        title=title,
        link=address,
        description=subtitle,
        subtitle=subtitle or None,
        language=language,
        feed_url=feed_address,
        author_name=title,
    )
    for entry in entries:
        feed.add_item(
            title=entry.title,
            link=entry.address,
            description=entry.summary,
            unique_id=entry.address,
            pubdate=entry.published,
            updateddate=entry.updated,
            categories=[entry.category] if entry.category else [],
        )
    response = HttpResponse(content_type=CONTENT_TYPE)
    feed.write(response, "utf-8")
    return response
