"""Reading a water meter: which digits count, and whether the result is likely. Pure rules.

A counter shows whole cubic metres in black digits and fractions in red ones. A bill is made of
whole cubic metres only. What a person uses: regulation of 14 January 2002 on average norms of
water consumption (Dz.U. 2002 nr 8 poz. 70), table 1: 3–5.4 m³ a month in a flat.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from decimal import Decimal

MOST_DIGITS = 9
MOST_VALUE = 10**6
MOST_DAYS = 3660
MOST_PEOPLE = 1000

LITRES_A_DAY_LOW = Decimal(30)
LITRES_A_DAY_HIGH = Decimal(200)
"""Per person; outside it is worth looking at the digits once more."""


class ReadingError(ValueError):
    """What was typed is no reading."""


@dataclass(frozen=True)
class Reading:
    """A counter taken apart: `black` is what one reports, `red` what one leaves out."""

    black: str
    red: str

    @property
    def cubic_metres(self) -> int:
        """What one enters in the form."""
        return int(self.black or "0")


def take_apart(shown: str, red_digits: int) -> Reading:
    """The counter as somebody copied it ("00123,456", "00123456") split into black and red digits.

    A comma or a point decides by itself; without one the last `red_digits` are red. Raises
    `ReadingError` for anything that is not up to nine digits with at most one comma.
    """
    text = shown.strip().replace(" ", "").replace("\u00a0", "").replace(".", ",")
    black, comma, red = text.partition(",")
    if not (text.isascii() and (black + red).isdigit() and 0 < len(black + red) <= MOST_DIGITS):
        raise ReadingError(shown)
    if comma:
        return Reading(black, red)
    if len(black) <= red_digits:
        raise ReadingError(shown)
    cut = len(black) - red_digits
    return Reading(black[:cut], black[cut:])


class Verdict(enum.StrEnum):
    """What the comparison with the previous reading says."""

    LOWER = "lower"
    """Lower than before: a digit is wrong, or the meter was changed."""
    NOTHING = "nothing"
    """Exactly the same: nobody used water, or the meter stands still."""
    LITTLE = "little"
    """Much less than people use."""
    USUAL = "usual"
    MUCH = "much"
    """Much more than people use: a wrong digit, red digits entered, or a leak."""
    UNKNOWN = "unknown"
    """Days or people were not given, so there is nothing to compare with."""


@dataclass(frozen=True)
class Check:
    """Consumption since the previous reading, per person and day where that can be told."""

    verdict: Verdict
    used: int
    litres_a_day: int | None = None


def check(previous: int, current: int, days: int | None, people: int | None) -> Check:
    """Judge a reading against the one before. Values in m³; `days` and `people` at least 1 or None."""
    used = current - previous
    if used < 0:
        return Check(Verdict.LOWER, used)
    if used == 0:
        return Check(Verdict.NOTHING, used)
    if not days or not people:
        return Check(Verdict.UNKNOWN, used)
    litres = Decimal(used * 1000) / (days * people)
    verdict = Verdict.USUAL
    if litres < LITRES_A_DAY_LOW:
        verdict = Verdict.LITTLE
    elif litres > LITRES_A_DAY_HIGH:
        verdict = Verdict.MUCH
    return Check(verdict, used, int(litres.to_integral_value()))
