"""Draws a customer: who they are, where they live, what hangs on their wall and how much they use."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from random import Random

from ebok.operations.town import names, numbers, seasons, streets
from ebok.operations.town.metering import read
from ebok.operations.town.months import Calendar, Month
from ebok.operations.town.plan import Chain, MeterPlan, Plan, PointPlan
from ebok.operations.town.stories import STORIES, code_of
from ebok.operations.town.wishes import Wish, ordinary

PERSON = 2_900
"""Litres of water a person uses in a month."""

_PRODUCERS = ("Apator Powogaz", "Itron", "Diehl Metering", "Sensus", "Zenner")
_LETTERS = str.maketrans("ąćęłńóśźż", "acelnoszz")


def generator(seed: int, index: int) -> Random:
    """The random numbers of one customer, unlike those of any other."""
    digest = hashlib.sha256(f"{seed}/{index}".encode()).digest()
    return Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 (a fictional town, not a secret)


def draw(index: int, *, seed: int, calendar: Calendar) -> Plan:
    """The customer of this number, with meters read to the end of the window."""
    random = generator(seed, index)
    wish = STORIES.get(index) or ordinary(random)
    plan = _customer(index, wish, random, calendar)
    _Fitter(plan, calendar, seed).fit()
    read(plan, calendar)
    return plan


def _customer(index: int, wish: Wish, random: Random, calendar: Calendar) -> Plan:
    count = len(calendar.months)
    address = wish.address or (streets.house(index) if wish.kind != "community" else streets.flat(index))
    if not address.street:
        address = streets.flat(index)
    name, woman = _name(index, wish, random, address)
    first = max(0, count - wish.began) if wish.began else 0
    years = 1 + int(random.random() * 15)
    lag = (0, 5, 0, 4)[address.zone] if wish.lag is None else wish.lag
    return Plan(
        index=index,
        code=code_of(index),
        wish=wish,
        random=random,
        name=name,
        woman=woman,
        first=first,
        last=max(-1, count - wish.ended) if wish.ended else count - 1,
        phase=index % 2,
        lag=lag,
        due=14 if wish.kind in {"household", "farm"} else 21,
        zone=address.zone + 1,
        contract=wish.contract,
        account=numbers.account(index),
        street=address.street,
        house=address.house,
        # A community is the whole block.
        flat="" if wish.kind == "community" else address.flat,
        since=calendar.months[first].first if first else calendar.start - years * 365 - index % 300,
    )


def _name(index: int, wish: Wish, random: Random, address: streets.Address) -> tuple[str, bool]:
    if wish.kind in {"household", "farm"}:
        first, last, woman = names.person(random)
        if wish.name:
            return wish.name, wish.name.split()[0].endswith("a")
        return f"{first} {last}", woman
    if wish.kind == "company":
        drawn = names.company(random)
    elif wish.kind == "community":
        drawn = names.community(random, f"{address.street} {address.house}")
    else:
        drawn = names.institution(random, index)
    return wish.name or drawn, False


def email_of(plan: Plan) -> str:
    """An address at a host nobody has; one customer in five gave none."""
    if plan.wish.email is not None:
        return plan.wish.email
    if plan.index % 5 == 0:
        return ""
    if plan.is_firm:
        return f"biuro@firma{plan.index}.example"
    letters = plan.name.lower().translate(_LETTERS)
    return f"{'.'.join(letters.split())}{plan.index}@poczta.example"


class _Fitter:
    """Puts service points and meters at a customer."""

    def __init__(self, plan: Plan, calendar: Calendar, seed: int) -> None:
        self.plan = plan
        self.calendar = calendar
        self.seed = seed
        self.months: Sequence[Month] = calendar.months[plan.first : plan.last + 1]
        self.meters = 0

    def fit(self) -> None:
        """Every point the customer has."""
        wish = self.plan.wish
        for number in range(wish.points):
            self._water(number)
        if wish.rain:
            self._flat("Wody opadowe", "rain", "D1", area=80 + int(self.plan.random.random() * 900))
        if wish.waste:
            persons = min(wish.persons, 60) or 1
            self._flat("Odbiór odpadów", "waste", "O1", persons=persons)
        if wish.heat:
            self._heat()
        if wish.power:
            self._power()

    def _point(self, name: str, service: str, tariff: str, form: str = "metered") -> PointPlan:
        plan = self.plan
        number = len(plan.points) + 1
        point = PointPlan(
            code=f"P-{plan.index:06d}" if number == 1 else f"P-{plan.index:06d}-{number}",
            name=name,
            street=plan.street,
            house=plan.house,
            flat=plan.flat,
            service=service,
            tariff=tariff,
            form=form,
        )
        plan.points.append(point)
        return point

    def _water(self, number: int) -> None:
        plan, wish = self.plan, self.plan.wish
        point = self._point(
            _POINT_NAMES[wish.kind] if wish.points == 1 else f"Budynek {number + 1}",
            "water_sewage" if wish.sewage else "water",
            "G1" if wish.kind in {"household", "farm", "community"} else "G2",
        )
        if wish.points > len(_ENTRANCES):
            point.street, point.house, point.flat = "os. Zacisze", str(number + 1), ""
        elif wish.points > 1:
            point.name = f"Klatka {_ENTRANCES[number]}"
        if wish.norm:
            point.form, point.tariff, point.norm, point.persons = "flat", "G3", wish.norm, wish.persons
            return
        point.persons = wish.persons if wish.kind == "household" else 0
        usage = self._usage(PERSON * wish.persons, _SEASONS[wish.kind])
        if wish.leak:
            usage = _leaking(usage, wish.leak, plan.random)
        if wish.stuck:
            usage[max(0, len(usage) - wish.stuck) :] = [0] * min(wish.stuck, len(usage))
        if wish.garden and number == 0:
            point.form = "garden"
            watering = self._usage(6_500, seasons.GARDEN)
            usage = [one + other for one, other in zip(usage, watering, strict=True)]
            self._chain(point, usage, diameter=self._diameter())
            self._chain(point, watering, diameter=15, garden=True)
        else:
            self._chain(point, usage, diameter=self._diameter())
        if wish.exchanged:
            self._exchange(point.chains[0])

    def _heat(self) -> None:
        point = self._point("Węzeł cieplny", "heat", "C1")
        usage = self._usage(self.plan.wish.persons * 1_100, seasons.HEAT)
        self._chain(
            point, usage, unit="GJ", kind="Ultraheat T550", diameter=25, grain=1, digits=6, decimals=3
        )

    def _power(self) -> None:
        point = self._point("Przyłącze energetyczne", "electricity", "E2")
        base = 90_000 * max(self.plan.wish.persons, 1)
        meter = self._meter(unit="kWh", kind="Otus 3", diameter=0, digits=6, decimals=0)
        meter.registers = ("dzienna", "nocna")
        for register, share in ((1, 62), (2, 38)):
            usage = self._usage(base * share // 100, seasons.POWER)
            start = 1_000_000 * int(self.plan.random.random() * 9_000)
            point.chains.append(Chain([meter], register, usage, start))

    def _flat(self, name: str, service: str, tariff: str, *, persons: int = 0, area: int = 0) -> None:
        point = self._point(name, service, tariff, "flat")
        point.persons, point.area = persons, area

    def _usage(self, base: int, season: Sequence[int]) -> list[int]:
        """Usage of each month around `base` thousandths."""
        random = self.plan.random.random
        return [
            int(base * season[month.number - 1] * (0.85 + 0.3 * random()) / 1000) for month in self.months
        ]

    def _diameter(self) -> int:
        persons = self.plan.wish.persons
        return 20 if persons < 15 else 32 if persons < 60 else 50

    def _chain(
        self,
        point: PointPlan,
        usage: list[int],
        *,
        diameter: int,
        unit: str = "m³",
        kind: str = "",
        grain: int = 1000,
        digits: int = 5,
        decimals: int = 0,
        garden: bool = False,
    ) -> None:
        meter = self._meter(
            unit=unit,
            kind=kind or f"JS {'2,5' if diameter < 20 else '4' if diameter < 30 else '16'}-02",
            diameter=diameter,
            digits=digits,
            decimals=decimals,
        )
        meter.role = "garden" if garden else "metered"
        chain = Chain([meter], 1, usage, self._start(meter, usage, grain), grain=grain, garden=garden)
        if self.plan.wish.takes_over and not point.chains:
            chain.start = _left_behind(self.plan.wish.takes_over, self.seed, self.calendar)
        point.chains.append(chain)

    def _meter(self, *, unit: str, kind: str, diameter: int, digits: int, decimals: int) -> MeterPlan:
        """A meter that was there before the window, or came with the customer."""
        plan, wish, random = self.plan, self.plan.wish, self.plan.random
        self.meters += 1
        year, mounted = self._mounted()
        told = wish.meter if self.meters == 1 else ""
        if told:
            year = 2000 + int(told[:2])
            mounted = min(date(year, 5, 10).toordinal(), self.calendar.start)
        serial = f"{year % 100:02d}-{plan.index:06d}" + (f"-{self.meters}" if self.meters > 1 else "")
        return MeterPlan(
            number=told or serial,
            role="metered",
            unit=unit,
            kind=kind,
            producer=names.pick(random, _PRODUCERS),
            diameter=diameter,
            digits=digits,
            decimals=decimals,
            mounted=mounted,
            mounted_value=0,
            verified_year=year,
            verified_to=self._legal(year) if self.meters == 1 else date(year + 5, 12, 31).toordinal(),
            radio=f"R{plan.index:07d}{self.meters:02d}" if wish.radio else "",
            seal=f"PL{int(random.random() * 1_000_000):06d}",
            registers=("",),
            stays=wish.meter_stays,
        )

    def _mounted(self) -> tuple[int, int]:
        """The year of the legalisation and the day the meter was mounted."""
        plan, calendar = self.plan, self.calendar
        if plan.first:
            month = calendar.months[plan.first]
            return month.year, month.first
        oldest = calendar.last_day.year - 5
        newest = max(oldest, date.fromordinal(calendar.start).year - 1)
        year = oldest + int(plan.random.random() * (newest - oldest + 1))
        day = date(year, 1, 10).toordinal() + int(plan.random.random() * 340)
        return year, min(day, calendar.start)

    def _legal(self, year: int) -> int:
        if self.plan.wish.legal_days:
            return self.calendar.end + self.plan.wish.legal_days
        return date(year + 5, 12, 31).toordinal()

    def _start(self, meter: MeterPlan, usage: list[int], grain: int) -> int:
        """What it showed when the window began: nothing if it is new, else what such a use adds up to."""
        if self.plan.first or not usage:
            return 0
        months = (self.calendar.start - meter.mounted) * 12 // 365
        average = sum(usage) // len(usage)
        return average * months // grain * grain

    def _exchange(self, chain: Chain) -> None:
        """A new meter in the middle of a month; nothing where the customer was not there then."""
        place = len(self.calendar.months) - self.plan.wish.exchanged
        if not self.plan.first < place <= self.plan.last:
            return
        month = self.calendar.months[place]
        new = self._meter(
            unit="m³", kind=chain.meters[0].kind, diameter=chain.meters[0].diameter, digits=5, decimals=0
        )
        new.number = f"{month.year % 100:02d}-{self.plan.index:06d}-{self.meters}"
        new.verified_year, new.verified_to = month.year, date(month.year + 5, 12, 31).toordinal()
        new.mounted = month.first + 8 + int(self.plan.random.random() * 10)
        chain.meters.append(new)
        chain.exchange_place = place


_ENTRANCES = "ABCDEFGH"
_POINT_NAMES = {
    "household": "Budynek mieszkalny",
    "farm": "Gospodarstwo rolne",
    "company": "Lokal użytkowy",
    "community": "Budynek wielorodzinny",
    "institution": "Budynek użyteczności publicznej",
}
_SEASONS = {
    "household": seasons.HOME,
    "farm": seasons.FARM,
    "company": seasons.WORK,
    "community": seasons.HOME,
    "institution": seasons.SCHOOL,
}


def _leaking(usage: list[int], months: int, random: Random) -> list[int]:
    """The last months with some 55 litres an hour more, day and night."""
    first = max(0, len(usage) - months)
    return [
        used + (38_000 + int(random.random() * 4_000) if place >= first else 0)
        for place, used in enumerate(usage)
    ]


def _left_behind(index: int, seed: int, calendar: Calendar) -> int:
    """What the meter showed when the customer of this number moved out."""
    chain = draw(index, seed=seed, calendar=calendar).points[0].chains[0]
    return chain.steps[-1].value if chain.steps else chain.start
