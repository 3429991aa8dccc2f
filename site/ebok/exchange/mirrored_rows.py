"""Rows of the mirror, told as the neutral file would tell them: for reports, never for judging."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models

from ebok.exchange.models import NaturalKey
from ebok.exchange.natural_keys import joined
from ebok.exchange.staging import Shape
from ebok.exchange.validation import canonical
from ebok.ports.datasets import KEY_SEPARATOR

Cells = dict[str, str]
_BATCH = 500


def told(shape: Shape, keys: Sequence[tuple[Any, ...]]) -> dict[tuple[Any, ...], Cells]:
    """Cells by column for rows with these primary keys (tuples); rows that are gone are left out."""
    found: dict[tuple[Any, ...], Cells] = {}
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        wanted = [key[0] for key in batch] if len(shape.primary) == 1 else list(batch)
        rows = list(shape.model._default_manager.filter(pk__in=wanted))
        names = _names(shape, rows)
        for row in rows:
            key = row.pk if isinstance(row.pk, tuple) else (row.pk,)
            found[key] = _cells(shape, row, names)
    return found


def natural_key(shape: Shape, cells: Mapping[str, str]) -> str:
    """The natural key of a told row."""
    return joined([cells.get(column, "") for column in shape.dataset.natural_key])


def _names(shape: Shape, rows: Iterable[models.Model]) -> dict[int, str]:
    """Natural keys of everything the rows refer to."""
    fields = [link.reference.field for link in shape.links]
    ids = {getattr(row, field) for row in rows for field in fields} - {None}
    return dict(NaturalKey.objects.filter(pk__in=ids).values_list("pk", "key"))


def _cells(shape: Shape, row: models.Model, names: Mapping[int, str]) -> Cells:
    cells = {
        item.column.name: canonical(item.column, getattr(row, item.field.attname)) for item in shape.filled
    }
    for link in shape.links:
        key = names.get(getattr(row, link.reference.field) or 0, "")
        parts = key.split(KEY_SEPARATOR) if key else [""] * len(link.columns)
        cells.update(
            {
                column.name: part
                for column, part in zip(link.columns, parts, strict=False)
                if column.name not in cells
            }
        )
    return cells
