"""Fills the stage: with every row of a dataset, or only with lines the delivery before did not have."""

from __future__ import annotations

import csv
import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from ebok.exchange import kept_lines
from ebok.exchange.comparing import Compared, resolve_gone
from ebok.exchange.explaining import note_vanished
from ebok.exchange.findings import FindingBook
from ebok.exchange.folders import received_folder
from ebok.exchange.line_differences import Differences, differences
from ebok.exchange.models import Delivery, DeliveryPart, FindingKind, Standing
from ebok.exchange.profiles import load_profile
from ebok.exchange.sources import Cells, Part, Plain, Source, SourceRefused, open_source
from ebok.exchange.spelling import Spelling, spelling_of
from ebok.exchange.staging import MEMBER_STEP, Shape, Stage
from ebok.exchange.staging.shape import name
from ebok.exchange.validation import CellError, canonical, clean_cell
from ebok.ports.datasets import Dataset, Stored

logger = logging.getLogger(__name__)

MOST_AGAIN = 20_000
"""Rejected lines remembered for the next delivery; with more of them its rows are all compared."""


class LinesMistaken(Exception):
    """What differs from the delivery before does not explain what differs from the mirror."""

    def __init__(self, dataset: str) -> None:
        super().__init__(dataset)
        self.dataset = dataset


@dataclass(frozen=True)
class Staged:
    """What was staged of a dataset. `since`: the delivery whose lines were left out.

    `gone` are control totals of lines only that delivery had; a column that could not be read is missing.
    `doubtful` are the rows that are not spelled as the neutral file does; None when that is not known. Of
    the columns `untold` that is not known even of the others. `absent` are columns that no row has.
    """

    rows: int
    staged: int
    header: str = ""
    since: int | None = None
    gone: Mapping[str, str] = field(default_factory=dict)
    doubtful: list[int] | None = None
    untold: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def fill(stage: Stage, shape: Shape, parts: list[Part], delivery: Delivery) -> Staged:
    """Stage the rows of the dataset, of one or several files."""
    plain = parts[0].plain() if len(parts) == 1 else None
    header = _header(shape.dataset, delivery.profile, plain) if plain else ""
    if plain and delivery.complete:
        before = _before(shape, header)
        found = _differences(before, plain, shape) if before else None
        if before and found:
            totals = _fill_with(stage, shape, plain, found)
            return Staged(
                found.rows, len(found.new), header, before.delivery_id, totals, absent=_absent(shape, [plain])
            )
    spellings: list[Spelling | None] = []
    with stage.writing():
        stage.make_raw(shape)
        count = sum(_load(stage, shape, part, member, spellings) for member, part in enumerate(parts))
    absent = _absent(shape, [part.plain() for part in parts])
    doubtful = _doubtful(spellings)
    untold = {column for spelling in spellings if spelling for column in spelling.untold}
    return Staged(
        rows=count,
        staged=count,
        header=header,
        doubtful=doubtful,
        untold=tuple(sorted(untold)),
        absent=absent,
    )


def _absent(shape: Shape, plains: Iterable[Plain | None]) -> tuple[str, ...]:
    """Columns that none of these files has, as far as that is known."""
    missing = set(shape.names)
    for plain in plains:
        missing -= set(plain.columns if plain else shape.names)
    return tuple(sorted(missing))


def _load(stage: Stage, shape: Shape, part: Part, member: int, spellings: list[Spelling | None]) -> int:
    offset = member * MEMBER_STEP
    plain = part.plain()
    if plain is not None:
        spelling = spelling_of(shape.dataset, plain, offset + plain.first_row)
        count = stage.load_plain(shape, plain, offset + plain.first_row, spelling)
        if count is not None:
            spellings.append(spelling)
            return count
    spellings.append(None)
    return stage.load_rows(shape, _numbered(part, offset))


def _doubtful(spellings: list[Spelling | None]) -> list[int] | None:
    """Numbers of lines that must be judged, or None when that is for the database to find out."""
    numbers: list[int] = []
    for spelling in spellings:
        if spelling is None:
            return None
        spelling.close()
        numbers += spelling.doubtful
        if spelling.failed:
            return None
    return numbers


def _numbered(part: Part, offset: int) -> Iterator[tuple[int, Cells]]:
    for number, cells in part.rows():
        yield offset + number, cells


# Only what differs ---------------------------------------------------------------------------


def _header(dataset: Dataset, profile: str, plain: Plain) -> str:
    """What must be equal for two lines to mean the same; "" when the dataset's lines may not be kept."""
    if any(column.stored is Stored.KEYED_HASH for column in dataset.columns):
        return ""
    columns = [
        (
            column.name,
            column.type,
            column.field,
            column.places,
            column.max_length,
            sorted(column.choices.items()),
        )
        for column in dataset.columns
    ]
    told = repr((profile, plain.delimiter, plain.columns, plain.first_row, columns))
    return hashlib.sha256(told.encode()).hexdigest()


def _before(shape: Shape, header: str) -> DeliveryPart | None:
    """The part of the delivery before whose lines the mirror still says."""
    standing = Standing.objects.filter(
        pk=shape.key, lines=True, header=header, delivery_id__isnull=False
    ).first()
    if not header or standing is None:
        return None
    part = (
        DeliveryPart.objects.filter(delivery=standing.delivery_id, dataset=shape.key)
        .select_related("delivery")
        .first()
    )
    if part is None or part.findings.filter(kind=FindingKind.VANISHED).count() != part.vanished:
        return None
    return part


def _differences(before: DeliveryPart, plain: Plain, shape: Shape) -> Differences | None:
    folder = received_folder() / before.delivery.stored_as
    again = _again(folder, shape)
    try:
        source = open_source(folder, load_profile(before.delivery.profile))
        old = next(part for part in source.parts() if part.dataset.key == shape.key).plain()
    except (SourceRefused, StopIteration, OSError):
        # Its bytes were tidied away or moved; every row is compared then.
        return None
    if old is None or again is None:
        return None
    with old.open() as old_bytes, plain.open() as new_bytes:
        return differences(old_bytes, new_bytes, first_row=plain.first_row, again=again)


def _fill_with(stage: Stage, shape: Shape, plain: Plain, found: Differences) -> dict[str, str]:
    """Stage new and gone lines; returns the control totals of the latter."""
    numbered = sorted((number, line) for line, number in found.new.items())
    rows = zip(
        (number for number, _line in numbered),
        _parsed(shape, plain, (line for _n, line in numbered)),
        strict=True,
    )
    gone = list(_parsed(shape, plain, sorted(found.gone)))
    with stage.writing():
        stage.make_raw(shape)
        stage.load_rows(shape, rows)
        stage.make_like_raw(shape, "gone")
        stage.load_rows(shape, enumerate(_named(shape, gone)), "gone")
    return _totals(shape, gone)


def _parsed(shape: Shape, plain: Plain, lines: Iterable[bytes]) -> Iterator[Cells]:
    """Lines as cells in the order of the dataset's columns."""
    places = [plain.columns.index(column) if column in plain.columns else None for column in shape.names]
    texts = (line.decode() for line in lines)
    for record in csv.reader(texts, delimiter=plain.delimiter):
        yield [None if place is None else record[place] or None for place in places]


def _named(shape: Shape, rows: Iterable[Cells]) -> Iterator[Cells]:
    """Only the cells that tell which row it was, canonical; rows that never had a name are left out."""
    wanted = set(shape.dataset.natural_key)
    for cells in rows:
        try:
            yield [
                canonical(column, clean_cell(column, cell)) if column.name in wanted else None
                for column, cell in zip(shape.columns, cells, strict=True)
            ]
        except CellError:
            continue


def _totals(shape: Shape, rows: list[Cells]) -> dict[str, str]:
    sums: dict[str, str] = {}
    for place, column in enumerate(shape.columns):
        if not column.total:
            continue
        try:
            values = (clean_cell(column, cells[place]) for cells in rows)
            sums[column.name] = str(
                sum((Decimal(str(value)) for value in values if value is not None), Decimal(0))
            )
        except CellError:
            continue
    return sums


def whole_totals(part: DeliveryPart, staged: Mapping[str, Decimal]) -> dict[str, str]:
    """Control totals of the whole delivery, with the lines that were left out."""
    if part.steps["since"] is None:
        return {column: str(total) for column, total in staged.items()}
    standing = Standing.objects.filter(pk=part.dataset).first()
    before, gone = (standing.totals if standing else {}), part.steps["gone"]
    return {
        column: str(Decimal(before[column]) - Decimal(gone[column]) + total)
        for column, total in staged.items()
        if column in before and column in gone
    }


def settle(stage: Stage, shape: Shape, part: DeliveryPart) -> None:
    """Check that the lines that were left out explain everything; raises `LinesMistaken` when not.

    A row that changed must have had another line before. Otherwise its old line is still there too: two
    lines about one thing, which only a look at all rows can tell.
    """
    if part.steps["since"] is None:
        return
    with stage.writing():
        resolve_gone(stage, shape)
    same = " AND ".join(f"g.{name(column)} = w.{name(column)}" for column in shape.staged_primary())
    (unexplained,) = stage.row(
        f"SELECT count(*) FROM {stage.table(shape, 'rows')} w WHERE w.known <> 0"  # noqa: S608 (own names)
        f" AND NOT EXISTS (SELECT 1 FROM {stage.table(shape, 'left')} g WHERE {same})"
    )
    if unexplained:
        logger.info("%s: %d lines of %s are compared in full", part.delivery_id, part.rows, shape.key)
        raise LinesMistaken(shape.key)


def still_vanished(stage: Stage, shape: Shape, part: DeliveryPart, book: FindingBook) -> int:
    """Note rows that had vanished before and are still missing; returns how many."""
    before = DeliveryPart.objects.filter(delivery=part.steps["since"], dataset=shape.key).first()
    if before is None or not before.vanished:
        return 0
    raw = stage.table(shape, "raw")
    there = {key for (key,) in stage.all(f"SELECT {shape.natural_key('g')} FROM {raw} g")}  # noqa: S608 (own names)
    missing = 0
    for finding in before.findings.filter(kind=FindingKind.VANISHED).iterator():
        if finding.key not in there:
            missing += 1
            note_vanished(shape, book, finding.key, finding.ours, decision=finding.decision)
    book.flush()
    return missing


# For the next delivery -----------------------------------------------------------------------


def keep_rejected(
    stage: Stage, shape: Shape, part: DeliveryPart, found: Compared, source: Callable[[], Source]
) -> bool:
    """Write down the lines that were not taken over, to be looked at again in the next delivery.

    Returns whether the lines of this delivery may be left out of the next one.
    """
    if not part.steps["header"] or not part.delivery.complete or part.steps["twice"]:
        return False
    numbers = _rejected(stage, shape) if found.count("x", "e", "o", "y", "k") else set()
    if len(numbers) > MOST_AGAIN:
        return False
    file = _again_file(received_folder() / part.delivery.stored_as, shape)
    with file.open("wb") as out:
        if numbers:
            (one,) = (member for member in source().parts() if member.dataset.key == shape.key)
            out.writelines(_lines_of(one.plain(), numbers))
    return True


def _rejected(stage: Stage, shape: Shape) -> set[int]:
    numbers = stage.all(
        f"SELECT no FROM {stage.table(shape, 'rows')}"  # noqa: S608 (own names)
        f" WHERE state NOT IN ('n', 'c', 'a', 'u', 'd') LIMIT {MOST_AGAIN + 1}"
    )
    return {number for (number,) in numbers}


def _lines_of(plain: Plain | None, numbers: set[int]) -> Iterator[bytes]:
    if plain is None:
        raise LookupError("what was plain when it was staged is not any more")
    with plain.open() as file:
        for number, line in enumerate(file, plain.first_row):
            if number in numbers:
                yield line if line.endswith(b"\n") else line + b"\n"


def _again_file(folder: Path, shape: Shape) -> Path:
    # Hidden names are no members of a delivery.
    return folder / f".again-{shape.key}"


def _again(folder: Path, shape: Shape) -> frozenset[bytes] | None:
    try:
        return frozenset(_again_file(folder, shape).read_bytes().split(b"\n")[:-1])
    except OSError:
        return None


def remember(shape: Shape, part: DeliveryPart, delivery: Delivery) -> None:
    """The mirror now says what the delivery says."""
    if not delivery.complete:
        if part.new or part.changed:
            kept_lines.superseded(shape.key)
        return
    kept_lines.remember(
        shape.key,
        delivery_id=delivery.pk,
        touched_before=part.steps["touched"],
        lines=part.steps["again"],
        header=part.steps["header"],
        totals=part.steps["totals"],
    )
