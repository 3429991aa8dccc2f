"""The way of a delivery: receive, parse, validate, compare, approve, apply, reconcile.

Where it stands is recorded in `Delivery.phase`, so that `proceed` continues after the process was killed at
any moment; nothing is lost and nothing is done twice.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.exchange import phases
from ebok.exchange.folders import received_folder
from ebok.exchange.locking import Busy, import_lock
from ebok.exchange.models import Delivery, DeliveryPart, Outcome, Phase, Standing
from ebok.exchange.phases import Progress, Refused, Run, Skipped
from ebok.exchange.profiles import ProfileError, load_profile
from ebok.exchange.sources import Received, SourceRefused, receive_sql
from ebok.exchange.sources import receive as receive_files
from ebok.exchange.staged_lines import LinesMistaken
from ebok.journal.services import record

if TYPE_CHECKING:
    from ebok.accounts.models import User

__all__ = ["Busy", "Progress", "SourceRefused", "approve", "proceed", "receive", "refuse", "unfinished"]

logger = logging.getLogger(__name__)


class NotWaiting(Exception):
    """The delivery does not wait for approval (any more); `sentence` says so."""

    def __init__(self) -> None:
        self.sentence = _("The delivery does not wait for approval any more.")
        super().__init__(self.sentence)


def receive(
    paths: Sequence[Path],
    *,
    profile: str,
    as_of: datetime | None = None,
    complete: bool | None = None,
    way_in: str = "command",
    user: User | None = None,
    dry_run: bool = False,
    fetch: Callable[[Path], Received] | None = None,
) -> Delivery:
    """Keep a delivery and note that it came; `proceed` does the rest.

    `fetch` fills the folder in another way than by copying the paths or reading the profile's database.

    A profile that reads a database takes no paths. `as_of` and `complete` are what the delivery says of
    itself unless told. Raises `SourceRefused` when there is nothing to keep (unfinished, unreadable), and
    `ProfileError`.
    """
    known = load_profile(profile)
    stored_as = f"{timezone.now():%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:8]}"
    folder = received_folder() / stored_as
    if fetch is not None:
        received = fetch(folder)
    else:
        received = receive_sql(known, folder) if known.reads_database else receive_files(paths, folder)
    with transaction.atomic():
        delivery = Delivery.objects.create(
            profile=profile,
            name=received.name,
            stored_as=stored_as,
            sha256=received.sha256,
            size=received.size,
            as_of=as_of,
            way_in=way_in,
            received_at=timezone.now(),
            received_by=user,
            dry_run=dry_run,
            totals={"asked": {"complete": complete}},
        )
        record(
            "exchange.delivery_received",
            text=_("Delivery “%(name)s” was received.") % {"name": delivery.name},
            actor=user,
            obj=delivery,
            payload={"profile": profile, "sha256": received.sha256, "size": received.size, "way_in": way_in},
        )
    return delivery


def proceed(delivery_id: int, *, progress: Progress | None = None, wait: bool = False) -> Delivery:
    """Run the phases from where the delivery stands until it is finished, waits or is refused.

    Safe to call again at any time, also after `kill -9`. Raises `Busy` while another import runs, unless
    told to `wait`. What SQLite had half taken over of another delivery is finished first.
    """
    with import_lock(wait=wait):
        for other in _half_applied(delivery_id):
            _run(other, progress)
        return _run(delivery_id, progress)


def approve(delivery_id: int, user: User | None, *, go_on: bool = True) -> Delivery:
    """Let a waiting delivery be taken over; `go_on` does so at once. Raises `NotWaiting`.

    It is compared once more, because days may have passed.
    """
    with transaction.atomic():
        delivery = _waiting(delivery_id)
        delivery.approved_at, delivery.approved_by = timezone.now(), user
        delivery.outcome, delivery.phase, delivery.sentence = Outcome.OPEN, Phase.RECEIVED, ""
        delivery.save()
        text = _("Delivery “%(name)s” was approved.") % {"name": delivery.name}
        record("exchange.delivery_approved", text=text, actor=user, obj=delivery)
    return proceed(delivery_id, wait=True) if go_on else delivery


def refuse(delivery_id: int, user: User, reason: str) -> Delivery:
    """Do not take a waiting delivery over. Raises `NotWaiting`."""
    with transaction.atomic():
        delivery = _waiting(delivery_id)
        _close(delivery, Outcome.REFUSED, reason)
        _journal_refusal(delivery, user)
    return delivery


def unfinished() -> list[int]:
    """Deliveries a killed process left behind, oldest first; `proceed` continues them."""
    found = Delivery.objects.filter(outcome=Outcome.OPEN).order_by("pk")
    return list(found.values_list("pk", flat=True))


def _waiting(delivery_id: int) -> Delivery:
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    if delivery.outcome != Outcome.WAITING:
        raise NotWaiting
    return delivery


def _half_applied(delivery_id: int) -> list[int]:
    """Other deliveries of which SQLite has taken over some steps and not all."""
    if connection.vendor == "postgresql":
        return []
    begun = DeliveryPart.objects.filter(
        delivery__phase=Phase.APPROVED,
        delivery__outcome__in=(Outcome.OPEN, Outcome.FAILED),
        steps__has_key="applied",
    ).exclude(delivery=delivery_id)
    return sorted(set(begun.values_list("delivery_id", flat=True)))


# Running -----------------------------------------------------------------------------------

_AFTER: dict[str, Callable[[Run], None]] = {
    Phase.RECEIVED: phases.parse,
    Phase.PARSED: phases.validate,
    Phase.VALIDATED: phases.compare,
    Phase.COMPARED: phases.decide,
    Phase.APPROVED: phases.apply,
    Phase.APPLIED: phases.finish,
}
"""What comes after each phase."""


def _run(delivery_id: int, progress: Progress | None) -> Delivery:
    delivery = Delivery.objects.get(pk=delivery_id)
    if delivery.outcome == Outcome.FAILED:
        delivery.outcome, delivery.sentence = Outcome.OPEN, ""
        delivery.save()
    if delivery.outcome != Outcome.OPEN:
        return delivery
    run = Run(delivery, progress)
    try:
        with run.stage.opened():
            _continue_from(run)
            while delivery.outcome == Outcome.OPEN:
                _step(run)
        if delivery.outcome != Outcome.OPEN:
            run.stage.discard()
    except Exception as error:
        # Whatever it was must be seen by people, and the next call must be able to go on.
        logger.exception("Delivery %s failed in phase %s", delivery_id, delivery.phase)
        _fail(delivery_id, error)
    return Delivery.objects.get(pk=delivery_id)


def _step(run: Run) -> None:
    delivery = run.delivery
    try:
        _AFTER[delivery.phase](run)
    except LinesMistaken as mistaken:
        # The shortcut over unchanged lines was none: once more, with every row.
        Standing.objects.filter(pk=mistaken.dataset).update(lines=False)
        run.reached(Phase.RECEIVED)
    except IntegrityError:
        # Two rows of the delivery have one key, or somebody entered one of them a moment ago: look closely.
        if delivery.phase != Phase.APPROVED or delivery.totals.get("repeats"):
            raise
        delivery.refresh_from_db()
        run.reached(Phase.PARSED, totals={**delivery.totals, "repeats": True})
    except Skipped as same:
        _skip(delivery, same.before)
    except (Refused, SourceRefused, ProfileError) as refused:
        with transaction.atomic():
            _close(delivery, Outcome.REFUSED, getattr(refused, "sentence", str(refused)))
            _journal_refusal(delivery, delivery.received_by)


def _continue_from(run: Run) -> None:
    """Find the phase from which a delivery that was interrupted can be continued."""
    delivery, pairs = run.delivery, run.parts()
    if delivery.phase == Phase.RECEIVED:
        return
    compared = all(run.stage.has(shape, "rows") for shape, _part in pairs)
    if delivery.phase == Phase.APPLIED:
        if not compared:
            # The rows are in the mirror; what they would be reconciled with is lost.
            phases.conclude(run, [])
        return
    begun = any(part.steps.get("applied") is not None for _shape, part in pairs)
    if delivery.phase == Phase.APPROVED and begun and compared:
        return
    # Nothing is in the mirror yet, and it may have changed since: look again.
    run.reached(Phase.PARSED if _is_staged(run) else Phase.RECEIVED)


def _is_staged(run: Run) -> bool:
    """Whether the stage survived; PostgreSQL empties unlogged tables when the server crashes."""
    for shape, part in run.parts():
        if not (run.stage.has(shape, "raw") and run.stage.has(shape, "judged")):
            return False
        if "untold" not in part.steps:
            return False  # staged by an earlier version
        (rows,) = run.stage.row(f"SELECT count(*) FROM {run.stage.table(shape, 'raw')}")  # noqa: S608 (own names)
        if rows != part.steps["staged"] or part.steps["since"] is not None:
            return False
    return True


def _skip(delivery: Delivery, before: Delivery) -> None:
    with transaction.atomic():
        delivery.parts.all().delete()
        for part in before.parts.all():
            part.pk, part.delivery = None, delivery
            part.unchanged, part.new, part.changed = part.rows, 0, 0
            part.save(force_insert=True)
        sentence = _("The same delivery was taken over on %(day)s; nothing has changed since.") % {
            "day": timezone.localtime(before.applied_at).strftime("%d.%m.%Y") if before.applied_at else "?"
        }
        _close(delivery, Outcome.SKIPPED, sentence)


def _close(delivery: Delivery, outcome: Outcome, sentence: str) -> None:
    delivery.outcome, delivery.sentence, delivery.finished_at = outcome, sentence, timezone.now()
    delivery.progress = {}
    delivery.save()


def _journal_refusal(delivery: Delivery, user: User | None) -> None:
    text = _("Delivery “%(name)s” was refused: %(reason)s") % {
        "name": delivery.name,
        "reason": delivery.sentence,
    }
    record("exchange.delivery_refused", text=text, actor=user, obj=delivery)


def _fail(delivery_id: int, error: Exception) -> None:
    delivery = Delivery.objects.get(pk=delivery_id)
    sentence = _("An error stopped the import: %(error)s. It can be continued.") % {
        "error": f"{type(error).__name__}: {error}"[:500]
    }
    with transaction.atomic():
        _close(delivery, Outcome.FAILED, sentence)
        text = _("Delivery “%(name)s” was stopped by an error.") % {"name": delivery.name}
        record("exchange.delivery_failed", text=text, actor=delivery.received_by, obj=delivery)
