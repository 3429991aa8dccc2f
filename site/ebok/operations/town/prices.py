"""Tariffs of Lipowo with a new version every June, and the norms of the flat rate.

Prices are whole hundred-thousandths of a zloty, net, for one unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from ebok.operations.town.months import PRICES_CHANGE
from ebok.operations.town.rows import price as price_text

FIRST_YEAR = 2024
"""The year of the prices below; each year after it adds a step."""


@dataclass(frozen=True)
class Component:
    """One price: what it costs in `FIRST_YEAR` and how much more each year."""

    code: str
    name: str
    kind: str
    unit: str
    vat: int
    price: int
    step: int

    def price_in(self, year: int) -> int:
        """The price that began in June of the year; it never falls below a tenth of the first."""
        return max(self.price + self.step * (year - FIRST_YEAR), self.price // 10)


@dataclass(frozen=True)
class Tariff:
    """A tariff group."""

    code: str
    name: str
    service: str
    components: tuple[Component, ...]


class Priced(NamedTuple):
    """A component at the price of a year, and how both stand in files."""

    code: str
    name: str
    kind: str
    unit: str
    price: int
    price_text: str
    vat: int
    vat_text: str


def _water(water: int, sewage: int, subscription: int) -> tuple[Component, ...]:
    return (
        Component("WODA", "Woda", "usage", "m³", 8, water, water // 32000 * 1000),
        Component("SCIEKI", "Ścieki", "usage", "m³", 8, sewage, sewage // 24000 * 1000),
        Component("ABONAMENT", "Opłata abonamentowa", "fixed", "mies.", 8, subscription, 40_000),
    )


TARIFFS = (
    Tariff("G1", "Gospodarstwa domowe", "water_sewage", _water(512_000, 786_000, 640_000)),
    Tariff("G2", "Firmy i instytucje", "water_sewage", _water(574_000, 912_000, 1_480_000)),
    Tariff("G3", "Odbiorcy bez wodomierza", "water_sewage", _water(512_000, 786_000, 310_000)),
    Tariff(
        "D1", "Wody opadowe", "rain", (Component("DESZCZ", "Wody opadowe", "fixed", "m²", 8, 12_000, 1_000),)
    ),
    Tariff(
        "O1",
        "Odbiór odpadów",
        "waste",
        (Component("ODPADY", "Odbiór odpadów", "fixed", "os.", 8, 3_200_000, 150_000),),
    ),
    Tariff(
        "C1",
        "Ciepło dla budynków",
        "heat",
        (
            Component("CIEPLO", "Ciepło", "usage", "GJ", 23, 6_240_000, 210_000),
            Component("PRZESYL", "Przesył ciepła", "usage", "GJ", 23, 2_130_000, 80_000),
            Component("MOC", "Moc zamówiona", "fixed", "mies.", 23, 11_800_000, 300_000),
        ),
    ),
    Tariff(
        "E2",
        "Energia w dwóch strefach",
        "electricity",
        (
            Component("ENERGIA-D", "Energia, strefa dzienna", "usage", "kWh", 23, 74_200, 1_900),
            Component("ENERGIA-N", "Energia, strefa nocna", "usage", "kWh", 23, 41_800, 1_100),
            Component("DYSTRYBUCJA", "Opłata dystrybucyjna stała", "fixed", "mies.", 23, 1_890_000, 60_000),
        ),
    ),
)
_COMPONENTS = {
    (tariff.code, component.code): component for tariff in TARIFFS for component in tariff.components
}


@cache
def priced(tariff: str, code: str, year: int) -> Priced:
    """The component of a tariff at the price that began in June of the year. Raises `KeyError`."""
    found = _COMPONENTS[tariff, code]
    price = found.price_in(year)
    return Priced(
        found.code, found.name, found.kind, found.unit, price, price_text(price), found.vat, str(found.vat)
    )


@dataclass(frozen=True)
class Norm:
    """Thousandths of a cubic metre for one person in a month."""

    code: str
    name: str
    quantity: int


NORMS = (
    Norm("N1", "Zdrój podwórzowy lub uliczny", 900),
    Norm("N2", "WC bez łazienki, kanalizacja", 1800),
    Norm("N2-S", "WC bez łazienki, zbiornik bezodpływowy", 1500),
    Norm("N3", "Zlew i WC bez łazienki i ciepłej wody, kanalizacja", 2700),
    Norm("N3-S", "Zlew i WC bez łazienki i ciepłej wody, zbiornik bezodpływowy", 2100),
    Norm("N4", "Łazienka, ciepła woda z lokalnego źródła, kanalizacja", 3000),
    Norm("N4-S", "Łazienka, ciepła woda z lokalnego źródła, zbiornik bezodpływowy", 2400),
    Norm("N5", "Łazienka, ciepła woda dostarczana, kanalizacja", 5400),
    Norm("N5-S", "Łazienka, ciepła woda dostarczana, zbiornik bezodpływowy", 4200),
)
"""Regulation of 14 January 2002 on average norms of water usage (Dz.U. 2002 nr 8 poz. 70), table 1."""

NORM_BY_CODE = {norm.code: norm for norm in NORMS}
NORMS_SINCE = "2002-02-01"


def version_from(year: int) -> str:
    """The first day of the version that began in the year."""
    return f"{year}-{PRICES_CHANGE:02d}-01"


def version_to(year: int) -> str:
    """The last day of the version that began in the year."""
    return f"{year + 1}-{PRICES_CHANGE - 1:02d}-31"


def decision(code: str, year: int) -> str:
    """The decision that approved the version."""
    return f"PO.RZT.70.{1 + sum(map(ord, code)) % 90}.{year}"


_RATES = (
    # Reference rate of the central bank plus 5.5 points: day from which, hundredths of a percent a year.
    ("2023-10-05", 1125),
    ("2025-05-08", 1075),
    ("2025-07-03", 1050),
    ("2025-09-04", 1025),
    ("2025-10-09", 1000),
    ("2025-11-06", 975),
    ("2025-12-04", 950),
)
"""The town's table of statutory interest; the first and the last rate are carried on."""


def interest_rate(day: str) -> int:
    """Hundredths of a percent a year on that day."""
    rate = _RATES[0][1]
    for since, value in _RATES:
        if day >= since:
            rate = value
    return rate


def net_of(quantity: int, price: int) -> int:
    """Grosze for thousandths of a unit at a price; half a grosz is rounded away from zero."""
    product = quantity * price
    half = 500_000
    return (product + half) // 1_000_000 if product >= 0 else -((-product + half) // 1_000_000)


def vat_of(net: int, percent: int) -> int:
    """Grosze of VAT; half a grosz is rounded away from zero."""
    return (net * percent + 50) // 100 if net >= 0 else -((-net * percent + 50) // 100)
