"""What a usage will cost, by the tariff in force; for orientation, before a reading is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from ebok.billing.models import ComponentKind, TariffComponent
from ebok.billing.queries import price_list
from ebok.customers.models import SettlementForm

GROSZ = Decimal("0.01")
PART_OF = (SettlementForm.GARDEN, SettlementForm.SUB_METER)
"""Such a meter's usage runs through another one, so it has no price of its own."""


@dataclass(frozen=True)
class Prices:
    """Prices of usage of the tariffs, as they are on one day."""

    by_tariff: dict[str, Sequence[TariffComponent]]
    since: date | None = None
    """The day on which the newest of them began."""

    def cost(
        self, usage: Decimal | None, *, tariff: str, unit: str, role: str, register: int, registers: int
    ) -> Decimal | None:
        """Gross cost of the usage in PLN without fixed charges; None where no price is known.

        A tariff with as many prices as the meter has registers has one for each, in their order.
        """
        if usage is None or usage < 0 or role in PART_OF:
            return None
        found = [component for component in self.by_tariff.get(tariff, ()) if component.unit == unit]
        if registers > 1 and len(found) == registers:
            found = [found[register - 1]] if 1 <= register <= registers else []
        if not found:
            return None
        return sum((_gross(usage, component) for component in found), Decimal(0))


def prices_of(tariffs: Iterable[str], day: date) -> Prices:
    """The prices of these tariff groups on that day; three queries whatever their number."""
    listed = price_list({code for code in tariffs if code}, day)
    begun = [found.version.valid_from for found in listed if found.version]
    return Prices(
        {
            found.tariff.code: sorted(
                (item for item in found.components if item.kind == ComponentKind.USAGE),
                key=lambda item: item.code,
            )
            for found in listed
        },
        max(begun, default=None),
    )


def _gross(usage: Decimal, component: TariffComponent) -> Decimal:
    net = (usage * component.net_price).quantize(GROSZ, ROUND_HALF_UP)
    rate = Decimal(component.vat_rate) if component.vat_rate.isdecimal() else Decimal(0)
    return (net * (100 + rate) / 100).quantize(GROSZ, ROUND_HALF_UP)
