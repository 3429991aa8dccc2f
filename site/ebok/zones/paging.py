"""Pages of a list that belongs to one person: few rows, counted, with forgiving page numbers."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PARAMETER = "strona"
LONGEST = 6
"""Digits of a page number worth reading."""


def page_of(request: HttpRequest, found: QuerySet[Any] | list[Any], per_page: int) -> Page[Any]:
    """The page asked for; one that is none, or past the end, gives the nearest: old links keep working."""
    typed = request.GET.get(PARAMETER, "1")
    number = typed if typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST else "1"
    return Paginator(found, per_page).get_page(number)
