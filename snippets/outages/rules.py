"""Decisions about outages: their state, and whether one may be published. No Django, no database.

The thresholds come from municipal water-supply regulations (planned work announced at
least 7 days ahead, a substitute water point when water is off for more than 8 hours,
immediate notice of failures over 4 hours); they differ between communes, so a site sets them.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

OVERDUE_GRACE = timedelta(hours=12)
"""How long an unplanned outage stays listed as ongoing after its expected end, unless it is closed."""


class Kind(enum.StrEnum):
    """What kind of notice it is."""

    FAILURE = "failure"
    PLANNED = "planned"
    RESTRICTION = "restriction"
    SUBSTITUTE_WATER = "substitute"


class State(enum.StrEnum):
    """Where an outage stands at a moment."""

    PLANNED = "planned"
    ONGOING = "ongoing"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class Effect(enum.StrEnum):
    """What people notice at the tap."""

    NO_WATER = "no-water"
    LOW_PRESSURE = "low-pressure"
    CLOUDY = "cloudy"
    DO_NOT_DRINK = "do-not-drink"
    NO_CHANGE = "no-change"


DRY = frozenset({Effect.NO_WATER, Effect.DO_NOT_DRINK})
"""Effects that leave people without drinking water, so that a water point is owed."""


def over_at(*, kind: str, expected_end: datetime | None, ended_at: datetime | None) -> datetime | None:
    """The moment from which the outage counts as ended; None while nobody knows.

    Closing wins. Planned work ends when it said it would; an unplanned one is given
    `OVERDUE_GRACE`, since a late repair is still a dry tap.
    """
    if ended_at is not None:
        return ended_at
    if expected_end is None:
        return None
    return expected_end if kind == Kind.PLANNED else expected_end + OVERDUE_GRACE


def state_at(
    now: datetime, *, starts_at: datetime, over: datetime | None, withdrawn_at: datetime | None = None
) -> State:
    """The state at `now`. A withdrawn notice stays withdrawn whatever its dates say."""
    if withdrawn_at is not None:
        return State.WITHDRAWN
    if over is not None and over <= now:
        return State.ENDED
    return State.PLANNED if now < starts_at else State.ONGOING


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """When the guard speaks up; zero switches that rule off."""

    planned_days: int = 7
    water_point_hours: int = 8
    unplanned_hours: int = 4


class Problem(enum.StrEnum):
    """A rule a notice would break, or should make somebody think."""

    SHORT_NOTICE = "short-notice"
    NO_WATER_POINT = "no-water-point"
    LONG_FAILURE = "long-failure"


BLOCKING = frozenset({Problem.SHORT_NOTICE, Problem.NO_WATER_POINT})
"""Problems that need a written reason. The others are only pointed out."""


def problems(
    *,
    kind: str,
    effect: str,
    noticed_at: datetime,
    starts_at: datetime,
    expected_end: datetime | None,
    has_water_point: bool,
    thresholds: Thresholds,
) -> tuple[Problem, ...]:
    """What speaks against publishing the notice at `noticed_at`.

    `noticed_at` is when people can first read it: now, the scheduled go-live, or the first
    publication of a notice whose start did not move.
    """
    found: list[Problem] = []
    ahead = starts_at - noticed_at
    if kind == Kind.PLANNED and thresholds.planned_days and ahead < timedelta(days=thresholds.planned_days):
        found.append(Problem.SHORT_NOTICE)
    if expected_end is None:
        return tuple(found)
    lasts = expected_end - starts_at
    dry_too_long = thresholds.water_point_hours and lasts > timedelta(hours=thresholds.water_point_hours)
    if dry_too_long and effect in DRY and not has_water_point:
        found.append(Problem.NO_WATER_POINT)
    too_long = thresholds.unplanned_hours and lasts > timedelta(hours=thresholds.unplanned_hours)
    if kind == Kind.FAILURE and too_long:
        found.append(Problem.LONG_FAILURE)
    return tuple(found)
