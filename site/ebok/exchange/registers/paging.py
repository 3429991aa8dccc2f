"""Pages of a list by key: as quick at the millionth row as at the first, and never counted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Q, QuerySet

PAGE = 50
PIECE = 1_000
"""Rows an export reads at once."""
LONGEST_PLACE = 2_000
LARGEST = 2**63 - 1


class NoSuchPlace(ValueError):
    """The text names no place in the list."""


@dataclass(frozen=True)
class Order:
    """The order of a list: fields of the model, "-" before a falling one; together they tell rows apart."""

    names: tuple[str, ...]

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """Attribute names with whether they fall."""
        return [(name.removeprefix("-"), name.startswith("-")) for name in self.names]

    def turned(self) -> Order:
        """The same order from the other end."""
        return Order(tuple(name.removeprefix("-") if falls else f"-{name}" for name, falls in self.parts))

    def place_of(self, row: models.Model) -> str:
        """The row's place, to be carried in an address."""
        return json.dumps([_plain(getattr(row, name)) for name, _falls in self.parts], ensure_ascii=False)

    def parse(self, model: type[models.Model], text: str) -> list[Any]:
        """The values of a place. Raises `NoSuchPlace`, whatever the text."""
        if len(text) > LONGEST_PLACE:
            raise NoSuchPlace
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            raise NoSuchPlace from None
        if not isinstance(values, list) or len(values) != len(self.names):
            raise NoSuchPlace
        fields = {each.attname: each for each in model._meta.concrete_fields}
        return [_value(fields[name], value) for (name, _falls), value in zip(self.parts, values, strict=True)]

    def after(self, values: Sequence[Any]) -> Q:
        """The rows that come after that place.

        Nested, so that the first field alone bounds the search and an index can begin there.
        """
        condition = Q()
        for (name, falls), value in reversed(list(zip(self.parts, values, strict=True))):
            beyond = Q(**{f"{name}__{'lt' if falls else 'gt'}": value})
            if not condition:
                condition = beyond
            else:
                condition = Q(**{f"{name}__{'lte' if falls else 'gte'}": value}) & (beyond | condition)
        return condition


@dataclass(frozen=True)
class Page:
    """One page; `before` and `after` are places from which the neighbours begin, "" where there is none."""

    rows: list[Any] = field(default_factory=list)
    before: str = ""
    after: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the page holds the whole list."""
        return not (self.before or self.after)


def page(found: QuerySet[Any], order: Order, *, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """The first page, or what lies on one side of a place; one query. Raises `NoSuchPlace`."""
    way = order.turned() if before else order
    place = before or after
    if place:
        found = found.filter(way.after(way.parse(found.model, place)))
    rows = list(found.order_by(*way.names)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if before:
        rows.reverse()
    has_before = more if before else bool(place and rows)
    has_after = bool(rows) if before else more
    return Page(
        rows,
        order.place_of(rows[0]) if has_before else "",
        order.place_of(rows[-1]) if has_after else "",
    )


def every(found: QuerySet[Any], order: Order) -> Iterator[Any]:
    """All rows in order, read in pieces."""
    place = ""
    while True:
        piece = page(found, order, after=place, size=PIECE)
        yield from piece.rows
        place = piece.after
        if not place:
            return


def about(model: type[models.Model]) -> int | None:
    """Roughly how many rows the table has, from what PostgreSQL knows of it; None where nobody knows.

    One query that reads no row of the table. Partitions are added up.
    """
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(c.reltuples)::bigint FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid"
            " WHERE (c.oid = to_regclass(%s) OR i.inhparent = to_regclass(%s))"
            " AND c.relkind <> 'p' AND c.reltuples >= 0",
            [model._meta.db_table] * 2,
        )
        estimate = cursor.fetchone()[0]
    return int(estimate) if estimate else None


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int) else str(value)


def _value(of: models.Field[Any, Any], value: Any) -> Any:
    """A value of that field, or `NoSuchPlace` for anything the database could choke on."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise NoSuchPlace
    if isinstance(value, str) and ("\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value)):
        raise NoSuchPlace
    try:
        made = of.target_field.to_python(value) if isinstance(of, models.ForeignKey) else of.to_python(value)
    except (ValidationError, ValueError, TypeError, OverflowError):
        raise NoSuchPlace from None
    if made is None or (isinstance(made, int) and not -LARGEST <= made <= LARGEST):
        raise NoSuchPlace
    return made
