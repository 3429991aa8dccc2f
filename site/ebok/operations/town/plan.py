"""Who a customer is and what is installed at them, before anything is counted or billed."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from ebok.operations.town.months import Calendar
from ebok.operations.town.wishes import Wish


@dataclass(slots=True)
class MeterPlan:
    """One meter. Values are thousandths of `unit`; `removed` is the day it was taken away."""

    number: str
    role: str
    unit: str
    kind: str
    producer: str
    diameter: int
    digits: int
    decimals: int
    mounted: int
    mounted_value: int
    verified_year: int
    verified_to: int
    radio: str
    seal: str
    registers: tuple[str, ...]
    removed: int = 0
    removed_value: int = 0
    stays: bool = True
    """False for a meter that is another customer's now."""


@dataclass(slots=True)
class Step:
    """What a register counted between two readings; the second one is a row of the delivery."""

    meter: str
    day_from: int
    value_from: int
    day: int
    value: int
    kind: str
    place: int
    invoice: str = ""
    position: int = 0


@dataclass(slots=True)
class Chain:
    """One register over time: the meters that counted it, and what was used in each month.

    `usage` has one number for each month of the customer's time, in thousandths of the unit; readings are
    whole multiples of `grain`.
    """

    meters: list[MeterPlan]
    register: int
    usage: list[int]
    start: int
    grain: int = 1000
    garden: bool = False
    exchange_place: int = -1
    steps: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class PointPlan:
    """One service point."""

    code: str
    name: str
    street: str
    house: str
    flat: str
    service: str
    tariff: str
    form: str
    norm: str = ""
    persons: int = 0
    area: int = 0
    chains: list[Chain] = field(default_factory=list)

    @property
    def meters(self) -> list[MeterPlan]:
        """Every meter once, the main one first."""
        found: dict[str, MeterPlan] = {}
        for chain in self.chains:
            for meter in chain.meters:
                found.setdefault(meter.number, meter)
        return list(found.values())


@dataclass(slots=True)
class Plan:
    """One customer. `first` and `last` are places of months; there may be none between them."""

    index: int
    code: str
    wish: Wish
    random: Random
    name: str
    woman: bool
    first: int
    last: int
    phase: int
    lag: int
    due: int
    zone: int
    contract: str
    account: str
    street: str
    house: str
    flat: str
    since: int
    points: list[PointPlan] = field(default_factory=list)

    @property
    def is_firm(self) -> bool:
        """Whether it has a NIP and gets its invoices through KSeF."""
        return self.wish.kind in {"company", "community", "institution"}

    def closes(self, calendar: Calendar) -> bool:
        """Whether the customer left before the end of the window."""
        return self.last < len(calendar.months) - 1
