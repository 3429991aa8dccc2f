"""How much is measured; everything can be made smaller on the command line."""

from __future__ import annotations

import argparse
from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """`rows` of readings; `customers` of the larger town, of which the smaller one has `few`."""

    rounds: int
    rows: int
    few: int
    customers: int

    @property
    def meters(self) -> int:
        """Customers, contracts, points and meters beneath the readings: ten readings for each."""
        return max(self.rows // 10, 100)

    def as_arguments(self) -> list[str]:
        """For a process of its own."""
        return [
            *("--rounds", str(self.rounds)),
            *("--rows", str(self.rows)),
            *("--few", str(self.few)),
            *("--customers", str(self.customers)),
        ]


FULL = Sizes(rounds=3, rows=1_000_000, few=10_000, customers=200_000)
QUICK = Sizes(rounds=3, rows=50_000, few=1_000, customers=20_000)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; what is not given comes from `FULL` or `QUICK`."""
    parser.add_argument("--quick", action="store_true", help="short rounds and small tables")
    parser.add_argument("--rounds", type=int, help=f"rounds of the exchange and of growth ({FULL.rounds})")
    parser.add_argument("--rows", type=int, help=f"readings that are imported ({FULL.rows})")
    parser.add_argument("--few", type=int, help=f"customers of the smaller town ({FULL.few})")
    parser.add_argument("--customers", type=int, help=f"customers of the larger town ({FULL.customers})")


def chosen(options: argparse.Namespace) -> Sizes:
    """What the command line asks for."""
    usual = QUICK if options.quick else FULL
    return Sizes(
        rounds=options.rounds or usual.rounds,
        rows=options.rows or usual.rows,
        few=options.few or usual.few,
        customers=options.customers or usual.customers,
    )
