"""Says in sentences why a compared row is not taken over, and which rows of the mirror vanished."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from ebok.exchange import natural_keys, settled, twins
from ebok.exchange.comparing import lookups
from ebok.exchange.findings import KEPT_FINDINGS, FindingBook
from ebok.exchange.mirrored_rows import Cells, natural_key, told
from ebok.exchange.models import Decision, DeliveryPart, Finding, FindingKind, Outcome
from ebok.exchange.natural_keys import joined
from ebok.exchange.staging import MEMBER_STEP, Shape, Stage
from ebok.exchange.staging.interface import FETCHED, raw_cells
from ebok.exchange.staging.shape import name
from ebok.exchange.validation import CellError, canonical, clean_cell, clean_row
from ebok.ports.datasets import Column, Dataset

_SILENT = "('n', 'c', 'a', 'u', 'd', 'x')"
"""States that need no sentence here; what was rejected before has its own."""


def explain(stage: Stage, shape: Shape, book: FindingBook, titles: Mapping[str, str]) -> int:
    """Write a finding for each orphan, conflict and contradiction. `titles` names the datasets.

    Returns the number of conflicts about which nothing is said, because a person left them as they are.
    """
    with stage.writing():
        silent = _explain(stage, shape, book, titles)
    book.flush()
    return silent


def _explain(stage: Stage, shape: Shape, book: FindingBook, titles: Mapping[str, str]) -> int:
    repeated, known, silent = _repeated(stage, shape), settled.of_dataset(shape.dataset), 0
    for block in _spoken_rows(stage, shape):
        ours = told(
            shape, [key for _number, state, key, _cells in block if state[0] == "k" and None not in key]
        )
        for number, state, key, cells in block:
            own_name = _key_of(shape.dataset, cells)
            if (
                state[0] == "k"
                and own_name in known
                and known[own_name] == settled.digest(shape.dataset, cells)
            ):
                silent += 1
                continue
            told_here = _twin_of(shape, cells) if state == twins.STATE else ours.get(key, {})
            speaker = _Speaker(shape, state, cells, told_here, titles)
            if state == "y":
                others = repeated.get(key if not shape.keyed else (_key_of(shape.dataset, cells),), [])
                column, sentence = shape.dataset.natural_key[0], _contradiction(others)
            else:
                column, sentence = speaker.sentence()
            book.add(
                FindingKind.CONFLICT if state[0] == "k" else FindingKind.REJECTED,
                number,
                reason=sentence,
                column=column,
                key=own_name,
                cells=cells,
                ours=speaker.ours if state[0] == "k" else None,
                twin=state == twins.STATE,
            )
    return silent


def _twin_of(shape: Shape, cells: Mapping[str, str | None]) -> Cells:
    """The entered row that a delivered one is held against."""
    link = shape.owner_link
    owner = natural_keys.find("customers", cells.get(link.columns[0].name) or "") if link else None
    row = twins.find(shape, clean_row(shape.dataset, cells).values, owner.object_id) if owner else None
    return told(shape, [(row.pk,)]).get((row.pk,), {}) if row is not None else {}


def _spoken_rows(
    stage: Stage, shape: Shape
) -> Iterator[list[tuple[int, str, tuple[Any, ...], dict[str, str | None]]]]:
    primary = shape.staged_primary()
    keys = ", ".join(f"w.{name(column)}" for column in primary)
    rows, raw = stage.table(shape, "rows"), stage.table(shape, "raw")
    width = len(primary)
    for block in stage.stream(
        f"SELECT w.no, w.state, {keys}, {raw_cells(shape, 'r')} FROM {rows} w JOIN {raw} r ON r.no = w.no"  # noqa: S608 (own names)
        f" WHERE w.state NOT IN {_SILENT} ORDER BY w.no LIMIT {KEPT_FINDINGS}"
    ):
        yield [
            (
                row[0],
                row[1],
                _as_key(shape, row[2 : 2 + width]),
                dict(zip(shape.names, row[2 + width :], strict=True)),
            )
            for row in block
        ]


def _as_key(shape: Shape, values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values as Django has them in a primary key; SQLite hands out dates as text."""
    return tuple(
        field.to_python(value) for field, value in zip(shape.model._meta.pk_fields, values, strict=True)
    )


def _key_of(dataset: Dataset, cells: Mapping[str, str | None]) -> str:
    """The row's natural key, spelled as the lookup table spells it as far as its cells can be read."""
    return joined([_spelled(dataset.column(column), cells.get(column)) for column in dataset.natural_key])


def _spelled(column: Column, cell: str | None) -> str:
    try:
        return canonical(column, clean_cell(column, cell))
    except CellError:
        return cell or ""


def _repeated(stage: Stage, shape: Shape) -> dict[tuple[Any, ...], list[int]]:
    """Row numbers by key of rows that contradict each other."""
    columns = ["nk"] if shape.keyed else list(shape.staged_primary())
    found: dict[tuple[Any, ...], list[int]] = {}
    for number, *key in stage.all(
        f"SELECT no, {', '.join(map(name, columns))} FROM {stage.table(shape, 'rows')}"  # noqa: S608 (own names)
        f" WHERE state = 'y' ORDER BY no LIMIT {KEPT_FINDINGS}"
    ):
        values = tuple(key) if shape.keyed else _as_key(shape, tuple(key))
        found.setdefault(values, []).append(number % MEMBER_STEP)
    return found


def _contradiction(numbers: list[int]) -> str:
    named = ", ".join(map(str, numbers[:10]))
    return _("Rows %(rows)s are about the same thing but say different things; leave only the right one.") % {
        "rows": named
    }


class _Speaker:
    """Finds the words for one row."""

    def __init__(
        self,
        shape: Shape,
        state: str,
        cells: Mapping[str, str | None],
        ours: Cells,
        titles: Mapping[str, str],
    ) -> None:
        self.shape = shape
        self.state = state
        self.cells = cells
        self.ours = ours
        self.titles = titles

    def sentence(self) -> tuple[str, str]:
        """The column to look at and the sentence."""
        if self.state[0] == "o":
            return self._orphan(int(self.state[1:]))
        if self.state == "e":
            return self.shape.dataset.natural_key[0], _("The row lacks a part of its name.")
        if self.state == "ko":
            key = _key_of(self.shape.dataset, self.cells)
            return self._owner_column(), _("“%(key)s” belongs to another customer here.") % {"key": key}
        numbered = {"kr": self._foreign, "kl": self._taken}
        if self.state[:2] in numbered:
            return numbered[self.state[:2]](int(self.state[2:]))
        return self._twin() if self.state == twins.STATE else self._changed()

    def _owner_column(self) -> str:
        link = self.shape.owner_link
        return link.columns[0].name if link else ""

    def _named(self, number: int) -> tuple[str, dict[str, str]]:
        link = self.shape.links[number]
        key = " ".join(self.cells.get(column.name) or "" for column in link.columns).strip()
        title = self.titles.get(link.reference.dataset, link.reference.dataset)
        return link.columns[-1].name, {"key": key, "dataset": title}

    def _orphan(self, number: int) -> tuple[str, str]:
        column, words = self._named(number)
        if not words["key"]:
            return column, _("The cell is empty, but it must name a row of “%(dataset)s”.") % words
        return column, _("“%(key)s” is not known among “%(dataset)s”, or its own row was rejected.") % words

    def _foreign(self, number: int) -> tuple[str, str]:
        column, words = self._named(number)
        return column, _("“%(key)s” of “%(dataset)s” belongs to another customer.") % words

    def _taken(self, number: int) -> tuple[str, str]:
        item, _dataset = lookups(self.shape)[number]
        column = item.column
        words = {"text": self.cells.get(column.name) or "", "column": column.title}
        return column.name, _("“%(text)s” (%(column)s) already belongs to another row.") % words

    def _twin(self) -> tuple[str, str]:
        key = natural_key(self.shape, self.ours)
        return self.shape.dataset.natural_key[-1], _(
            "Probably the same as “%(key)s”, which was entered here by hand: customer and amount agree, and"
            " the days are near. It is not taken over until somebody decides."
        ) % {"key": key}

    def _changed(self) -> tuple[str, str]:
        differing = self._differing()
        if self.state == "kf":
            fixed = [
                name_ for name_ in differing if not self.shape.dataset.column(name_).may_change
            ] or differing
            named = self._titles_of(fixed)
            return next(iter(fixed), ""), _("What may never change is different: %(columns)s.") % {
                "columns": named
            }
        return next(iter(differing), ""), _(
            "Somebody entered or corrected this row by hand; the billing system says otherwise: %(columns)s."
        ) % {"columns": self._titles_of(differing)}

    def _titles_of(self, columns: list[str]) -> str:
        return ", ".join(str(self.shape.dataset.column(column).title) for column in columns)

    def _differing(self) -> list[str]:
        values = clean_row(self.shape.dataset, self.cells).values
        theirs = {column.name: canonical(column, values.get(column.name)) for column in self.shape.columns}
        return [
            column for column, text in theirs.items() if column in self.ours and self.ours[column] != text
        ]


# Vanished ------------------------------------------------------------------------------------


def vanish(stage: Stage, shape: Shape, book: FindingBook, *, only_gone: bool) -> int:
    """Note rows of the mirror that a complete delivery lacks; returns how many there are.

    `only_gone`: all lines the delivery shares with the one before were left out, so that only lines which
    are gone since can have vanished.
    """
    lacking = _gone(stage, shape) if only_gone else _lacking(stage, shape)
    if lacking is None:
        return 0
    (count,) = stage.row(f"SELECT count(*) FROM ({lacking}) v")  # noqa: S608 (own names)
    if count and not book.is_full:
        found = stage.all(f"{lacking} LIMIT {KEPT_FINDINGS - book.kept}")
        keys = [_as_key(shape, tuple(row)) for row in found]
        decided = _decided(shape, book)
        for start in range(0, len(keys), FETCHED):
            for cells in told(shape, keys[start : start + FETCHED]).values():
                key = natural_key(shape, cells)
                note_vanished(shape, book, key, cells, decided.get(key, Decision.OPEN))
    book.flush()
    return int(count)


def _decided(shape: Shape, book: FindingBook) -> dict[str, str]:
    """What people decided about rows that had vanished in the delivery before."""
    before = (
        DeliveryPart.objects.filter(
            dataset=shape.key, delivery__outcome=Outcome.DONE, delivery__lt=book.part.delivery_id
        )
        .order_by("-delivery_id")
        .first()
    )
    if before is None:
        return {}
    found = Finding.objects.filter(part=before, kind=FindingKind.VANISHED).exclude(decision=Decision.OPEN)
    return dict(found.values_list("key", "decision")[:KEPT_FINDINGS])


def note_vanished(
    shape: Shape, book: FindingBook, key: str, cells: Cells, decision: str = Decision.OPEN
) -> None:
    """One row that is here and not in the delivery any more; what was decided about it before stands."""
    reason = _("The billing system no longer delivers this row. It stays until somebody decides.")
    book.add(FindingKind.VANISHED, None, reason=reason, key=key, ours=cells, decision=decision)


def _lacking(stage: Stage, shape: Shape) -> str | None:
    """A query for the primary keys of vanished rows; None when counting shows that there are none."""
    rows = stage.table(shape, "rows")
    imported, known, crooked = stage.row(
        f"SELECT (SELECT count(*) FROM {shape.table} WHERE source = 1),"  # noqa: S608 (own names)
        " COALESCE(sum(CASE WHEN known = 1 THEN 1 ELSE 0 END), 0),"
        f" COALESCE(sum(CASE WHEN state IN ('n', 'c', 'a', 'u') THEN 0 ELSE 1 END), 0) FROM {rows}"
    )
    if not imported or (imported == known and not crooked):
        return None
    stage.index_rows(shape)
    primary = ", ".join(f"t.{name(column)}" for column in shape.primary)
    return (
        f"SELECT {primary} FROM {shape.table} t WHERE t.source = 1"  # noqa: S608 (own names)
        f" AND NOT EXISTS (SELECT 1 FROM {rows} w WHERE {shape.same_row('w', 't')})"
    )


def _gone(stage: Stage, shape: Shape) -> str | None:
    if not stage.has(shape, "left"):
        return None
    stage.index_rows(shape)
    columns = shape.staged_primary()
    selected = ", ".join(f"t.{name(column)}" for column in columns)
    same = " AND ".join(f"w.{name(column)} = t.{name(column)}" for column in columns)
    return (
        f"SELECT {selected} FROM {stage.table(shape, 'left')} t WHERE t.known = 1"  # noqa: S608 (own names)
        f" AND NOT EXISTS (SELECT 1 FROM {stage.table(shape, 'rows')} w WHERE {same})"
    )
