"""What a view is made of. Texts are ready to be shown; nothing here knows HTML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """A value in words. `url` makes it a link; `is_number` sets it to the right in tables."""

    text: str
    is_number: bool = False
    url: str = ""


NOTHING = Cell("")
FEW_COLUMNS = 2


@dataclass(frozen=True)
class Fact:
    """A value with the name of its field."""

    label: str
    cell: Cell


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    label: str
    is_number: bool = False


@dataclass(frozen=True)
class Row:
    """A row. `mark` is "before" for what a correction replaces, "heading" for a single cell over all
    columns, "sum" for the last row of an issuer's table.
    """

    cells: tuple[Cell, ...]
    mark: str = ""


@dataclass(frozen=True)
class DrawnRow:
    """A row whose cells know their columns."""

    mark: str
    cells: list[tuple[Column, Cell]]


@dataclass(frozen=True)
class Grid:
    """A table."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    about: tuple[Fact, ...] = ()
    key: str = ""

    @property
    def drawn(self) -> list[DrawnRow]:
        """The rows with their columns, for a page."""
        return self.drawn_of(self.rows)

    def drawn_of(self, rows: Iterable[Row]) -> list[DrawnRow]:
        """The same of some of the rows; cells beyond the columns have a column without a name."""
        drawn = []
        for row in rows:
            columns = (*self.columns, *[Column("")] * (len(row.cells) - len(self.columns)))
            drawn.append(DrawnRow(row.mark, list(zip(columns, row.cells, strict=False))))
        return drawn

    @property
    def is_wide(self) -> bool:
        """Whether it may need more room than a page has."""
        return len(self.columns) > FEW_COLUMNS

    @property
    def width(self) -> int:
        """How many columns a heading inside the table spans."""
        return len(self.columns)


@dataclass(frozen=True)
class Section:
    """Facts, paragraphs, tables and smaller sections under one heading.

    `absent` names what the invoice says is not the case.
    """

    key: str
    title: str
    facts: tuple[Fact, ...] = ()
    grids: tuple[Grid, ...] = ()
    sections: tuple[Section, ...] = ()
    paragraphs: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def is_one_grid(self) -> bool:
        """Whether a table with a caption of its own is all there is."""
        return bool(self.grids) and not (self.facts or self.sections or self.paragraphs or self.absent)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing under the heading."""
        return not (self.facts or self.grids or self.sections or self.paragraphs or self.absent)


@dataclass(frozen=True)
class View:
    """The whole invoice. Lines are apart, because there may be ten thousand of them."""

    parties: tuple[Section, ...]
    sections: tuple[Section, ...]
    lines: Grid | None
    sums: Grid
    attachment: tuple[Section, ...]
    technical: Section
