"""Retention: details past their kind's time are deleted, months in which nothing is kept are dropped.

A kind without `retention` is kept as long as the journal, and so is every month with an event of such a
kind. Kinds of modules that are not installed declare nothing, so they are kept, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import ngettext

from ebok.journal import dropping, kinds, removals
from ebok.journal.erasing import delete_rows
from ebok.journal.models import Detail, Event
from ebok.journal.services import record

AT_ONCE = 5000
"""Details deleted in one transaction."""
LATE = timedelta(days=30)
"""How far before the place already worked through a run looks for events that committed late."""


@dataclass(frozen=True)
class Expired:
    """What a run removed, or with `dry_run` what it would remove."""

    details: Mapping[str, int] = field(default_factory=dict)
    """Kind to the number of its details."""
    months: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Details of all kinds together."""
        return sum(self.details.values())


def cutoffs(now: datetime) -> dict[datetime, list[str]]:
    """The moment before which details are past their time, and the kinds for which it is this one."""
    found: dict[datetime, list[str]] = {}
    for kind in kinds.declared():
        if kind.retention is not None:
            found.setdefault(now - kind.retention, []).append(kind.key)
    return found


def expire(
    *,
    dry_run: bool = False,
    everywhere: bool = False,
    actor: str = "zegar",
    now: datetime | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> Expired:
    """Remove what is past its time; the removal is an event itself.

    Looks from where the last run ended, less thirty days; `everywhere` looks at all events.
    """
    now = now or datetime.now(UTC)
    done = {} if everywhere else removals.expired_until(using=using)
    details: dict[str, int] = {}
    for cutoff, keys in cutoffs(now).items():
        begin = min((done[key] for key in keys), default=None) if set(keys) <= set(done) else None
        due = _due(keys, begin - LATE if begin else None, cutoff, using)
        details.update(_counted(due) if dry_run else _delete(due, keys, cutoff, using))
    months = dropping.due(now, using=using)
    if not dry_run:
        months = [month for month in months if dropping.drop(month, actor=actor, using=using)]
    expired = Expired(details, [month.name for month in months])
    if expired.count and not dry_run:
        _tell(expired, actor, using)
    return expired


def _due(keys: list[str], begin: datetime | None, cutoff: datetime, using: str) -> QuerySet[Event]:
    detail = Detail.objects.using(using).filter(event_id=OuterRef("id"), moment=OuterRef("moment"))
    events: QuerySet[Event] = Event.objects.using(using).filter(kind__in=keys, moment__lt=cutoff)
    if begin:
        events = events.filter(moment__gte=begin)
    return events.filter(Exists(detail))


def _counted(due: QuerySet[Event]) -> dict[str, int]:
    return dict(due.values_list("kind").annotate(count=Count("pk")).order_by("kind"))


def _delete(due: QuerySet[Event], keys: list[str], cutoff: datetime, using: str) -> dict[str, int]:
    deleted: dict[str, int] = {}
    while piece := list(due.order_by("moment", "id").values_list("id", "moment", "kind")[:AT_ONCE]):
        first, last = piece[0][1], piece[-1][1]
        # Stated only as far as this transaction deletes, so that the next run finds the rest.
        until = cutoff if len(piece) < AT_ONCE else last + timedelta(microseconds=1)
        with transaction.atomic(using=using):
            removals.state_expired(keys, until, using=using)
            delete_rows(
                Detail.objects.using(using).filter(
                    event_id__in=[event_id for event_id, _moment, _kind in piece],
                    moment__gte=first,
                    moment__lte=last,
                )
            )
        for _id, _moment, kind in piece:
            deleted[kind] = deleted.get(kind, 0) + 1
    return deleted


def _tell(expired: Expired, actor: str, using: str) -> None:
    count = expired.count
    record(
        "journal.details_expired",
        text=ngettext(
            "Removed the details of %(count)d event past its time from the journal",
            "Removed the details of %(count)d events past their time from the journal",
            count,
        )
        % {"count": count},
        actor=actor,
        payload={"details": expired.details},
        using=using,
    )
