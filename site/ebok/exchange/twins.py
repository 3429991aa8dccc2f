"""New rows that were probably entered here by hand before, under a name of our own (`ports.Twin`).

A payment the operator typed in on Monday comes on Wednesday from the billing system under its own number.
Counted twice it would be wrong without anybody noticing, so it waits as a conflict until a person says
whether the two are one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import models

from ebok.exchange.mirror import Source
from ebok.exchange.models import ExchangeSettings
from ebok.exchange.staging import Shape, Stage
from ebok.exchange.staging.shape import Filled, name
from ebok.ports.datasets import Twin, Value

STATE = "kt"
"""State of a compared row that has a twin."""
_MOST = 100
"""Candidates looked at for one row."""


def mark(stage: Stage, shape: Shape) -> None:
    """Hold new rows that have a twin; costs next to nothing where nobody entered anything by hand."""
    twin = shape.dataset.twin
    if twin is None:
        return
    table, rows = shape.table, stage.table(shape, "rows")
    entered = f"t.source = {int(Source.ENTERED)}"
    (any_entered,) = stage.row(f"SELECT EXISTS (SELECT 1 FROM {table} t WHERE {entered})")  # noqa: S608 (own names)
    if not any_entered:
        return
    same = " AND ".join(
        [entered, f"t.customer_id = w.{shape.owner_column}", *_conditions(stage, shape, twin)]
    )
    stage.execute(
        f"UPDATE {rows} AS w SET state = '{STATE}' WHERE state = 'n'"  # noqa: S608 (own names)
        f" AND EXISTS (SELECT 1 FROM {table} t WHERE {same})"
    )


def find(shape: Shape, values: Mapping[str, Value], customer_id: int) -> models.Model | None:
    """The entered row that is the twin of a delivered one: of several the nearest in time."""
    twin = shape.dataset.twin
    if twin is None:
        return None
    columns = _columns(shape)
    near, day = columns[twin.near].field.attname, values[twin.near]
    if not isinstance(day, date):
        return None
    days = timedelta(days=_days())
    wanted: dict[str, Any] = {columns[column].field.attname: values[column] for column in twin.same}
    wanted |= {
        "customer_id": customer_id,
        "source": Source.ENTERED,
        f"{near}__range": (day - days, day + days),
    }
    found = shape.model._default_manager.filter(**wanted)
    for attname, value in twin.standing.items():
        name_, wanted_value = (f"{attname}__isnull", True) if value is None else (attname, value)
        found = found.filter(**{name_: wanted_value})
    for column in twin.same_or_empty:
        if values[column]:
            found = found.filter(**{f"{columns[column].field.attname}__in": (values[column], "")})
    return min(
        found.order_by("pk")[:_MOST],
        key=lambda row: (abs(getattr(row, near) - day), row.pk),
        default=None,
    )


def _columns(shape: Shape) -> dict[str, Filled]:
    return {item.column.name: item for item in shape.filled}


def _days() -> int:
    return int(ExchangeSettings.load().twin_days)


def _conditions(stage: Stage, shape: Shape, twin: Twin) -> list[str]:
    columns = _columns(shape)

    def pair(column: str) -> tuple[str, str]:
        return f"w.{name(columns[column].staged)}", f"t.{name(columns[column].target)}"

    found = [f"NOT ({stage.differs(*pair(column))})" for column in twin.same]
    for column in twin.same_or_empty:
        theirs, ours = pair(column)
        found.append(f"({theirs} IS NULL OR {theirs} = '' OR {ours} = '' OR {theirs} = {ours})")
    theirs, ours = pair(twin.near)
    apart = (
        f"{theirs} - {ours}" if stage.vendor == "postgresql" else f"julianday({theirs}) - julianday({ours})"
    )
    found.append(f"abs({apart}) <= {_days()}")
    for attname, value in twin.standing.items():
        column = f"t.{name(str(shape.fields[attname].column))}"
        found.append(f"{column} IS NULL" if value is None else f"{column} = {int(bool(value))}")
    return found
