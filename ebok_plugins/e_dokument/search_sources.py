"""Documents in the site search."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ebok.ports import SearchHit, SearchSource
from ebok_plugins.e_dokument import queries


def find(site: Site, question: str, most: int) -> Sequence[SearchHit]:
    """Documents that hold every word, those of the reader's language first; one query."""
    found = queries.searched(queries.published(site), question)
    found = queries.in_language_first(found, get_language() or "pl", by_category=False)
    return [
        SearchHit(
            title=document.title,
            url=document.get_absolute_url(),
            lead=document.description,
            kind=f"{document.category.title} · {document.file.kind}"
            if document.file
            else document.category.title,
            language=document.language,
        )
        for document in found[:most]
    ]


search_sources = [
    SearchSource(key="e_dokument.documents", title=_("Documents"), find=find, more_view="list", order=10)
]
