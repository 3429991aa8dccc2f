"""The single phases of a delivery; `pipeline` puts them in order.

Each phase may be run again from its beginning: it makes its tables and findings anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.exchange import checking, comparing, explaining, kept_lines, signals, staged_lines
from ebok.exchange.applying import apply_at_once, apply_in_steps, prepare
from ebok.exchange.approving import needs_a_person
from ebok.exchange.declared import declared_datasets
from ebok.exchange.findings import FindingBook
from ebok.exchange.folders import received_folder
from ebok.exchange.models import Delivery, DeliveryPart, Outcome, Phase
from ebok.exchange.profiles import load_profile
from ebok.exchange.reconciling import reconcile
from ebok.exchange.refusing import (
    Refused,
    Skipped,
    refuse_moment,
    refuse_rows,
    refuse_totals,
    skip_the_same,
)
from ebok.exchange.sources import Part, Source, open_source
from ebok.exchange.staging import Shape, Stage, stage_of
from ebok.exchange.staging.postgresql import vacuum
from ebok.journal.services import record

Progress = Callable[[dict[str, Any]], None]
"""Told {"phase", "dataset", "done", "of"} now and then."""

VACUUMED_ROWS = 10_000
"""From so many touched rows on the statistics of the table are brought up to date at once."""


class Run:
    """One delivery on its way through the phases."""

    def __init__(self, delivery: Delivery, progress: Progress | None = None) -> None:
        self.delivery = delivery
        self.stage: Stage = stage_of(delivery.pk)
        self._progress = progress
        declared = {dataset.key: dataset for dataset in declared_datasets()}
        self.titles = {key: str(dataset.title) for key, dataset in declared.items()}
        self._declared = declared

    def source(self) -> Source:
        """The kept delivery, opened."""
        folder = received_folder() / self.delivery.stored_as
        return open_source(folder, load_profile(self.delivery.profile))

    def parts(self) -> list[tuple[Shape, DeliveryPart]]:
        """Shapes and numbers of the delivered datasets in the order in which they are applied."""
        found = [(Shape(self._declared[part.dataset]), part) for part in self.delivery.parts.all()]
        return sorted(found, key=lambda pair: (pair[0].dataset.order, pair[0].key))

    def reached(self, phase: Phase, **more: Any) -> None:
        """Record that a phase is over."""
        for field, value in {"phase": phase, **more}.items():
            setattr(self.delivery, field, value)
        self.delivery.save()

    def say(self, dataset: str, done: int, of: int) -> None:
        """Tell whoever watches how far it is."""
        told = {"phase": self.delivery.phase, "dataset": dataset, "done": done, "of": of}
        if not connection.in_atomic_block:
            Delivery.objects.filter(pk=self.delivery.pk).update(progress=told)
        self.delivery.progress = told
        if self._progress is not None:
            self._progress(told)


# Parse -------------------------------------------------------------------------------------


def parse(run: Run) -> None:
    """Stage the delivered rows; refuse what is late, early, cut off, or was taken over before."""
    delivery, source = run.delivery, run.source()
    asked = delivery.totals.get("asked", {})
    delivery.as_of = delivery.as_of or source.as_of or delivery.received_at
    delivery.complete = source.complete if asked.get("complete") is None else asked["complete"]
    delivery.totals = {
        "asked": asked,
        "stated": {
            key: {"rows": stated.rows, **{name: str(total) for name, total in stated.totals.items()}}
            for key, stated in source.stated.items()
        },
        "warnings": list(source.warnings),
    }
    found = _by_dataset(source.parts())
    refuse_moment(delivery, list(found))
    skip_the_same(delivery)
    delivery.parts.all().delete()
    for key, parts in found.items():
        part = _stage_dataset(run, parts)
        refuse_rows(run.titles[key], part, source.stated.get(key))
    run.reached(Phase.PARSED)


def _by_dataset(parts: Iterable[Part]) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for part in parts:
        found.setdefault(part.dataset.key, []).append(part)
    return found


def _stage_dataset(run: Run, parts: list[Part]) -> DeliveryPart:
    shape = Shape(parts[0].dataset)
    run.say(shape.key, 0, 0)
    staged = staged_lines.fill(run.stage, shape, parts, run.delivery)
    part = DeliveryPart.objects.create(
        delivery=run.delivery,
        dataset=shape.key,
        member=", ".join(part.member for part in parts)[:255],
        encoding=parts[0].encoding[:20],
        rows=staged.rows,
        steps={
            "staged": staged.staged,
            "members": [part.member for part in parts],
            "touched": kept_lines.touched([shape.key])[shape.key],
            "header": staged.header,
            "since": staged.since,
            "gone": dict(staged.gone),
            "doubtful": staged.doubtful,
            "untold": staged.untold,
            "absent": staged.absent,
        },
    )
    run.say(shape.key, staged.rows, staged.rows)
    return part


# Validate ----------------------------------------------------------------------------------


def validate(run: Run) -> None:
    """Judge every row: the database what it can, Python the rest."""
    for shape, part in run.parts():
        run.say(shape.key, 0, part.rows)
        book = FindingBook.emptied(part, tuple(part.steps["members"]))
        doubtful, untold = part.steps["doubtful"], tuple(part.steps["untold"])
        spelled = None if doubtful is None else checking.Spelled(doubtful, untold)
        checked = checking.check(run.stage, shape, book, spelled)
        part.rejected = checked.rejected
        part.steps = {
            **part.steps,
            "judged": checked.judged,
            "unreadable": sorted(checked.unreadable),
            "kept": book.kept,
        }
        part.save()
        run.say(shape.key, part.rows, part.rows)
    run.reached(Phase.VALIDATED)


# Compare -----------------------------------------------------------------------------------


def compare(run: Run) -> None:
    """Resolve references, compare with the mirror and the control totals; note what people should see."""
    fresh: dict[str, Shape] = {}
    totals: dict[str, dict[str, str]] = {}
    thorough = run.delivery.dry_run or run.delivery.totals.get("repeats", False)
    for shape, part in run.parts():
        run.say(shape.key, 0, part.rows)
        links = kept_lines.touched([link.reference.dataset for link in shape.links])
        delivered = comparing.Delivered(part.steps["judged"], frozenset(part.steps["absent"]))
        found = comparing.compare(run.stage, shape, fresh, delivered, thorough=thorough)
        if found.count("n") and shape.keyed:
            fresh[shape.key] = shape
        staged_lines.settle(run.stage, shape, part)
        _number(part, found)
        totals[shape.key] = part.steps["totals"]
        refuse_totals(shape, part.steps["totals"], run.delivery.totals.get("stated", {}).get(shape.key, {}))
        _explain(run, shape, part, found)
        again = staged_lines.keep_rejected(run.stage, shape, part, found, run.source)
        part.steps = {**part.steps, "again": again, "links": links}
        part.save()
        run.say(shape.key, part.rows, part.rows)
    run.reached(Phase.COMPARED, totals={**run.delivery.totals, "found": totals})


def _explain(run: Run, shape: Shape, part: DeliveryPart, found: comparing.Compared) -> None:
    book = FindingBook(part, tuple(part.steps["members"]), kept=part.steps["kept"])
    if found.count("e", "o", "y", "k"):
        silent = explaining.explain(run.stage, shape, book, run.titles)
        part.conflicts -= silent
        part.unchanged += silent
    if run.delivery.complete and shape.dataset.vanishes and found.any_known:
        part.vanished = explaining.vanish(run.stage, shape, book, only_gone=part.steps["since"] is not None)
        if part.steps["since"] is not None:
            part.vanished += staged_lines.still_vanished(run.stage, shape, part, book)


def _number(part: DeliveryPart, found: comparing.Compared) -> None:
    left_out = part.rows - part.steps["staged"]
    part.new, part.changed = found.count("n"), found.count("c")
    part.unchanged = found.count("u", "a", "d") + left_out
    part.orphans, part.conflicts = found.count("o"), found.count("k")
    part.rejected = found.count("x", "e", "o", "y")
    totals = {key: total for key, total in found.totals.items() if key not in part.steps["unreadable"]}
    part.steps = {
        **part.steps,
        "adopted": found.count("a"),
        "to_take": part.new + part.changed,
        "taken": {column: str(total) for column, total in found.taken.items()},
        "twice": found.count("d"),
        "days": found.days,
        "totals": staged_lines.whole_totals(part, totals),
    }


# Decide ------------------------------------------------------------------------------------


def decide(run: Run) -> None:
    """Stop here for a trial run or for a person; otherwise go on."""
    delivery = run.delivery
    if delivery.dry_run:
        delivery.outcome, delivery.finished_at = Outcome.DRY, timezone.now()
        delivery.save()
        return
    reason = "" if delivery.approved_at else needs_a_person(delivery, run.titles)
    if reason:
        delivery.outcome, delivery.sentence = Outcome.WAITING, reason
        delivery.save()
        return
    run.stage.on_disk()
    run.reached(Phase.APPROVED)


# Apply -------------------------------------------------------------------------------------


def apply(run: Run) -> None:
    """Take the rows over; the phase, the journal and the rows live or die together."""
    pairs = run.parts()
    shapes = [shape for shape, _part in pairs]
    if not any(part.steps.get("applied") for _shape, part in pairs):
        prepare(pairs)
        _note_balance(run, shapes, "before")
        run.delivery.save()
    if connection.vendor == "postgresql":
        with transaction.atomic():
            apply_at_once(
                run.stage, shapes, run.delivery, lambda shape, done, of: run.say(shape.key, done, of)
            )
            _finish_apply(run)
    else:
        apply_in_steps(run.stage, shapes, run.delivery, lambda shape, done, of: run.say(shape.key, done, of))
        with transaction.atomic():
            _finish_apply(run)


def _note_balance(run: Run, shapes: list[Shape], moment: str) -> None:
    sums = {shape.key: str(shape.dataset.balance()) for shape in shapes if shape.dataset.balance is not None}
    if sums:
        balance = {**run.delivery.totals.get("balance", {}), moment: str(sum(map(Decimal, sums.values())))}
        run.delivery.totals = {**run.delivery.totals, "balance": balance}


def _finish_apply(run: Run) -> None:
    delivery = run.delivery
    for shape, part in run.parts():
        if shape.dataset.after_apply is not None and (part.new or part.changed):
            shape.dataset.after_apply(delivery.pk)
        staged_lines.remember(shape, part, delivery)
    _note_balance(run, [shape for shape, _part in run.parts()], "after")
    run.reached(Phase.APPLIED, applied_at=timezone.now())
    numbers = delivery.parts.all()
    moved = frozenset(part.dataset for part in numbers if part.new or part.changed)
    signals.delivery_taken_over.send(sender=None, delivery=delivery, datasets=moved)
    record(
        "exchange.delivery_taken_over",
        text=_("Delivery “%(name)s” was taken over: %(new)d new rows, %(changed)d changed.")
        % {
            "name": delivery.name,
            "new": sum(part.new for part in numbers),
            "changed": sum(part.changed for part in numbers),
        },
        actor=delivery.received_by,
        obj=delivery,
        payload={part.dataset: {"new": part.new, "changed": part.changed} for part in numbers},
    )


# Reconcile ---------------------------------------------------------------------------------


def finish(run: Run) -> None:
    """Reconcile the mirror with the delivery, tell, and tidy up."""
    sentences: list[str] = []
    for shape, part in run.parts():
        sentences += reconcile(run.stage, shape, run.delivery, part)
    conclude(run, sentences)
    tidy(run)


def conclude(run: Run, sentences: list[str]) -> None:
    """The delivery is finished; `sentences` tell what does not agree."""
    totals = {**run.delivery.totals, "differences": sentences}
    run.reached(
        Phase.DONE,
        outcome=Outcome.DONE,
        totals=totals,
        finished_at=timezone.now(),
        sentence=" ".join(sentences),
        progress={},
    )


def tidy(run: Run) -> None:
    """Remove the stage; bring statistics of tables that changed much up to date."""
    run.stage.discard()
    if connection.vendor != "postgresql":
        return
    for shape, part in run.parts():
        if part.new + part.changed >= VACUUMED_ROWS:
            vacuum(shape.model._meta.db_table)
    if any(shape.keyed and part.new >= VACUUMED_ROWS for shape, part in run.parts()):
        vacuum("exchange_naturalkey")


__all__ = [
    "Progress",
    "Refused",
    "Run",
    "Skipped",
    "apply",
    "compare",
    "decide",
    "finish",
    "parse",
    "tidy",
    "validate",
]
