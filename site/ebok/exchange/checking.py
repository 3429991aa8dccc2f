"""The validate phase: the database finds the rows that are right as they stand, Python judges the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ebok.exchange.findings import FindingBook
from ebok.exchange.models import FindingKind
from ebok.exchange.sources.interface import Cells
from ebok.exchange.sql_validation import quoted, sql_accepts, sql_value
from ebok.exchange.staging import Shape, Stage
from ebok.exchange.staging.interface import raw_cells
from ebok.exchange.staging.shape import name
from ebok.exchange.validation import CellError, canonical, clean_cell, clean_row
from ebok.ports.datasets import Column

SAMPLE = 3000
"""Rows looked at to learn which texts are common."""
OFTEN = 6
MOST_COMMON = 200


@dataclass
class Checked:
    """What the phase found out about one dataset."""

    judged: int = 0
    """Rows Python looked at: repaired or rejected."""
    rejected: int = 0
    unreadable: set[str] = field(default_factory=set)
    """Control columns with a cell that is no number, so that nobody can say what they add up to."""


@dataclass(frozen=True)
class Spelled:
    """What was seen while the rows were staged: all but the `doubtful` are right as they stand, except
    that nothing is known of the columns `untold`."""

    doubtful: list[int]
    untold: tuple[str, ...] = ()


def check(stage: Stage, shape: Shape, book: FindingBook, spelled: Spelled | None = None) -> Checked:
    """Judge every row of the dataset; findings go into the book, repaired rows into the stage."""
    checked = Checked()
    with stage.writing():
        stage.execute(f"DELETE FROM {stage.table(shape, 'judged')}")  # noqa: S608 (own names)
        if spelled == Spelled([]) and not shape.dataset.rules:
            return checked
        for block in stage.stream(_doubtful(stage, shape, spelled)):
            stage.judge(shape, list(_judged(shape, block, book, checked)))
        book.flush()
    return checked


def _judged(
    shape: Shape, block: list[tuple[Any, ...]], book: FindingBook, checked: Checked
) -> Iterator[tuple[int, int, Cells]]:
    for number, broken, *texts in block:
        cells = dict(zip(shape.names, texts, strict=True))
        checked.judged += 1
        if broken is not None:
            book.add(FindingKind.REJECTED, number, reason=broken, cells=cells)
            errors, values = [("", broken)], {}
        else:
            row = clean_row(shape.dataset, cells)
            errors, values = row.errors, row.values
            for column, sentence in errors:
                book.add(FindingKind.REJECTED, number, reason=sentence, column=column, cells=cells)
        if errors:
            checked.rejected += 1
            checked.unreadable.update(total for total in shape.dataset.totals if total not in values)
        kept = _that_name_it(shape) if errors else frozenset(shape.names)
        yield (
            number,
            int(bool(errors)),
            [
                canonical(column, values[column.name])
                if column.name in kept and column.name in values
                else None
                for column in shape.columns
            ],
        )


def _that_name_it(shape: Shape) -> frozenset[str]:
    """What is kept of a rejected row: its name, what it refers to, and what is summed."""
    referring = (name for link in shape.links for name in link.reference.columns)
    return frozenset((*shape.dataset.natural_key, *referring, *shape.dataset.totals))


# The sufficient condition ------------------------------------------------------------------


def _doubtful(stage: Stage, shape: Shape, spelled: Spelled | None) -> str:
    """Rows of which the database cannot say that they are right: number, why they broke, cells."""
    raw = stage.table(shape, "raw")
    if spelled is None:
        accepted = _accepted(stage, shape, shape.columns)
    else:
        untold = [column for column in shape.columns if column.name in spelled.untold]
        accepted = _not_among(spelled.doubtful)
        accepted += f" AND {_accepted(stage, shape, untold)}" if untold else ""
    rules = shape.dataset.rules
    if not rules:
        cells = raw_cells(shape, "r")
        return f"SELECT r.no, r.broken, {cells} FROM {raw} r WHERE r.broken IS NOT NULL OR NOT ({accepted})"  # noqa: S608 (own names)
    judged = f"SELECT r.*, (r.broken IS NULL AND {accepted}) AS is_right FROM {raw} r"  # noqa: S608 (own names)
    texts = ", ".join(f"s.{name(column)} AS {name(f't_{column}')}" for column in shape.names)
    typed = ", ".join(
        f"CASE WHEN s.is_right THEN {_value(stage, column)} END AS {name(column.name)}"
        for column in _ruled(shape)
    )
    inner = f"SELECT s.no, s.broken, s.is_right, {texts}, {typed} FROM {stage.fenced(judged)} s"  # noqa: S608 (own names)
    outer = ", ".join(f"q.{name(f't_{column}')}" for column in shape.names)
    holds = " AND ".join(f"COALESCE(({rule.sql or '1 = 0'}), 1 = 0)" for rule in rules)
    return f"SELECT q.no, q.broken, {outer} FROM ({inner}) q WHERE NOT (q.is_right AND {holds})"  # noqa: S608 (own names)


def _not_among(numbers: list[int]) -> str:
    return f"r.no NOT IN ({', '.join(map(str, numbers))})" if numbers else "1 = 1"


def _accepted(stage: Stage, shape: Shape, columns: Sequence[Column]) -> str:
    sample = stage.sample(shape, SAMPLE)
    often = _common(shape, columns, sample) if sample else {}
    conditions = []
    for column in columns:
        cell = f"r.{name(column.name)}"
        condition = sql_accepts(column, cell, stage.vendor) or f"{cell} IS NULL"
        if known := often.get(column.name):
            condition = (
                f"CASE WHEN {cell} IN ({', '.join(map(quoted, known))}) THEN 1 = 1 ELSE {condition} END"
            )
        conditions.append(f"({condition})")
    return " AND ".join(conditions)


def _ruled(shape: Shape) -> list[Column]:
    used = {column for rule in shape.dataset.rules for column in rule.columns}
    return [column for column in shape.columns if column.name in used]


def _value(stage: Stage, column: Column) -> str:
    return sql_value(column, f"s.{name(column.name)}", stage.vendor)


def _common(shape: Shape, columns: Sequence[Column], rows: list[tuple[Any, ...]]) -> dict[str, list[str]]:
    """Texts a sample finds often, by column, of which Python said that they are right as they stand.

    Dates, kinds and registers repeat; a list of known texts is tested many times quicker than a pattern.
    """
    often: dict[str, list[str]] = {}
    for column, texts in zip(shape.columns, zip(*rows, strict=True), strict=True):
        if column not in columns:
            continue
        counted = Counter(text for text in texts if text)
        common = [text for text, times in counted.most_common(MOST_COMMON) if times >= OFTEN]
        often[column.name] = [text for text in common if _is_canonical(column, text)]
    return often


def _is_canonical(column: Column, text: str) -> bool:
    try:
        return canonical(column, clean_cell(column, text)) == text
    except CellError:
        return False
