"""Public notices in the site search."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ebok.ports import SearchHit, SearchSource
from ebok_sample_noticeboard.queries import public_notices


def find(site: Site, question: str, most: int) -> Sequence[SearchHit]:
    """Notices that hold what was typed, newest first."""
    holding = Q(title__icontains=question) | Q(text__icontains=question)
    return [
        SearchHit(
            title=notice.title,
            url=reverse("public:noticeboard:notice", kwargs={"pk": notice.pk}),
            lead=notice.text,
            day=notice.pinned_at.date(),
        )
        for notice in public_notices(site).filter(holding)[:most]
    ]


search_sources = [SearchSource(key="noticeboard.notices", title=_("Notice board"), find=find, icon="pin")]
