"""Analysing the journal: within a bounded period, along indexes, with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from ebok.journal import failures
from ebok.journal.devices import device_name
from ebok.journal.models import Detail, Event
from ebok.journal.sign_ins import FAILED, SIGNED_IN, login_of
from ebok.journal.staff import administrator_ids

LONGEST = 366
"""Days of the longest period."""
MOST_BARS = 62
"""Longer periods are drawn in weeks."""
MOST_EVENTS = 10_000
"""So many of the newest failed tries are looked at; an attack may make millions."""
MOST_SIGN_INS = 2_000
"""So many of the newest sign-ins are compared with what their accounts used before."""
MOST_DEVICES = 50
MOST_ACTS = 500
_CANDIDATES = 200


@dataclass(frozen=True)
class Period:
    """Whole days, both included, in local time."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def since(self) -> datetime:
        """Its beginning."""
        return midnight(self.first)

    @property
    def until(self) -> datetime:
        """Its end, exclusive."""
        return midnight(self.last + timedelta(days=1))

    def steps(self) -> list[Period]:
        """The parts that are counted: days, or weeks when there would be too many days."""
        step = 1 if self.days <= MOST_BARS else 7
        starts = range(0, self.days, step)
        return [
            Period(
                self.first + timedelta(days=start),
                min(self.last, self.first + timedelta(days=start + step - 1)),
            )
            for start in starts
        ]

    def within(self) -> dict[str, datetime]:
        """The condition of a query."""
        return {"moment__gte": self.since, "moment__lt": self.until}


@dataclass(frozen=True)
class Counted:
    """How many events a part of the period has."""

    period: Period
    count: int


@dataclass(frozen=True)
class NewDevice:
    """The first sign-in of an account with a device it was never seen with before."""

    event_id: Any
    moment: datetime
    actor_id: int
    who: str
    device: str
    address: str
    first_ever: bool
    """The account had never signed in before (as far as details are kept)."""


@dataclass(frozen=True)
class NewDevices:
    """New devices, newest first; `cut` when there may be more in the period."""

    found: list[NewDevice]
    cut: bool


@dataclass(frozen=True)
class Acts:
    """What one administrator did of one kind."""

    actor_id: int
    who: str
    kind: str
    count: int
    last: datetime
    total: int
    """Of all kinds."""


def midnight(day: date) -> datetime:
    """The beginning of a day in local time."""
    return timezone.make_aware(datetime.combine(day, time.min))


def counts(period: Period, kinds: Sequence[str] = ()) -> list[Counted]:
    """Events of each part of the period: one query that counts along an index, part by part.

    Grouping by a day computed from each row would read every row of the period.
    """
    steps = period.steps()
    adapt = connection.ops.adapt_datetimefield_value
    of_kind = f" AND kind IN ({', '.join(['%s'] * len(kinds))})" if kinds else ""
    one = f"(SELECT COUNT(*) FROM journal_event WHERE moment >= %s AND moment < %s{of_kind})"  # noqa: S608 (no values in it)
    given: list[Any] = []
    for step in steps:
        given += [adapt(step.since), adapt(step.until), *kinds]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([one] * len(steps))}", given)
        found = cursor.fetchone()
    return [Counted(step, count) for step, count in zip(steps, found, strict=True)]


def failed_tries(period: Period) -> list[failures.Try]:
    """The newest failed sign-ins of the period, for `failures.by_address` and `by_account`. One query."""
    newest = Event.objects.filter(kind=FAILED, **period.within()).order_by("-moment", "-id")
    details = Detail.objects.filter(event_id__in=newest.values("id")[:MOST_EVENTS], **period.within())
    return [
        failures.Try(
            detail.moment,
            detail.address or "",
            str(detail.payload.get("login", "")),
            login_of(detail),
        )
        for detail in details.only("moment", "address", "payload", "text")
    ]


def new_devices(period: Period) -> NewDevices:
    """First sign-ins of the period with a device unknown to the account, newest first. Three queries.

    A browser that was updated calls itself otherwise and is no new device, so names are compared.
    """
    sign_ins = Event.objects.filter(kind=SIGNED_IN, actor_id__isnull=False)
    since, cut = _reach(sign_ins, period)
    before = _with_device(sign_ins).filter(
        actor_id=OuterRef("actor_id"), moment__lt=OuterRef("moment"), device=OuterRef("device")
    )
    # In the order of the index and without an inner list, so that the database stops at the last one.
    candidates = list(
        _with_device(sign_ins.filter(moment__gte=since, moment__lt=period.until))
        .annotate(who=_of_detail("actor_label"), address=_of_detail("address"))
        .filter(~Exists(before), device__gt="")
        .order_by("-moment", "-id")[:_CANDIDATES]
    )
    known = _devices_of({event.actor_id for event in candidates}, period.until)
    found = []
    for event in candidates:
        name = device_name(event.device)
        earlier = [device for moment, device in known.get(event.actor_id, ()) if moment < event.moment]
        if name not in earlier:
            found.append(
                NewDevice(
                    event.id,
                    event.moment,
                    event.actor_id,
                    event.who,
                    name,
                    event.address or "",
                    first_ever=not earlier,
                )
            )
    cut = cut or len(candidates) == _CANDIDATES or len(found) > MOST_DEVICES
    return NewDevices(found[:MOST_DEVICES], cut)


def administrators_acts(period: Period, kinds: Sequence[str] = ()) -> list[Acts]:
    """What administrators did, by person and kind; the busiest person first. Two queries."""
    events = Event.objects.filter(actor_id__in=administrator_ids(), **period.within())
    if kinds:
        events = events.filter(kind__in=kinds)
    rows: Any = events.values("actor_id", "kind").annotate(count=Count("pk"), last=Max("moment"))
    found = list(rows.order_by("-count", "actor_id", "kind")[:MOST_ACTS])
    people = get_user_model()._default_manager.in_bulk({row["actor_id"] for row in found})
    totals: dict[int, int] = {}
    for row in found:
        totals[row["actor_id"]] = totals.get(row["actor_id"], 0) + row["count"]
    acts = [
        Acts(
            row["actor_id"],
            _name(people.get(row["actor_id"]), row["actor_id"]),
            row["kind"],
            row["count"],
            row["last"],
            totals[row["actor_id"]],
        )
        for row in found
    ]
    return sorted(acts, key=lambda one: (-one.total, one.who, -one.count, one.kind))


def _of_detail(column: str) -> Subquery:
    return Subquery(
        Detail.objects.filter(event_id=OuterRef("id"), moment=OuterRef("moment")).values(column)[:1]
    )


def _with_device(events: QuerySet[Event]) -> QuerySet[Any]:
    return events.annotate(device=_of_detail("device"))


def _reach(sign_ins: QuerySet[Event], period: Period) -> tuple[datetime, bool]:
    """How far back the newest sign-ins of the period reach, and whether the period has more."""
    newest = sign_ins.filter(**period.within()).order_by("-moment")
    last = list(newest.values_list("moment", flat=True)[MOST_SIGN_INS : MOST_SIGN_INS + 1])
    return (last[0], True) if last else (period.since, False)


def _devices_of(actor_ids: set[int], until: datetime) -> dict[int, list[tuple[datetime, str]]]:
    events = Event.objects.filter(kind=SIGNED_IN, actor_id__in=actor_ids, moment__lt=until)
    known: dict[int, list[tuple[datetime, str]]] = {}
    newest = _with_device(events).order_by("-moment", "-id")[:MOST_EVENTS]
    for actor_id, moment, device in newest.values_list(F("actor_id"), F("moment"), F("device")):
        if device:
            known.setdefault(actor_id, []).append((moment, device_name(device)))
    return known


def _name(user: Any, user_id: int) -> str:
    if user is None:
        return f"#{user_id}"
    name, login = user.get_full_name(), user.get_username()
    return f"{name} ({login})" if name else str(login)
