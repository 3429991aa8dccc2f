"""Reading of a series: what comes twice, late, garbled, with holes or from another meter."""

from __future__ import annotations

import datetime as dt
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok_plugins.e_odczyt.telemetry.series import Sample, read

FIRST = datetime(2026, 3, 1, tzinfo=dt.UTC)


def states(*litres: int | None, hours: float = 1) -> list[Sample]:
    """One state an hour; None is an hour of which nothing came."""
    return [
        Sample(FIRST + timedelta(hours=hours * number), state)
        for number, state in enumerate(litres)
        if state is not None
    ]


def test_nothing_and_one_state_say_nothing() -> None:
    assert read([]).steps == () or list(read([]).steps) == []
    assert not read(states(5)).steps
    assert not read([]).is_hourly
    assert not read([]).is_daily


def test_a_hole_is_one_long_step() -> None:
    series = read(states(100, 110, None, None, 140))
    assert [(step.hours, step.litres) for step in series.steps] == [(1, 10), (3, 30)]


def test_what_comes_twice_counts_once() -> None:
    samples = states(100, 110, 120)
    series = read([*samples, *samples, Sample(samples[1].moment, 115)])
    assert [step.litres for step in series.steps] == [10, 10]
    assert series.repeated == 4


@pytest.mark.parametrize("wrong", [0, 900_000, 99_999_999])
def test_a_garbled_state_is_left_out(wrong: int) -> None:
    series = read(states(50_000, 50_010, wrong, 50_030))
    assert [step.litres for step in series.steps] == [10, 20]
    assert series.garbled == 1
    assert not series.breaks


def test_a_reset_is_a_break_and_not_backflow() -> None:
    series = read(states(50_000, 50_010, 0, 12))
    assert [step.litres for step in series.steps] == [10, 12]
    assert len(series.breaks) == 1


def test_another_meter_is_a_break_also_when_its_state_is_near() -> None:
    series = read(states(500, 510, 530, 540), exchanged=[FIRST + timedelta(hours=1, minutes=30)])
    assert [step.litres for step in series.steps] == [10, 10]
    assert series.breaks == [FIRST + timedelta(hours=2)]


def test_a_roll_over_goes_on_counting() -> None:
    series = read(states(99_999_990, 99_999_999, 4), modulus=100_000_000)
    assert [step.litres for step in series.steps] == [9, 5]


def test_little_back_is_backflow_and_stays() -> None:
    assert [step.litres for step in read(states(500, 480, 490)).steps] == [-20, 10]


def test_resolution_and_pace_are_seen() -> None:
    assert read(states(0, 30, 100, 120)).resolution == 10
    assert read(states(0, 1, 3)).resolution == 1
    assert read(states(0, 1, 3)).is_hourly
    assert read(states(0, 1, 3, hours=24)).is_daily
    weekly = read(states(0, 1, 3, hours=168))
    assert not weekly.is_daily
    assert not weekly.is_hourly


@given(
    st.lists(
        st.tuples(st.integers(0, 3000), st.integers(-50, 10**9)).map(
            lambda pair: Sample(FIRST + timedelta(minutes=pair[0]), pair[1])
        ),
        max_size=60,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_in_which_states_come_changes_nothing(samples: list[Sample], drawn: object) -> None:
    unique = list({sample.moment: sample for sample in samples}.values())
    shuffled = list(unique)
    drawn.shuffle(shuffled)  # type: ignore[attr-defined]
    assert read(unique) == read(shuffled)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=80), st.integers(0, 10**8))
def test_what_flowed_is_what_the_states_differ_by(flows: list[int], begin: int) -> None:
    litres, samples = begin, [Sample(FIRST, begin)]
    for number, flow in enumerate(flows, 1):
        litres += flow
        samples.append(Sample(FIRST + timedelta(hours=number), litres))
    series = read(samples)
    assert sum(step.litres for step in series.steps) == litres - begin
    assert all(step.begin < step.end for step in series.steps)
