"""What a view is made of. Texts are ready to be shown; nothing here knows HTML."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """A value in words. `url` makes it a link; `is_number` sets it to the right in tables."""

    text: str
    is_number: bool = False
    url: str = ""


NOTHING = Cell("")


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
class Grid:
    """A table."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    about: tuple[Fact, ...] = ()
    key: str = ""


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
