"""What is told about a customer beforehand; the rest is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from ebok.operations.town.streets import Address


@dataclass(frozen=True, slots=True)
class Paying:
    """How a customer pays.

    `delay` is counted in days from the date of payment and is negative for those who pay early.
    `stopped` leaves open what was issued in so many last months; `bucket` leaves open one document that is
    so many days overdue at the end of the window; `standing` is a standing order in thousandths of what a
    month costs; `half` pays half in time and half three weeks later; `returned` has the first payment
    returned by the bank and pays again. `chased` gets interest notes and demands.
    """

    method: str = "transfer"
    delay: int = -3
    stopped: int = 0
    bucket: tuple[int, int] | None = None
    standing: int = 0
    half: bool = False
    returned: bool = False
    chased: bool = True


@dataclass(frozen=True, slots=True)
class Wish:
    """A customer as wished for. Months are counted back from the last one: 1 is the last month itself."""

    kind: str = "household"
    name: str = ""
    status: str = "active"
    address: Address | None = None
    letters_to: tuple[str, Address] | None = None
    contract: str = ""
    email: str | None = None
    persons: int = 0
    points: int = 1
    sewage: bool = True
    norm: str = ""
    garden: bool = False
    waste: bool = False
    rain: bool = False
    heat: bool = False
    power: bool = False
    cycle: int = 1
    radio: bool = True
    lag: int | None = None
    began: int = 0
    ended: int = 0
    leak: int = 0
    stuck: int = 0
    exchanged: int = 0
    estimated: int = 0
    rejected: bool = False
    control: bool = False
    legal_days: int = 0
    meter: str = ""
    meter_stays: bool = True
    takes_over: int = 0
    corrections: int = 0
    offline: bool = False
    paying: Paying = field(default_factory=Paying)


_METHODS = (
    ("transfer", 0.46),
    ("online", 0.62),
    ("blik", 0.76),
    ("debit", 0.86),
    ("card", 0.92),
    ("cash", 1.0),
)


def ordinary(random: Random) -> Wish:
    """Somebody of no story."""
    kind = _kind(random.random())
    return _with_events(random, _HOW[kind](random, Wish(kind=kind, paying=_paying(random))))


def _kind(roll: float) -> str:
    if roll < 0.85:
        return "household"
    if roll < 0.92:
        return "company"
    if roll < 0.96:
        return "community"
    return "institution" if roll < 0.98 else "farm"


def _paying(random: Random) -> Paying:
    roll = random.random()
    method = next(name for name, below in _METHODS if roll < below)
    roll, size = random.random(), random.random()
    how = next(how for below, how in _HABITS if roll < below)
    return how(Paying(method), size)


_HABITS: tuple[tuple[float, Callable[[Paying, float], Paying]], ...] = (
    (0.72, lambda paying, size: replace(paying, delay=-1 - int(size * 11))),
    (0.89, lambda paying, size: replace(paying, delay=1 + int(size * 20))),
    (0.93, lambda paying, size: replace(paying, delay=2, stopped=1 + int(size * 6))),
    (0.94, lambda paying, size: replace(paying, delay=5, stopped=7 + int(size * 14))),
    (0.96, lambda _paying, size: Paying("transfer", standing=1050 + int(size * 150))),
    (0.98, lambda paying, _size: replace(paying, half=True)),
    (1.0, lambda paying, _size: replace(paying, delay=0)),
)
"""Shares of those who pay early, late, not at all any more, by a standing order, in halves, on the day."""


def _household(random: Random, wish: Wish) -> Wish:
    roll, detached = random.random(), random.random() < 0.42
    wish = replace(
        wish,
        persons=1 + int(random.random() ** 1.5 * 6),
        cycle=1 if random.random() < 0.25 else 2,
        radio=random.random() < 0.55,
        address=None if detached else _FLAT,
    )
    if roll < 0.02:
        return replace(wish, norm="N3" if roll < 0.012 else "N1", sewage=roll < 0.012)
    if not detached:
        return wish
    sewage, garden = random.random() < 0.85, random.random() < 0.28
    return replace(
        wish,
        sewage=sewage,
        # It tells what did not go to the sewers, so nobody without sewers has one.
        garden=sewage and garden,
        waste=random.random() < 0.2,
        rain=random.random() < 0.12,
        power=random.random() < 0.02,
    )


_FLAT = Address("", "", "1")
"""Stands for a flat somewhere."""


def _company(random: Random, wish: Wish) -> Wish:
    return replace(
        wish,
        persons=6 + int(random.random() ** 3 * 140),
        rain=random.random() < 0.4,
        waste=random.random() < 0.25,
        power=random.random() < 0.06,
        radio=random.random() < 0.7,
    )


def _community(random: Random, wish: Wish) -> Wish:
    return replace(
        wish,
        persons=16 + int(random.random() * 70),
        heat=random.random() < 0.35,
        rain=random.random() < 0.3,
        waste=random.random() < 0.4,
        points=1 + int(random.random() ** 4 * 4),
    )


def _institution(random: Random, wish: Wish) -> Wish:
    return replace(
        wish, persons=15 + int(random.random() * 70), rain=random.random() < 0.5, heat=random.random() < 0.3
    )


def _farm(random: Random, wish: Wish) -> Wish:
    return replace(
        wish,
        persons=4 + int(random.random() * 30),
        sewage=False,
        cycle=2,
        radio=False,
        power=random.random() < 0.2,
    )


_HOW = {
    "household": _household,
    "company": _company,
    "community": _community,
    "institution": _institution,
    "farm": _farm,
}


def _with_events(random: Random, wish: Wish) -> Wish:
    """Things that happen to some: moving in or out, a new meter, a correction."""
    roll, when = random.random(), random.random()
    events = _TO_ANYONE if wish.norm else (*_TO_ANYONE, *_TO_METERS)
    return next((happen(wish, when) for below, happen in events if roll < below), wish)


_Event = tuple[float, Callable[[Wish, float], Wish]]
_TO_ANYONE: tuple[_Event, ...] = (
    (0.03, lambda wish, when: replace(wish, began=2 + int(when * 20))),
    (0.05, lambda wish, when: replace(wish, ended=2 + int(when * 20), status="closed")),
    (0.055, lambda wish, _when: replace(wish, status="suspended")),
)
_TO_METERS: tuple[_Event, ...] = (
    (0.16, lambda wish, when: replace(wish, exchanged=2 + int(when * 21))),
    (0.17, lambda wish, _when: replace(wish, corrections=1)),
    (0.18, lambda wish, _when: replace(wish, rejected=True)),
    (0.19, lambda wish, _when: replace(wish, control=True)),
)
