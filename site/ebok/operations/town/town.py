"""The town as a whole: prices and norms first, then customer by customer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ebok.operations.town import prices, rows
from ebok.operations.town.drawing import draw
from ebok.operations.town.months import Calendar
from ebok.operations.town.papers import GROUPS, write_customer
from ebok.operations.town.rows import Rows

UNTIL = date(2026, 10, 31)
"""The last day of a town nobody gave another one: fixed, so that a seed gives the same bytes on any day."""

MOST_CUSTOMERS = 1_000_000
"""Numbers made from a customer's number stay different up to here."""
MOST_MONTHS = 120
EARLIEST, LATEST = date(2010, 1, 31), date(2090, 12, 31)

GATHERED = 50
"""Customers whose rows are held in memory together."""


class TownRefused(ValueError):
    """A town of that kind cannot be made; the message is a sentence for people."""


@dataclass(frozen=True, kw_only=True)
class Town:
    """A town of so many customers with so many months of past. Raises `TownRefused`."""

    customers: int
    months: int = 24
    seed: int = 1
    until: date = UNTIL

    def __post_init__(self) -> None:
        if not 1 <= self.customers <= MOST_CUSTOMERS:
            raise TownRefused(
                f"A town has from 1 to {MOST_CUSTOMERS} customers;"
                f" --customers {self.customers} is not possible."
            )
        if not 1 <= self.months <= MOST_MONTHS:
            raise TownRefused(
                f"The past of a town has from 1 to {MOST_MONTHS} months;"
                f" --months {self.months} is not possible."
            )
        if not EARLIEST <= self.until <= LATEST:
            raise TownRefused(
                f"The town's last day lies between {EARLIEST} and {LATEST};"
                f" --until {self.until} is not possible."
            )

    @cached_property
    def calendar(self) -> Calendar:
        """Its months."""
        return Calendar(self.until, self.months)

    def rows(self) -> Iterator[Rows]:
        """All rows in portions, in one and the same object: take them before asking for more."""
        gathered = Rows()
        self._common(gathered)
        yield gathered
        for first in range(1, self.customers + 1, GATHERED):
            yield self.portion(first, min(first + GATHERED, self.customers + 1), gathered)

    def portion(self, first: int, end: int, into: Rows | None = None) -> Rows:
        """The rows of the customers from `first` up to and without `end`, and no others."""
        gathered = into or Rows()
        gathered.clear()
        for index in range(first, end):
            write_customer(draw(index, seed=self.seed, calendar=self.calendar), self.calendar, gathered)
        return gathered

    def common(self) -> Rows:
        """The rows that belong to no customer."""
        gathered = Rows()
        self._common(gathered)
        return gathered

    def _common(self, into: Rows) -> None:
        of = into.of
        of["groups"].extend(rows.Group(*group) for group in GROUPS)
        months = self.calendar.months
        for tariff in prices.TARIFFS:
            of["tariffs"].append(rows.Tariff(tariff.code, tariff.name, tariff.service))
            for year in range(months[0].tariff_year, months[-1].tariff_year + 1):
                since = prices.version_from(year)
                of["tariff_versions"].append(
                    rows.TariffVersion(
                        tariff.code, since, prices.version_to(year), prices.decision(tariff.code, year)
                    )
                )
                of["tariff_components"].extend(
                    rows.TariffComponent(
                        tariff.code,
                        since,
                        component.code,
                        component.name,
                        component.kind,
                        component.unit,
                        rows.price(component.price_in(year)),
                        str(component.vat),
                    )
                    for component in tariff.components
                )
        of["norms"].extend(
            rows.Norm(norm.code, norm.name, rows.thousandths(norm.quantity), "m³", prices.NORMS_SINCE, "")
            for norm in prices.NORMS
        )
