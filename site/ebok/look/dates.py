"""Dates in words. Lists write the same few over and over, and Django's formatting is slow: they are kept."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.utils import formats
from django.utils.translation import get_language


def written(local: date | datetime, pattern: str) -> str:
    """A day or a local moment in the active language.

    `pattern` is a format of Django's (https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#date)
    without the letters that tell a time zone.
    """
    # Two moments are equal when they are one instant, whatever their clocks show; bare ones are not.
    bare = local.replace(tzinfo=None) if isinstance(local, datetime) else local
    return _written(bare, isinstance(local, datetime), pattern, get_language())


@lru_cache(maxsize=4096)
def _written(bare: date, _is_moment: bool, pattern: str, _language: str | None) -> str:
    return formats.date_format(bare, pattern)
