"""The apply phase: new and changed rows go into the mirror.

PostgreSQL takes everything over in one transaction. SQLite allows one writer, so there it goes in short
steps, each recorded in the transaction in which it was done; a restart continues after the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from ebok.exchange.comparing import KEYS, lookups
from ebok.exchange.models import Delivery, DeliveryPart
from ebok.exchange.sql_validation import literal, quoted
from ebok.exchange.staging import Shape, Stage
from ebok.exchange.staging.shape import name

STEP_ROWS = 10_000
"""Rows of one step on SQLite: a fraction of a second, while others wait up to twenty."""

APPLIED = "applied"
"""Key in `DeliveryPart.steps`: the last staged row that is in the mirror."""

Watch = Callable[[Shape, int, int], None]
"""Told now and then: dataset, rows done, of how many."""


@dataclass(frozen=True)
class Share:
    """The part of the compared rows that one step takes over: all, or a range of SQLite's row ids."""

    after: int = 0
    until: int | None = None

    def condition(self, states: Sequence[str]) -> str:
        """A condition on the staged row `w`."""
        wanted = f"w.state IN ({', '.join(map(quoted, states))})"
        return (
            wanted
            if self.until is None
            else f"{wanted} AND w.rowid > {self.after} AND w.rowid <= {self.until}"
        )


class Applier:
    """Writes the statements that take rows of one dataset over."""

    def __init__(self, stage: Stage, shape: Shape, part: DeliveryPart) -> None:
        self.stage = stage
        self.shape = shape
        self.part = part
        self.batch_id = part.delivery_id
        self.rows = stage.table(shape, "rows")

    def take_over(self, share: Share) -> tuple[int, int]:
        """Take the share over; returns how many rows are new and how many were changed."""
        if self.shape.keyed:
            self._insert_keys(share)
        new = self._insert(share)
        changed = 0
        if self.part.changed:
            self._drop_old_lookups(share)
            changed = self._update(share)
        if self.part.steps["adopted"]:
            self._adopt(share)
        self._insert_lookups(share)
        return new, changed

    def _insert_keys(self, share: Share) -> None:
        self.stage.execute(
            f"INSERT INTO {KEYS} (id, dataset, key, customer_id)"  # noqa: S608 (own names)
            f" SELECT w.id, {quoted(self.shape.key)}, w.nk, {self._owner()} FROM {self.rows} w"
            f" WHERE {share.condition(['n'])} AND w.fresh"
        )

    def _owner(self) -> str:
        owner = self.shape.owner_column
        return "NULL" if owner == "NULL" else f"w.{owner}"

    def _insert(self, share: Share) -> int:
        pairs = [(column, f"w.{name(staged)}") for column, staged in self.shape.written()]
        pairs += [
            (column, literal(value, self.stage.vendor)) for column, value in self.shape.left_to_defaults()
        ]
        pairs += [("source", "1"), ("batch_id", str(self.batch_id))]
        columns = ", ".join(name(column) for column, _value in pairs)
        values = ", ".join(value for _column, value in pairs)
        return self.stage.execute(
            f"INSERT INTO {self.shape.table} ({columns}) SELECT {values} FROM {self.rows} w"  # noqa: S608 (own names)
            f" WHERE {share.condition(['n'])}"
        )

    def _update(self, share: Share) -> int:
        values = [f"{name(item.target)} = w.{name(item.staged)}" for item in self.shape.values()]
        return self._set(values, share.condition(["c"]), f"NOT {self.shape.by_hand('t')}")

    def _adopt(self, share: Share) -> int:
        return self._set([], share.condition(["a"]), self.shape.by_hand("t"))

    def _set(self, values: list[str], condition: str, still: str) -> int:
        values = [*values, "source = 1", f"batch_id = {self.batch_id}"]
        if self.shape.has("changed_at"):
            values.append(f"changed_at = {_NOW[self.stage.vendor]}")
        if self.shape.has("corrected_at"):
            values.append("corrected_at = NULL")
        return self.stage.execute(
            f"UPDATE {self.shape.table} AS t SET {', '.join(values)} FROM {self.rows} w"  # noqa: S608 (own names)
            f" WHERE {condition} AND {self.shape.same_row('w', 't')} AND {still}"
        )

    def _drop_old_lookups(self, share: Share) -> None:
        for item, dataset in lookups(self.shape):
            old, new = f"t.{name(item.target)}", f"w.{name(item.staged)}"
            same_row = self.shape.same_row("w", "t")
            self.stage.execute(
                f"DELETE FROM {KEYS} WHERE dataset = {quoted(dataset)} AND key IN ("  # noqa: S608 (own names)
                f"SELECT {old} FROM {self.rows} w JOIN {self.shape.table} t ON {same_row}"
                f" WHERE {share.condition(['c'])} AND {self.stage.differs(old, new)}"
                f" AND NOT {self.shape.by_hand('t')})"
            )

    def _insert_lookups(self, share: Share) -> None:
        for item, dataset in lookups(self.shape):
            value = f"w.{name(item.staged)}"
            self.stage.execute(
                f"INSERT INTO {KEYS} (dataset, key, customer_id, target_id)"  # noqa: S608 (own names)
                f" SELECT {quoted(dataset)}, {value}, {self._owner()}, w.id FROM {self.rows} w"
                f" WHERE {share.condition(['n', 'c'])} AND {value} <> ''"
                f" AND NOT EXISTS (SELECT 1 FROM {KEYS} l"
                f" WHERE l.dataset = {quoted(dataset)} AND l.key = {value})"
            )


_NOW = {"postgresql": "now()", "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')"}


# All datasets ------------------------------------------------------------------------------


def prepare(pairs: Sequence[tuple[Shape, DeliveryPart]]) -> None:
    """Let the datasets make room for their new rows; outside the transaction, because others wait for it."""
    for shape, part in pairs:
        if shape.dataset.before_apply is not None:
            ends = part.steps["days"].items()
            shape.dataset.before_apply(
                {
                    column: (date.fromisoformat(first), date.fromisoformat(last))
                    for column, (first, last) in ends
                }
            )


def apply_at_once(stage: Stage, shapes: Sequence[Shape], delivery: Delivery, watch: Watch) -> None:
    """Take everything over in the transaction of the caller."""
    parts = {part.dataset: part for part in delivery.parts.all()}
    for shape in shapes:
        part = parts[shape.key]
        expected = part.changed
        if part.new or part.changed or part.steps.get("adopted"):
            part.new, part.changed = Applier(stage, shape, part).take_over(Share())
            _count_missed(part, expected)
            part.save()
        watch(shape, part.rows, part.rows)


def apply_in_steps(stage: Stage, shapes: Sequence[Shape], delivery: Delivery, watch: Watch) -> None:
    """Take everything over in short transactions, continuing after the last recorded one.

    The joins have proven the references and rows may name later ones, so SQLite need not check them.
    """
    parts = {part.dataset: part for part in delivery.parts.all()}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
    try:
        for shape in shapes:
            part = parts[shape.key]
            if part.new or part.changed or part.steps.get("adopted"):
                _apply_part(stage, shape, part, watch)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = ON")


def _apply_part(stage: Stage, shape: Shape, part: DeliveryPart, watch: Watch) -> None:
    applier = Applier(stage, shape, part)
    (last,) = stage.row(f"SELECT COALESCE(max(rowid), 0) FROM {applier.rows}")  # noqa: S608 (own names)
    part.steps.setdefault(APPLIED, 0)
    part.steps.setdefault("did", 0)
    while part.steps[APPLIED] < last:
        after = part.steps[APPLIED]
        until = min(after + STEP_ROWS, last)
        with transaction.atomic():
            _new, changed = applier.take_over(Share(after, until))
            part.steps = {**part.steps, APPLIED: until, "did": part.steps["did"] + changed}
            part.save(update_fields=["steps"])
        watch(shape, until, last)
    expected, part.changed = part.changed, part.steps["did"]
    if expected != part.changed:
        _count_missed(part, expected)
        part.save()


def _count_missed(part: DeliveryPart, expected: int) -> None:
    """Rows somebody corrected between diff and apply stay as corrected; the next delivery names them."""
    part.conflicts += expected - part.changed
