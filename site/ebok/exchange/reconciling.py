"""After the apply phase: does the mirror hold what was delivered?

Counted and summed on both sides, and every reference looked up again; a difference is said loudly.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from ebok.exchange import kept_lines
from ebok.exchange.models import Delivery, DeliveryPart
from ebok.exchange.staging import Shape, Stage
from ebok.exchange.staging.shape import Filled, name

LOOKED_UP_AGAIN = 20_000
"""Up to so many rows every reference is looked up once more in any case."""


def reconcile(stage: Stage, shape: Shape, delivery: Delivery, part: DeliveryPart) -> list[str]:
    """Sentences about what does not agree; none when all is well."""
    if not (part.new or part.changed):
        return []
    totals = [item for item in shape.filled if item.column.total]
    theirs = _delivered(part, totals)
    ours = _mirrored(stage, shape, totals, delivery, part)
    sentences = _differences(shape, totals, theirs, ours)
    # Many new rows were joined with the lookup table moments ago; only a deletion could undo that.
    if part.new + part.changed <= LOOKED_UP_AGAIN or _deleted_meanwhile(shape, part):
        sentences += _orphans(stage, shape)
    return sentences


def _deleted_meanwhile(shape: Shape, part: DeliveryPart) -> bool:
    """Whether rows were changed by hand since the diff in a dataset this one refers to."""
    seen = part.steps["links"]
    return kept_lines.touched(list(seen)) != seen


def _differences(
    shape: Shape, totals: list[Filled], theirs: tuple[Any, ...], ours: tuple[Any, ...]
) -> list[str]:
    sentences = []
    if theirs[0] != ours[0]:
        sentences.append(
            _("%(dataset)s: %(theirs)d rows were to be taken over, %(ours)d are in the mirror.")
            % {"dataset": shape.dataset.title, "theirs": theirs[0], "ours": ours[0]}
        )
    for item, one, other in zip(totals, theirs[1:], ours[1:], strict=True):
        if _exact(item, one) != _exact(item, other):
            sentences.append(
                _("%(dataset)s, %(column)s: the delivery adds up to %(theirs)s, the mirror to %(ours)s.")
                % {
                    "dataset": shape.dataset.title,
                    "column": item.column.title,
                    "theirs": _exact(item, one),
                    "ours": _exact(item, other),
                }
            )
    return sentences


def _exact(item: Filled, total: Any) -> Decimal:
    """The sum to its last place; SQLite adds floating numbers, whose noise lies far behind it."""
    return Decimal(str(total or 0)).quantize(Decimal(1).scaleb(-item.column.places))


def _delivered(part: DeliveryPart, totals: list[Filled]) -> tuple[Any, ...]:
    """What the compared rows came to, counted when they were compared."""
    return (part.steps["to_take"], *(part.steps["taken"][item.column.name] for item in totals))


def _mirrored(
    stage: Stage, shape: Shape, totals: list[Filled], delivery: Delivery, part: DeliveryPart
) -> tuple[Any, ...]:
    sums = "".join(f", sum(t.{name(item.target)})" for item in totals)
    if part.new and part.new >= part.unchanged and not part.steps.get("adopted"):
        # Most of the table is of this batch: one pass over it beats looking up each row.
        return stage.row(f"SELECT count(*){sums} FROM {shape.table} t WHERE t.batch_id = {delivery.pk}")  # noqa: S608 (own names)
    rows = stage.table(shape, "rows")
    return stage.row(
        f"SELECT count(*){sums} FROM {rows} w JOIN {shape.table} t ON {shape.same_row('w', 't')}"  # noqa: S608 (own names)
        f" WHERE w.state IN ('n', 'c') AND t.batch_id = {delivery.pk}"
    )


def _orphans(stage: Stage, shape: Shape) -> list[str]:
    """References without a constraint in the database, looked up in the lookup table."""
    sentences = []
    rows = stage.table(shape, "rows")
    for link in shape.links:
        if getattr(link.field, "db_constraint", False):
            continue
        column = name(link.staged)
        (lost,) = stage.row(
            f"SELECT count(*) FROM (SELECT DISTINCT {column} AS id FROM {rows} WHERE state IN ('n', 'c')) w"  # noqa: S608 (own names)
            " WHERE w.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM exchange_naturalkey k WHERE k.id = w.id)"
        )
        if lost:
            sentences.append(
                _("%(dataset)s: %(count)d rows named in “%(column)s” are not in the mirror.")
                % {"dataset": shape.dataset.title, "count": lost, "column": link.columns[-1].title}
            )
    return sentences
