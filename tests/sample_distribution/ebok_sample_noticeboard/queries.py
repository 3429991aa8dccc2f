"""Reads. They begin with who is asking."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.models import Site

from ebok_sample_noticeboard.models import Notice


def public_notices(site: Site) -> QuerySet[Notice]:
    """What everybody may read."""
    return Notice.objects.filter(site=site, is_public=True, taken_down_at=None)


def notices_of(owner: Any, site: Site) -> QuerySet[Notice]:
    """A person's own notices."""
    return Notice.objects.filter(site=site, owner=owner)


def notices_to_moderate(site: Site) -> QuerySet[Notice]:
    """All that hang on the board, for employees with the permission to take them down."""
    return Notice.objects.filter(site=site, taken_down_at=None)
