"""The inspect view of a register: sections with facts and short tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ebok.exchange.mirror import Provenance, Source
from ebok.exchange.registers.columns import Cell, Look, Shown, cells, of_fields, said
from ebok.plugins.permissions import allowed

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text


@dataclass(frozen=True)
class Fact:
    """A name with its value."""

    title: Text
    cell: Cell


@dataclass(frozen=True)
class Link:
    """An address with its words; `strong` is the one thing most people come for."""

    url: str
    words: Text
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A short table; `marks` are class names of the rows."""

    caption: Text
    columns: Sequence[Shown]
    rows: Sequence[list[Cell]]
    marks: Sequence[str] = ()

    @property
    def drawn(self) -> list[tuple[str, list[Cell]]]:
        """Rows with their marks."""
        return list(zip(self.marks or [""] * len(self.rows), self.rows, strict=True))


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of an inspect view. `empty` is said where there is nothing; `note` always."""

    key: str
    title: Text
    facts: Sequence[Fact] = ()
    tables: Sequence[Table] = ()
    note: Text = ""
    empty: Text = ""
    links: Sequence[Link] = field(default_factory=tuple)


def facts(row: Any, columns: Iterable[Shown]) -> list[Fact]:
    """The row's columns as facts."""
    columns = list(columns)
    return [Fact(column.title, cell) for column, cell in zip(columns, cells(row, columns), strict=True)]


def facts_of(row: models.Model, names: Sequence[str]) -> list[Fact]:
    """These fields of the row as facts."""
    return facts(row, of_fields(type(row), names))


def fact(title: Text, value: Any, look: Look = Look.TEXT, url: str = "") -> Fact:
    """One fact."""
    return Fact(title, Cell(said(value, look), str(look), url))


def table(caption: Text, columns: Sequence[Shown], rows: Iterable[Any], marks: Sequence[str] = ()) -> Table:
    """The rows as a table."""
    return Table(caption=caption, columns=columns, rows=[cells(row, columns) for row in rows], marks=marks)


def provenance(row: Provenance, request: HttpRequest) -> list[Link]:
    """Where the row came from and who touched it since, in words; "" as address where there is none."""
    told = []
    if row.batch_id is not None:
        seen = allowed(request.user, "exchange.view")
        url = reverse("ebok_exchange_delivery", args=[row.batch_id]) if seen else ""
        told.append(Link(url, _("from delivery no. %(number)d") % {"number": row.batch_id}))
    elif row.source == Source.ENTERED:
        told.append(Link("", _("entered by the operator")))
    else:
        told.append(Link("", _("imported")))
    corrected, approved = getattr(row, "corrected_at", None), getattr(row, "approved_at", None)
    if corrected and not (row.source == Source.ENTERED and row.batch_id is None):
        told.append(Link("", _("corrected by hand %(moment)s") % {"moment": said(corrected)}))
    elif corrected:
        told.append(Link("", _("last changed by hand %(moment)s") % {"moment": said(corrected)}))
    if approved:
        told.append(Link("", _("approved %(moment)s") % {"moment": said(approved)}))
    elif row.source == Source.ENTERED:
        told.append(Link("", _("waits for approval")))
    return told
