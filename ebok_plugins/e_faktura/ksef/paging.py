"""Long documents in pages: an invoice may have ten thousand lines and a thousand blocks of readings."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page
from django.http import HttpRequest

from ebok.zones.paging import page_of
from ebok_plugins.e_faktura.ksef.view import DrawnRow, Grid, Row, Section, View

LINES_PER_PAGE = 100
BLOCKS_PER_PAGE = 10
LINES, BLOCKS = "pozycje", "czesc"


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
        lines=page_of(request, rows, LINES_PER_PAGE, LINES) if rows else None,
        grid=view.lines,
        blocks=page_of(request, view.attachment, BLOCKS_PER_PAGE, BLOCKS),
    )
