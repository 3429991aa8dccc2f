"""The states of an outage and the guard on publishing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from snippets.outages.rules import Effect, Kind, Problem, State, Thresholds, over_at, problems, state_at

START = datetime(2026, 5, 21, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "end", "ended", "expected"),
    [
        (Kind.PLANNED, START + 5 * HOUR, None, START + 5 * HOUR),
        (Kind.FAILURE, START + 5 * HOUR, None, START + 17 * HOUR),
        (Kind.FAILURE, None, None, None),
        (Kind.FAILURE, None, START + HOUR, START + HOUR),
        (Kind.PLANNED, START + 5 * HOUR, START + 6 * HOUR, START + 6 * HOUR),
    ],
)
def test_when_it_is_over(
    kind: Kind, end: datetime | None, ended: datetime | None, expected: datetime | None
) -> None:
    assert over_at(kind=kind, expected_end=end, ended_at=ended) == expected


@pytest.mark.parametrize(
    ("at", "over", "withdrawn", "expected"),
    [
        (-HOUR, START + HOUR, None, State.PLANNED),
        (0 * HOUR, START + HOUR, None, State.ONGOING),
        (HOUR, START + HOUR, None, State.ENDED),
        (900 * DAY, None, None, State.ONGOING),
        (HOUR, START + HOUR, START, State.WITHDRAWN),
    ],
)
def test_state(at: timedelta, over: datetime | None, withdrawn: datetime | None, expected: State) -> None:
    assert state_at(START + at, starts_at=START, over=over, withdrawn_at=withdrawn) is expected


GUARD = [
    # kind, effect, announced ahead, lasts, water point → problems
    (Kind.PLANNED, Effect.NO_WATER, 7 * DAY, 5 * HOUR, False, ()),
    (Kind.PLANNED, Effect.NO_WATER, 7 * DAY - timedelta(seconds=1), 5 * HOUR, False, (Problem.SHORT_NOTICE,)),
    (Kind.PLANNED, Effect.NO_CHANGE, 3 * DAY, 5 * HOUR, False, (Problem.SHORT_NOTICE,)),
    (Kind.PLANNED, Effect.NO_WATER, 8 * DAY, 8 * HOUR, False, ()),
    (
        Kind.PLANNED,
        Effect.NO_WATER,
        8 * DAY,
        8 * HOUR + timedelta(minutes=1),
        False,
        (Problem.NO_WATER_POINT,),
    ),
    (Kind.PLANNED, Effect.NO_WATER, 8 * DAY, 9 * HOUR, True, ()),
    (Kind.PLANNED, Effect.LOW_PRESSURE, 8 * DAY, 30 * HOUR, False, ()),
    (Kind.PLANNED, Effect.DO_NOT_DRINK, 8 * DAY, 30 * HOUR, False, (Problem.NO_WATER_POINT,)),
    (Kind.PLANNED, Effect.NO_WATER, DAY, 9 * HOUR, False, (Problem.SHORT_NOTICE, Problem.NO_WATER_POINT)),
    (Kind.FAILURE, Effect.NO_WATER, -HOUR, 4 * HOUR, False, ()),
    (Kind.FAILURE, Effect.NO_WATER, -HOUR, 5 * HOUR, False, (Problem.LONG_FAILURE,)),
    (Kind.FAILURE, Effect.NO_WATER, -HOUR, 9 * HOUR, False, (Problem.NO_WATER_POINT, Problem.LONG_FAILURE)),
    (Kind.FAILURE, Effect.NO_WATER, -HOUR, None, False, ()),
    (Kind.RESTRICTION, Effect.LOW_PRESSURE, -HOUR, 90 * HOUR, False, ()),
]


@pytest.mark.feature("A05")
@pytest.mark.parametrize(("kind", "effect", "ahead", "lasts", "water", "expected"), GUARD)
def test_guard(
    kind: Kind,
    effect: Effect,
    ahead: timedelta,
    lasts: timedelta | None,
    water: bool,
    expected: tuple[Problem, ...],
) -> None:
    found = problems(
        kind=kind,
        effect=effect,
        noticed_at=START - ahead,
        starts_at=START,
        expected_end=None if lasts is None else START + lasts,
        has_water_point=water,
        thresholds=Thresholds(),
    )
    assert found == expected


def test_a_threshold_of_zero_is_off() -> None:
    found = problems(
        kind=Kind.PLANNED,
        effect=Effect.NO_WATER,
        noticed_at=START,
        starts_at=START,
        expected_end=START + 90 * HOUR,
        has_water_point=False,
        thresholds=Thresholds(planned_days=0, water_point_hours=0, unplanned_hours=0),
    )
    assert found == ()
