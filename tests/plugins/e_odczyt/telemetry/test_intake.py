"""Files of remote readings come in: kept, read in portions, resumed, each state once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from ebok.customers.models import Meter
from ebok.journal.models import Event
from ebok.testing import mirror
from ebok_plugins.e_odczyt.models import (
    FileState,
    MeterAlarm,
    RefusedLine,
    RemoteFile,
    RemoteMeter,
    RemoteState,
)
from ebok_plugins.e_odczyt.telemetry import intake, partitions
from ebok_plugins.e_odczyt.telemetry.alarms import Alarm
from ebok_plugins.e_odczyt.telemetry.declared import keep_house
from tests.plugins.e_odczyt.telemetry.conftest import DAY, FIRST, Send, later, lines_of

pytestmark = pytest.mark.django_db


def test_states_are_taken_for_the_meter_of_the_radio_module(meter: Meter, send: Send) -> None:
    file = send(lines_of(DAY))
    assert (file.state, file.taken, file.known, file.refused) == (FileState.READ, 25, 0, 0)
    states = RemoteState.objects.filter(meter=meter).order_by("moment")
    assert states.count() == 25
    assert states[0].moment == FIRST
    assert states[0].customer_id == meter.customer_id
    assert states[24].litres == 100_000 + sum(DAY)
    remote = RemoteMeter.objects.get(pk=meter.pk)
    assert (remote.first_moment, remote.last_moment) == (FIRST, FIRST + timedelta(days=1))
    assert remote.news == 1
    assert set(Event.objects.values_list("kind", flat=True)) >= {
        "e_odczyt.remote_file_received",
        "e_odczyt.remote_file_read",
    }


def test_the_number_of_the_meter_itself_will_do_and_json_lines_too(meter: Meter, send: Send) -> None:
    line = {"_": "telegram", "id": meter.number, "total_m3": 21.93, "timestamp": "2026-05-03T10:00:00Z"}
    assert send(json.dumps(line)).taken == 1
    assert str(RemoteState.objects.get().value) == "21.930"


def test_the_same_bytes_come_in_once_and_the_same_states_change_nothing(meter: Meter, send: Send) -> None:
    first = send(lines_of(DAY))
    assert send(lines_of(DAY)).pk == first.pk
    again = send(lines_of(DAY) + "\n")
    assert (again.taken, again.known) == (0, 25)
    other = send(lines_of([flow + 1 for flow in DAY] + [5]))
    assert (other.taken, other.known) == (1, 25)
    assert RemoteState.objects.order_by("moment")[1].litres == 100_000


def test_lines_that_say_nothing_are_kept_with_their_numbers_and_reasons(meter: Meter, send: Send) -> None:
    ahead = timezone.now() + timedelta(days=3)
    file = send(
        "id;timestamp_utc;total_m3\n"
        f"00148686;2026-05-03T10:00:00Z;5\n"
        "nikt;2026-05-03T10:00:00Z;5\n"
        "00148686;kiedyś;5\n"
        f"00148686;{ahead:%Y-%m-%dT%H:%M:%SZ};5\n"
    )
    assert (file.taken, file.refused) == (1, 3)
    assert list(RefusedLine.objects.order_by("number").values_list("number", "why")) == [
        (3, "unknown-meter"),
        (4, "no-moment"),
        (5, "in-future"),
    ]


def test_a_binary_file_is_refused_line_by_line_and_nothing_breaks(meter: Meter, send: Send) -> None:
    file = send(bytes(range(256)) * 400)
    assert file.state == FileState.READ
    assert file.taken == 0
    assert file.refused > 0


def test_a_file_of_windows_is_read(meter: Meter, send: Send) -> None:
    text = "Numer wodomierza;Data odczytu;Stan [m3];Alarmy\n00148686;03.05.2026 12:00;5,5;słaba bateria\n"
    assert send(text.encode("cp1250")).taken == 1
    assert RemoteState.objects.get().flags == Alarm.BATTERY_LOW


@pytest.mark.parametrize("content", [b"", b"x" * 11])
def test_empty_and_too_big_files_are_not_kept(content: bytes, monkeypatch: Any, db: None) -> None:
    monkeypatch.setattr(intake, "LARGEST", 10)
    with pytest.raises(ValidationError):
        intake.keep_file("plik.csv", ContentFile(content))
    assert not RemoteFile.objects.exists()


def test_a_killed_reading_goes_on_where_it_was(meter: Meter, monkeypatch: Any) -> None:
    monkeypatch.setattr(intake, "PORTION", 10)
    file, is_new = intake.keep_file("odczyty.csv", ContentFile(lines_of(DAY).encode()))
    assert is_new
    # As if killed after the first portion: the heading lies before the place where it goes on.
    intake.read_file(file, timezone.now())
    stopped = RemoteFile.objects.get()
    assert (stopped.state, stopped.lines_done, stopped.taken) == (FileState.READING, 10, 9)
    intake.read_waiting(later())
    done = RemoteFile.objects.get()
    assert (done.state, done.taken, done.known) == (FileState.READ, 25, 0)


def test_two_processes_at_once_take_each_portion_once(meter: Meter) -> None:
    file, _is_new = intake.keep_file("odczyty.csv", ContentFile(lines_of(DAY).encode()))
    late = RemoteFile.objects.get(pk=file.pk)
    intake.read_file(file)
    intake.read_file(late)
    assert RemoteFile.objects.get().taken == 25
    assert RemoteFile.objects.get().known == 0


def test_states_of_an_earlier_tenant_are_refused(meter: Meter, send: Send) -> None:
    meter.point.contract = mirror.contract(meter.customer, valid_from=FIRST.date() + timedelta(days=2))
    meter.point.save()
    file = send(lines_of(DAY * 2))
    # From midnight of the second day on the customer is the new one.
    assert file.taken == 25
    assert set(RefusedLine.objects.values_list("why", flat=True)) == {"before-customer"}


def test_a_radio_module_moved_to_another_meter_counts_for_the_one_that_hung_then(
    meter: Meter, send: Send
) -> None:
    exchanged = FIRST.date() + timedelta(days=2)
    meter.removed_on, meter.is_active = exchanged - timedelta(days=1), False
    meter.save()
    fresh = mirror.meter(meter.point, radio_number="00148686", mounted_on=exchanged)
    file = send(lines_of(DAY * 3))
    assert file.refused == 0
    assert RemoteState.objects.filter(meter=meter).count() == 24
    assert RemoteState.objects.filter(meter=fresh).count() == 49


def test_two_active_meters_of_one_number_are_refused(meter: Meter, send: Send) -> None:
    mirror.meter(meter.point, radio_number="00148686")
    file = send(lines_of(DAY))
    assert file.taken == 0
    assert set(RefusedLine.objects.values_list("why", flat=True)) == {"several-meters"}


def test_alarms_become_one_from_first_to_last(meter: Meter, send: Send) -> None:
    send(lines_of(DAY, status="LEAK LOW_BATTERY"))
    send(lines_of(DAY, first=FIRST + timedelta(days=1), status="LEAK"))
    send(lines_of(DAY, first=FIRST + timedelta(days=9), status="LEAK"))
    found = MeterAlarm.objects.order_by("kind", "begin").values_list("kind", "begin", "last_at")
    assert list(found) == [
        (Alarm.LEAK, FIRST, FIRST + timedelta(days=2)),
        (Alarm.LEAK, FIRST + timedelta(days=9), FIRST + timedelta(days=10)),
        (Alarm.BATTERY_LOW, FIRST, FIRST + timedelta(days=1)),
    ]


def test_a_file_that_is_gone_is_said_to_be(meter: Meter) -> None:
    file, _is_new = intake.keep_file("odczyty.csv", ContentFile(lines_of(DAY).encode()))
    file.file.storage.delete(str(file.file.name))
    intake.read_waiting(later())
    assert RemoteFile.objects.get().state == FileState.FAILED


def test_the_number_of_queries_does_not_grow_with_the_lines(
    meter: Meter, django_assert_num_queries: Any, send: Send
) -> None:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        send(lines_of(DAY[:2]))
    with CaptureQueriesContext(connection) as many:
        send(lines_of(DAY * 20, first=FIRST + timedelta(days=30)))
    assert len(many) <= len(few)


def test_months_have_partitions_on_postgresql(meter: Meter, send: Send) -> None:
    send(lines_of(DAY))
    keep_house()
    if connection.vendor != "postgresql":
        assert partitions.create_missing([FIRST]) == []
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM e_odczyt_remotestate_m202605")
        assert cursor.fetchone() == (25,)
        cursor.execute("SELECT count(*) FROM e_odczyt_remotestate_default")
        assert cursor.fetchone() == (0,)


def test_states_past_their_time_go(meter: Meter, send: Send, home: Any) -> None:
    from ebok_plugins.e_odczyt.models import ReadingSettings

    send(lines_of(DAY, first=FIRST.replace(year=2015)))
    send(lines_of(DAY, first=timezone.now().replace(microsecond=0) - timedelta(days=3)))
    settings = ReadingSettings.for_site(home.site)
    settings.remote_months = 12
    settings.save()
    keep_house()
    assert RemoteState.objects.count() == 25
