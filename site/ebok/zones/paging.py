"""Pages of a list that belongs to one person: few rows, counted, with forgiving page numbers."""

from __future__ import annotations

from typing import Any, Protocol

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PARAMETER = "strona"
LONGEST = 6
"""Digits of a page number worth reading."""


class Counted(Protocol):
    """Anything else with a length and slices: rows that are made as they are read."""

    def __len__(self) -> int: ...

    def __getitem__(self, wanted: slice) -> Any: ...


def page_of(request: HttpRequest, found: QuerySet[Any] | list[Any] | Counted, per_page: int) -> Page[Any]:
    """The page asked for; one that is none, or past the end, gives the nearest: old links keep working."""
    # The stubs know no length without __iter__; Django asks for no more than `Counted` has.
    rows: Any = found
    return Paginator(rows, per_page).get_page(number_of(request))


def number_of(request: HttpRequest) -> int:
    """The number of the page asked for; 1 for what is no number."""
    typed = request.GET.get(PARAMETER, "1")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST else 1
