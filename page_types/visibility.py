"""Which pages everybody may read: one rule for search, site map and sitemap."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from wagtail.models import Page, Site

from page_types.announcements import Audience
from page_types.restrictions import is_restricted


def public_pages(home_path: str) -> QuerySet[Page]:
    """Published pages below (and with) the home page of that tree path that need no sign-in.

    Left out: announcements for payers, pages with a view restriction and everything below them.
    """
    return (
        Page.objects.filter(path__startswith=home_path, live=True)
        .exclude(announcementpage__audience=Audience.PAYERS)
        .exclude(is_restricted())
    )


def home_paths(site: Site) -> list[str]:
    """Tree paths of the home pages of all languages of the site; one query."""
    root = site.root_page
    return list(Page.objects.filter(translation_key=root.translation_key).values_list("path", flat=True))


def below_homes(site: Site) -> Q:
    """The condition "in the tree of this site, in any language" for page queries."""
    condition = Q()
    for path in home_paths(site):
        condition |= Q(path__startswith=path)
    return condition
