"""Pages of a list that belongs to one person: few rows, counted, with forgiving page numbers."""

from __future__ import annotations

from collections.abc import Sequence
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


def page_of(
    request: HttpRequest,
    found: QuerySet[Any] | Sequence[Any] | Counted,
    per_page: int,
    parameter: str = PARAMETER,
) -> Page[Any]:
    """The page asked for; one that is none, or past the end, gives the nearest: old links keep working.

    A page that shows several lists has a `parameter` for each.
    """
    # The stubs know no length without __iter__; Django asks for no more than `Counted` has.
    rows: Any = found
    return Paginator(rows, per_page).get_page(number_of(request, parameter))


def number_of(request: HttpRequest, parameter: str = PARAMETER) -> int:
    """The number of the page asked for; 1 for what is none."""
    typed = request.GET.get(parameter, "1")
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST
    return max(int(typed), 1) if is_number else 1
