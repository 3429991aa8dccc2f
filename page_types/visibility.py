"""Which pages everybody may read: one rule for search, site map and sitemap."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from wagtail.models import Page, PageViewRestriction

from page_types.announcements import Audience


def public_pages(home_path: str) -> QuerySet[Page]:
    """Published pages below (and with) the home page of that tree path that need no sign-in.

    Left out: announcements for payers, pages with a view restriction and everything below them.
    """
    pages = Page.objects.filter(path__startswith=home_path, live=True).exclude(
        announcementpage__audience=Audience.PAYERS
    )
    for path in PageViewRestriction.objects.filter(page__path__startswith=home_path).values_list(
        "page__path", flat=True
    ):
        pages = pages.exclude(Q(path__startswith=path))
    return pages


def listed_pages(home_path: str) -> QuerySet[Page]:
    """The same without pages that ask search engines to leave them alone."""
    # Every page type has its own column for it.
    from page_types.base import BasePage  # noqa: PLC0415 (circular: pages use this module)
    from page_types.chrome import concrete_types  # noqa: PLC0415

    pages = public_pages(home_path)
    for model in concrete_types(BasePage):
        pages = pages.exclude(**{f"{model._meta.model_name}__no_index": True})
    return pages
