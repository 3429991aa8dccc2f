"""States become rows: which meter a device is, whose it was that day, what its device reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from ebok.customers.models import Meter
from ebok_plugins.e_odczyt.models import MeterAlarm, RemoteMeter, RemoteState
from ebok_plugins.e_odczyt.telemetry.alarms import Alarm
from ebok_plugins.e_odczyt.telemetry.detecting import WARSAW
from ebok_plugins.e_odczyt.telemetry.formats import Line, Refusal, Refused

UNIT = "m³"
FUTURE = timedelta(hours=26)
"""A clock of a radio may go wrong by a day; further ahead the state would hide those to come."""
SAME_ALARM = timedelta(days=3)
"""Pauses up to this belong to one report of a device."""
COLUMNS = ("meter_id", "moment", "customer_id", "value", "flags")


class Known(NamedTuple):
    """A meter that a device may be."""

    meter_id: int
    customer_id: int
    since: date | None
    """The first day of the contract of who holds it now."""
    mounted_on: date | None
    removed_on: date | None
    is_active: bool

    def hung_on(self, day: date) -> bool:
        """Whether it was mounted that day."""
        return (self.mounted_on is None or self.mounted_on <= day) and (
            self.removed_on is None or day <= self.removed_on
        )


class Row(NamedTuple):
    """A row to store, in the order of `COLUMNS`."""

    meter_id: int
    moment: datetime
    customer_id: int
    value: Any
    flags: int


@dataclass
class Stored:
    """What became of a portion."""

    taken: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)


def store(lines: Sequence[Line], now: datetime) -> Stored:
    """Store these states in the caller's transaction. What is there already stays as it is."""
    meters = meters_of({line.device for line in lines})
    result = Stored()
    rows: list[Row] = []
    for line in lines:
        found = _owner(line, meters, now)
        if isinstance(found, Known):
            rows.append(Row(found.meter_id, line.moment, found.customer_id, line.value, line.flags))
        else:
            text = f"{line.device} {line.moment:%Y-%m-%d %H:%M} {line.value}"
            result.refused.append(Refused(line.number, found, text[:200]))
    if not rows:
        return result
    result.taken = insert(rows)
    result.known = len(rows) - result.taken
    if result.taken:
        _note_meters(rows)
        _note_alarms([row for row in rows if row.flags])
    return result


def meters_of(devices: Collection[str]) -> Mapping[str, list[Known]]:
    """The meters that these numbers may be: of the meter itself or of its radio module."""
    found: dict[str, list[Known]] = defaultdict(list)
    rows = Meter.objects.filter(Q(number__in=devices) | Q(radio_number__in=devices), unit=UNIT).values_list(
        "id", "customer_id", "point__contract__valid_from", "mounted_on", "removed_on", "is_active",
        "number", "radio_number",
    )  # fmt: skip
    for row in rows:
        known, numbers = Known(*row[:6]), row[6:]
        for device in set(numbers) & set(devices):
            found[device].append(known)
    return found


def _owner(line: Line, meters: Mapping[str, list[Known]], now: datetime) -> Known | Refusal:
    if line.moment > now + FUTURE:
        return Refusal.IN_FUTURE
    candidates = meters.get(line.device, [])
    if not candidates:
        return Refusal.UNKNOWN_METER
    day = line.moment.astimezone(WARSAW).date()
    there = [meter for meter in candidates if meter.hung_on(day)]
    if len(there) > 1:
        there = [meter for meter in there if meter.is_active] or there
    if len(there) != 1:
        return Refusal.SEVERAL_METERS if there else Refusal.NOT_MOUNTED
    if there[0].since is not None and day < there[0].since:
        return Refusal.BEFORE_CUSTOMER
    return there[0]


def insert(rows: Iterable[Row]) -> int:
    """Insert what is not there yet, in one statement; how many rows are new."""
    known = {field.attname: field for field in RemoteState._meta.concrete_fields}
    fields = [known[name] for name in COLUMNS]
    table = RemoteState._meta.db_table
    ready = [
        tuple(field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True))
        for row in rows
    ]
    columns = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT * FROM unnest("  # noqa: S608 (own names)
                "%s::bigint[], %s::timestamptz[], %s::bigint[], %s::numeric[], %s::integer[])"
                " ON CONFLICT DO NOTHING",
                [list(column) for column in zip(*ready, strict=True)],
            )
            return int(cursor.rowcount)
        cursor.executemany(
            f"INSERT OR IGNORE INTO {table} ({columns}) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608 (own names)
            ready,
        )
        return int(cursor.rowcount)


def _note_meters(rows: Sequence[Row]) -> None:
    """Keep where the states of each meter begin and end, and that there is something to look at."""
    first: dict[int, datetime] = {}
    newest: dict[int, Row] = {}
    for row in rows:
        first[row.meter_id] = min(row.moment, first.get(row.meter_id, row.moment))
        if row.meter_id not in newest or row.moment > newest[row.meter_id].moment:
            newest[row.meter_id] = row
    RemoteMeter.objects.bulk_create(
        [
            RemoteMeter(
                meter_id=key,
                customer_id=row.customer_id,
                first_moment=first[key],
                last_moment=row.moment,
                last_value=row.value,
                last_flags=row.flags,
            )
            for key, row in sorted(newest.items())
        ],
        ignore_conflicts=True,
    )
    # In the order of their ids, so that two portions at once wait for each other and not crosswise.
    found = list(RemoteMeter.objects.select_for_update().filter(pk__in=newest).order_by("pk"))
    for meter in found:
        row = newest[meter.pk]
        meter.news += 1
        meter.customer_id = row.customer_id
        meter.first_moment = min(meter.first_moment, first[meter.pk])
        if row.moment > meter.last_moment:
            meter.last_moment, meter.last_value, meter.last_flags = row.moment, row.value, row.flags
    RemoteMeter.objects.bulk_update(
        found,
        ["news", "customer_id", "first_moment", "last_moment", "last_value", "last_flags"],
        batch_size=500,
    )


def _note_alarms(rows: Sequence[Row]) -> None:
    """Make what devices report one alarm from its first telling to its last."""
    told: dict[tuple[int, int, int], list[datetime]] = defaultdict(list)
    for row in rows:
        for alarm in Alarm(row.flags):
            told[row.meter_id, row.customer_id, int(alarm)].append(row.moment)
    if not told:
        return
    there: dict[tuple[int, int, int], list[MeterAlarm]] = defaultdict(list)
    meters = {meter for meter, _customer, _kind in told}
    for one in MeterAlarm.objects.filter(meter_id__in=meters).order_by("begin"):
        there[one.meter_id, one.customer_id, one.kind].append(one)
    new: list[MeterAlarm] = []
    changed: dict[int, MeterAlarm] = {}
    for key, moments in told.items():
        known = there[key]
        for moment in sorted(moments):
            near = next((a for a in known if a.begin - SAME_ALARM <= moment <= a.last_at + SAME_ALARM), None)
            if near is None:
                near = MeterAlarm(
                    meter_id=key[0], customer_id=key[1], kind=key[2], begin=moment, last_at=moment
                )
                known.append(near)
                new.append(near)
            elif near.begin <= moment <= near.last_at:
                continue
            else:
                near.last_at = max(near.last_at, moment)
                near.begin = min(near.begin, moment)
                if near.pk:
                    changed[near.pk] = near
    MeterAlarm.objects.bulk_create(new, ignore_conflicts=True)
    MeterAlarm.objects.bulk_update(changed.values(), ["begin", "last_at"], batch_size=500)
