"""Numbered batches of what people did in the portal, and what the billing system answered.

A batch is made in one transaction: its rows are claimed (a record belongs to one batch, the database sees
to that) and their cells frozen. Its file is written from the frozen cells, so the same number has the same
bytes for ever, on every machine, and a run that was killed before it wrote the file is made good by the
next one.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction
from django.db.models.functions import Cast, Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ebok.accounts.models import User
from ebok.exchange import signals
from ebok.exchange.exporting import replaced
from ebok.exchange.models import ExportBatch, ExportedRow, ExportState
from ebok.exchange.moments import ZONE
from ebok.exchange.table_files import DELIMITER
from ebok.journal.services import record
from ebok.plugins.registry import registry
from ebok.ports import Outlet
from ebok.ports.datasets import Value

BLOCK = 1000
"""Records read, claimed and written at a time."""
PLACE = "row"
"""Heads the first column of every batch: acknowledgements name rows by it."""
_LOCKS = 0x65424F4B
"""Keeps our advisory locks apart from others ("eBOK")."""


class UnknownOutlet(LookupError):
    """No room and no plugin declares an outlet of this key."""


def declared_outlets() -> tuple[Outlet, ...]:
    """All of them, by key."""
    found = [outlet for _owner, outlet in registry.contributions("outlets")]
    return tuple(sorted(found, key=lambda outlet: outlet.key))


def declared_outlet(key: str) -> Outlet:
    """The outlet of that key. Raises `UnknownOutlet`."""
    for outlet in declared_outlets():
        if outlet.key == key:
            return outlet
    raise UnknownOutlet(key)


def outlet_title(key: str) -> str:
    """What people call it; its key when whoever declared it is gone."""
    try:
        return str(declared_outlet(key).title)
    except UnknownOutlet:
        return key


# Making ------------------------------------------------------------------------------------


def waiting(outlet: Outlet) -> models.QuerySet[Any]:
    """Records that belong to no batch yet, or whose row was rejected and released."""
    records = outlet.records()
    claimed = ExportedRow.objects.filter(
        outlet=outlet.key, released_at__isnull=True, row_key=models.OuterRef("_row_key")
    )
    return records.annotate(_row_key=_key_expression(records.model)).filter(~models.Exists(claimed))


def make_batch(outlet: Outlet, *, actor: Any = None) -> ExportBatch | None:
    """Claim everything that waits; None when nothing does. Of two at once the second takes what is left."""
    with transaction.atomic():
        _lock(outlet.key)
        newest = ExportBatch.objects.filter(outlet=outlet.key).aggregate(newest=models.Max("number"))
        batch = ExportBatch(
            outlet=outlet.key,
            number=(newest["newest"] or 0) + 1,
            columns=[PLACE, *(column.name for column in outlet.columns)],
            created_by=actor if isinstance(actor, User) else None,
            created_at=timezone.now(),
        )
        batch.rows = 0
        # Saved first, because rows point to it; an empty one is rolled back.
        with transaction.atomic():
            batch.save(force_insert=True)
            for block in _blocks(waiting(outlet)):
                _claim(outlet, batch, block)
            if not batch.rows:
                transaction.set_rollback(True)
        if not batch.rows:
            return None
        digest = hashlib.sha256()
        for part in content(batch):
            digest.update(part)
        batch.sha256 = digest.hexdigest()
        batch.save(update_fields=["rows", "sha256"])
        record(
            "exchange.batch_exported",
            text=_("Exported %(rows)d rows of “%(outlet)s” as batch %(number)d")
            % {"rows": batch.rows, "outlet": outlet.title, "number": batch.number},
            actor=actor,
            obj=batch,
        )
    return batch


def _blocks(query: models.QuerySet[Any]) -> Iterator[list[Any]]:
    """Records in blocks, by primary key: a claim changes the query, so it is never left open."""
    last: Any = None
    while True:
        wanted = query.order_by("pk") if last is None else query.filter(pk__gt=last).order_by("pk")
        block = list(wanted[:BLOCK])
        if not block:
            return
        yield block
        last = block[-1].pk


def _claim(outlet: Outlet, batch: ExportBatch, records: Sequence[Any]) -> None:
    if outlet.prepare is not None:
        outlet.prepare(records)
    ExportedRow.objects.bulk_create(
        ExportedRow(
            batch=batch,
            position=place,
            outlet=outlet.key,
            row_key=str(item.pk),
            cells=[written(cell) for cell in outlet.cells(item)],
        )
        for place, item in enumerate(records, start=batch.rows + 1)
    )
    if outlet.claimed is not None:
        outlet.claimed(records)
    batch.rows += len(records)


def written(value: Value) -> str:
    """A value as the neutral file writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.astimezone(ZONE).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _key_expression(model: type[models.Model]) -> Any:
    """The primary key as `str` writes it, computed by the database."""
    text = Cast("pk", models.CharField(max_length=64))
    if not isinstance(model._meta.pk, models.UUIDField) or connection.features.has_native_uuid_field:
        return text
    parts = [Substr(text, start, length) for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))]
    dashed: list[Any] = [parts[0]]
    for part in parts[1:]:
        dashed += [models.Value("-"), part]
    return Concat(*dashed, output_field=models.CharField(max_length=64))


def _lock(key: str) -> None:
    """Be alone with the outlet until the transaction ends; SQLite lets only one write anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS, zlib.crc32(key.encode()) - 2**31])


# Its file ----------------------------------------------------------------------------------


def content(batch: ExportBatch) -> Iterator[bytes]:
    """The bytes of a batch: CSV, UTF-8, semicolons, line feeds."""
    yield _line(batch.columns)
    place = 0
    while block := list(
        ExportedRow.objects.filter(batch=batch, position__gt=place)
        .order_by("position")
        .values_list("position", "cells")[:BLOCK]
    ):
        yield b"".join(_line([str(position), *cells]) for position, cells in block)
        place = block[-1][0]


def file_name(batch: ExportBatch) -> str:
    """`<outlet>-<number>.csv`, numbers padded so that names sort."""
    return f"{batch.outlet.replace('.', '-')}-{batch.number:06d}.csv"


def write_file(batch: ExportBatch, folder: Path) -> Path:
    """Write the batch into the folder; the file appears whole or not at all. Raises `OSError`."""
    path = folder / file_name(batch)
    with replaced(path) as unfinished, unfinished.open("wb") as file:
        for part in content(batch):
            file.write(part)
    hand_over(batch)
    return path


def hand_over(batch: ExportBatch) -> None:
    """Note that somebody has the file now."""
    if batch.handed_over_at is None:
        batch.handed_over_at = timezone.now()
        ExportBatch.objects.filter(pk=batch.pk, handed_over_at=None).update(
            handed_over_at=batch.handed_over_at
        )


def not_handed_over(key: str) -> models.QuerySet[ExportBatch]:
    """Batches whose file nobody has: a run was killed between making and writing."""
    return ExportBatch.objects.filter(outlet=key, handed_over_at=None).order_by("number")


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=DELIMITER, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()


# What the billing system answered ------------------------------------------------------------


class WrongAnswer(Exception):
    """An acknowledgement that cannot be taken; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def find_batch(key: str, number: int) -> ExportBatch:
    """The batch of that number. Raises `WrongAnswer`."""
    batch = ExportBatch.objects.filter(outlet=key, number=number).first()
    if batch is None:
        raise WrongAnswer(
            _("There is no batch %(number)d of “%(outlet)s”.")
            % {"number": number, "outlet": outlet_title(key)}
        )
    return batch


def acknowledge(
    batch: ExportBatch,
    state: str,
    *,
    reason: str = "",
    positions: Sequence[int] | None = None,
    actor: Any = None,
) -> ExportBatch:
    """Note that rows were taken over or rejected: all that are not answered yet, or those at `positions`.

    The same answer twice changes nothing. Raises `WrongAnswer` for a rejection without a reason, for a row
    that is not in the batch, and for one that was answered otherwise before.
    """
    reason = reason.strip()
    if state not in (ExportState.TAKEN_OVER, ExportState.REJECTED):
        raise WrongAnswer(_("“%(state)s” is no answer: taken or rejected is expected.") % {"state": state})
    if state == ExportState.REJECTED and not reason:
        raise WrongAnswer(_("Give the reason of the rejection."))
    with transaction.atomic():
        batch = ExportBatch.objects.select_for_update().get(pk=batch.pk)
        rows = ExportedRow.objects.filter(batch=batch)
        if positions is not None:
            rows = rows.filter(position__in=_known(batch, positions, state))
        changed = rows.filter(state=ExportState.EXPORTED).update(
            state=state, reason=reason if state == ExportState.REJECTED else "", state_at=timezone.now()
        )
        if positions is None and not changed:
            _refuse_contradiction(batch, state)
        if changed:
            _settle(batch, reason)
            signals.batch_answered.send(sender=None, batch=batch)
            _tell_answer(batch, state, changed, reason, actor)
    return batch


def _known(batch: ExportBatch, positions: Sequence[int], state: str) -> list[int]:
    """The positions, after a look at what was said of them before."""
    found = dict(
        ExportedRow.objects.filter(batch=batch, position__in=positions).values_list("position", "state")
    )
    for position in positions:
        if position not in found:
            raise WrongAnswer(
                _("Batch %(number)d has no row %(row)d.") % {"number": batch.number, "row": position}
            )
        if found[position] not in (state, ExportState.EXPORTED):
            raise WrongAnswer(
                _("Row %(row)d of batch %(number)d was answered otherwise before: %(state)s.")
                % {"row": position, "number": batch.number, "state": ExportState(found[position]).label}
            )
    return list(positions)


def _refuse_contradiction(batch: ExportBatch, state: str) -> None:
    if batch.state != state:
        raise WrongAnswer(
            _("Batch %(number)d was answered otherwise before: %(state)s.")
            % {"number": batch.number, "state": batch.get_state_display()}
        )


def _settle(batch: ExportBatch, reason: str) -> None:
    """The state of the batch is the state of its rows."""
    states = set(ExportedRow.objects.filter(batch=batch).values_list("state", flat=True).distinct())
    batch.state = states.pop() if len(states) == 1 else ExportState.PARTLY
    batch.state_at = timezone.now()
    batch.reason = reason if batch.state == ExportState.REJECTED else ""
    batch.save(update_fields=["state", "state_at", "reason"])


def _tell_answer(batch: ExportBatch, state: str, rows: int, reason: str, actor: Any) -> None:
    words = {"rows": rows, "outlet": outlet_title(batch.outlet), "number": batch.number, "reason": reason}
    text = (
        ngettext(
            "%(rows)d row of batch %(number)d of “%(outlet)s” was taken over",
            "%(rows)d rows of batch %(number)d of “%(outlet)s” were taken over",
            rows,
        )
        if state == ExportState.TAKEN_OVER
        else ngettext(
            "%(rows)d row of batch %(number)d of “%(outlet)s” was rejected: %(reason)s",
            "%(rows)d rows of batch %(number)d of “%(outlet)s” were rejected: %(reason)s",
            rows,
        )
    )
    record("exchange.batch_answered", text=text % words, actor=actor, obj=batch)


def release_rejected(batch: ExportBatch, *, actor: Any = None) -> int:
    """Let rejected rows go out again in the next batch, after they were mended; how many."""
    with transaction.atomic():
        rows = ExportedRow.objects.filter(batch=batch, state=ExportState.REJECTED, released_at=None)
        count = rows.update(released_at=timezone.now())
        if count:
            record(
                "exchange.rows_released",
                text=ngettext(
                    "%(rows)d rejected row of batch %(number)d of “%(outlet)s” will be exported again",
                    "%(rows)d rejected rows of batch %(number)d of “%(outlet)s” will be exported again",
                    count,
                )
                % {"rows": count, "outlet": outlet_title(batch.outlet), "number": batch.number},
                actor=actor,
                obj=batch,
            )
    return count
