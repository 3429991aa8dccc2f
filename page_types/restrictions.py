"""The condition that a page is not for everybody; no page type is needed for it."""

from __future__ import annotations

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from wagtail.models import PageViewRestriction


def is_restricted() -> Exists:
    """The condition "the page or one above it has a view restriction", for page queries."""
    above = PageViewRestriction.objects.annotate(here=ExpressionWrapper(OuterRef("path"), CharField()))
    return Exists(above.filter(here__startswith=F("page__path")))
