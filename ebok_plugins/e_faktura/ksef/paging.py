"""Long documents in pages: an invoice may have ten thousand lines and a thousand blocks of readings."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from ebok_plugins.e_faktura.ksef.view import DrawnRow, Grid, Row, Section, View

LINES_PER_PAGE = 100
BLOCKS_PER_PAGE = 10
LINES, BLOCKS = "pozycje", "czesc"
LONGEST = 6


@dataclass(frozen=True)
class Pages:
    """The lines and the blocks of the attachment that are shown now."""

    lines: Page[Row] | None
    grid: Grid | None
    blocks: Page[Section]

    @property
    def rows(self) -> list[DrawnRow]:
        """The lines shown now."""
        return self.grid.drawn_of(self.lines.object_list) if self.grid and self.lines else []


def pages_of(request: HttpRequest, view: View | None) -> Pages | None:
    """The pages asked for; one that is none gives the nearest."""
    if view is None:
        return None
    rows = view.lines.rows if view.lines is not None else ()
    return Pages(
        lines=Paginator(rows, LINES_PER_PAGE).get_page(_number(request, LINES)) if rows else None,
        grid=view.lines,
        blocks=Paginator(view.attachment, BLOCKS_PER_PAGE).get_page(_number(request, BLOCKS)),
    )


def _number(request: HttpRequest, name: str) -> int:
    typed = request.GET.get(name, "1")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST else 1
