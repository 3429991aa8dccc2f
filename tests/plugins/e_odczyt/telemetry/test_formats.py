"""Lines of files of remote readings, and what vendors' words mean (B.11)."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok_plugins.e_odczyt.telemetry.alarms import Alarm, flags_of
from ebok_plugins.e_odczyt.telemetry.formats import Line, Reader, Refusal, Refused

APATOR = (
    '{"_":"telegram","media":"water","meter":"apatorna1","name":"ApNa1","id":"04913581","historic_m3":300.619,'
    '"total_m3":345.312,"current_status":"OK","historic_status":"MINIMUM_FLOW",'
    '"timestamp":"2026-05-03T10:15:00Z"}'
)
KAMSTRUP = (
    '{"media":"cold water","meter":"multical21","name":"MyTapWater","id":"12345678","total_m3":6.388,'
    '"target_m3":6.377,"current_status":"DRY","time_dry":"22-31 days","time_reversed":"","time_leaking":"",'
    '"time_bursting":"1-8 hours","timestamp":"2026-02-08T09:07:22Z","rssi_dbm":-40}'
)


def read(*lines: str) -> list[Line | Refused]:
    return list(Reader().read(lines))


def why(*lines: str) -> list[Refusal]:
    return [line.why for line in read(*lines) if isinstance(line, Refused)]


def test_json_lines_of_wmbusmeters_are_in_utc() -> None:
    (line,) = read(APATOR)
    assert line == Line(1, "04913581", datetime(2026, 5, 3, 10, 15, tzinfo=dt.UTC), Decimal("345.312"), 0)


def test_what_has_lasted_counts_as_an_alarm() -> None:
    (line,) = read(KAMSTRUP)
    assert isinstance(line, Line)
    assert Alarm(line.flags) == Alarm.DRY | Alarm.BURST


def test_fields_without_a_heading_are_in_polish_time() -> None:
    summer, winter = read(
        "ApNa1;04913581;345.312;2026-07-01 12:00.07", "ApNa1;04913581;345.4;2026-12-01 12:00"
    )
    assert isinstance(summer, Line)
    assert isinstance(winter, Line)
    assert summer.moment == datetime(2026, 7, 1, 10, 0, 7, tzinfo=dt.UTC)
    assert winter.moment == datetime(2026, 12, 1, 11, tzinfo=dt.UTC)
    assert summer.device == "04913581"


def test_kamstrup_fields_have_their_status() -> None:
    (line,) = read("Woda;12345678;LEAK DRY;6.388;6.377;2026-07-01 12:00.00")
    assert isinstance(line, Line)
    assert Alarm(line.flags) == Alarm.LEAK | Alarm.DRY


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("id;timestamp;total_m3;current_status", "00148686;2026-07-01 12:00:00;21.93;LEAK"),
        ("id;timestamp_utc;total_m3;current_status", "00148686;2026-07-01T10:00:00Z;21.93;LEAK"),
        ("id;timestamp_ut;total_l;status", "00148686;1782900000;21930;leakage"),
        (
            "Numer wodomierza;Adres;Data odczytu;Stan [m3];Alarmy",
            "00148686;Lipowa 1;01.07.2026 12:00;21,93;wyciek",
        ),
        ("Serial number\tDate/Time\tVolume [m³]\tAlarms", "00148686\t2026-07-01 12:00\t21,930\tleakage"),
        ('"ID";"TIMESTAMP";"TOTAL_M3";"STATUS"', '"00148686";"2026-07-01 12:00";"21.93";"LEAK"'),
    ],
)
def test_a_heading_names_the_columns(heading: str, row: str) -> None:
    (line,) = read("\ufeff" + heading, "", row)
    expected = datetime(2026, 7, 1, 10, tzinfo=dt.UTC)
    assert line == Line(3, "00148686", expected, Decimal("21.930"), Alarm.LEAK)


def test_the_hour_that_comes_twice_is_told_apart_by_the_order() -> None:
    lines = read(
        "id;timestamp;total_m3",
        *(f"1;2026-10-25 {hour};5" for hour in ("01:30", "02:10", "02:40", "02:10", "02:40", "03:10")),
    )
    hours = [line.moment.strftime("%d %H:%M") for line in lines if isinstance(line, Line)]
    assert hours == ["24 23:30", "25 00:10", "25 00:40", "25 01:10", "25 01:40", "25 02:10"]


def test_the_hour_that_does_not_exist_is_refused() -> None:
    assert why("id;timestamp;total_m3", "1;2026-03-29 02:30;5") == [Refusal.NO_SUCH_HOUR]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", Refusal.NOT_READABLE),
        ("[1]", Refusal.NOT_READABLE),
        ('{"id":5,"total_m3":1,"timestamp":"2026-07-01T10:00:00Z"}', Refusal.NO_DEVICE),
        ('{"id":"1","total_m3":1}', Refusal.NO_MOMENT),
        ('{"id":"1","total_m3":1,"timestamp":"2026-07-01T10:00:00"}', Refusal.NO_MOMENT),
        ('{"id":"1","timestamp":"2026-07-01T10:00:00Z"}', Refusal.NO_STATE),
        ('{"id":"1","total_m3":-1,"timestamp":"2026-07-01T10:00:00Z"}', Refusal.NO_STATE),
        ('{"id":"1","total_m3":NaN,"timestamp":"2026-07-01T10:00:00Z"}', Refusal.NO_STATE),
        ('{"id":"1","total_m3":1e400,"timestamp":"2026-07-01T10:00:00Z"}', Refusal.NO_STATE),
        ("a;b", Refusal.NOT_READABLE),
        ("a;1;dużo;2026-07-01 10:00", Refusal.NO_STATE),
        ("a;1;5;jutro", Refusal.NO_MOMENT),
        ("a;1;5;0001-01-01 00:00", Refusal.NO_MOMENT),
        ("a;1;5\x00;2026-07-01 10:00", Refusal.NOT_READABLE),
        ("a;" + "1" * 9000, Refusal.NOT_READABLE),
    ],
)
def test_a_line_that_says_nothing_is_refused_with_its_number(line: str, expected: Refusal) -> None:
    (refused,) = read("", line)
    assert isinstance(refused, Refused)
    assert (refused.number, refused.why) == (2, expected)
    assert len(refused.text) <= 200
    assert "\x00" not in refused.text


@given(st.lists(st.text(max_size=200), max_size=8))
def test_whatever_a_file_holds_is_read_or_refused(lines: list[str]) -> None:
    for line in Reader().read(lines):
        assert isinstance(line, Line | Refused)


@given(
    st.dictionaries(
        st.sampled_from(["id", "timestamp", "total_m3", "total_l", "status"]),
        st.text() | st.floats() | st.integers() | st.none(),
    )
)
def test_whatever_json_says_is_read_or_refused(found: dict[str, object]) -> None:
    import json

    (line,) = read(json.dumps(found))
    assert isinstance(line, Line | Refused)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("OK", Alarm(0)),
        ("no_alarm", Alarm(0)),
        ("", Alarm(0)),
        ("LEAK MAGNETIC_FIELD", Alarm.LEAK | Alarm.MAGNETIC_FIELD),
        ("leakage,back_flow,sensor_fraud", Alarm.LEAK | Alarm.REVERSE_FLOW | Alarm.MAGNETIC_FIELD),
        ("Przepływ wsteczny", Alarm.REVERSE_FLOW),
        ("słaba bateria", Alarm.BATTERY_LOW),
        ("UNKNOWN_THING", Alarm.FAULT),
    ],
)
def test_words_of_vendors_become_one_vocabulary(status: str, expected: Alarm) -> None:
    assert Alarm(flags_of(status)) == expected


def test_the_bits_that_are_stored_keep_their_meaning() -> None:
    assert {alarm.name: int(alarm) for alarm in Alarm} == {
        "LEAK": 1,
        "REVERSE_FLOW": 2,
        "MAGNETIC_FIELD": 4,
        "MEASUREMENT_UNCHANGED": 8,
        "MINIMUM_FLOW": 16,
        "MAXIMUM_FLOW": 32,
        "DEVICE_DISCONNECTED": 64,
        "BATTERY_LOW": 128,
        "BURST": 256,
        "TAMPER": 512,
        "DRY": 1024,
        "FROST": 2048,
        "FAULT": 4096,
    }
