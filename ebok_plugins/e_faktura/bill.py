"""What stands on a bill (D04), for screen and PDF: lines by kind, sums, the chain of corrections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from ebok.billing.models import Invoice, InvoiceLine, LineKind
from ebok.billing.queries import NOTHING, correction_chain, lines_of
from ebok.zones.paging import page_of

LINES_PER_PAGE = 20
"""Of each part on the screen; the bill of a property manager may have a thousand. The PDF has all."""


@dataclass(frozen=True)
class Sums:
    """Net, VAT and gross of some lines."""

    net: Decimal
    vat: Decimal
    gross: Decimal

    @classmethod
    def of(cls, lines: Iterable[InvoiceLine]) -> Sums:
        """Added up exactly."""
        rows = list(lines)
        return cls(
            sum((line.net for line in rows), NOTHING),
            sum((line.vat for line in rows), NOTHING),
            sum((line.gross for line in rows), NOTHING),
        )


@dataclass(frozen=True)
class Part:
    """The lines for usage, or the fixed ones, with their sum."""

    lines: tuple[InvoiceLine, ...]

    @property
    def sums(self) -> Sums:
        """Of these lines."""
        return Sums.of(self.lines)

    @property
    def has_meters(self) -> bool:
        """Whether any line names a meter or a state."""
        return any(line.meter_number or line.read_to is not None for line in self.lines)


@dataclass(frozen=True)
class Link:
    """A document in a chain: by how much it changes the bill, and what the bill is after it."""

    invoice: Invoice
    difference: Decimal
    after: Decimal
    is_here: bool
    is_first: bool


@dataclass(frozen=True)
class Bill:
    """A document with everything that stands on it."""

    invoice: Invoice
    usage: Part
    fixed: Part
    rates: tuple[tuple[str, Sums], ...]
    """Sums by VAT rate, the highest first."""
    chain: tuple[Link, ...]
    """Empty for a document that corrects nothing and was not corrected."""

    @property
    def lines_sum(self) -> Sums:
        """Of all lines."""
        return Sums.of((*self.usage.lines, *self.fixed.lines))

    @property
    def has_lines(self) -> bool:
        """The billing system may send a document without its lines."""
        return bool(self.usage.lines or self.fixed.lines)


def bill_of(invoice: Invoice) -> Bill:
    """Read the lines and the chain; three queries and one for each generation of corrections."""
    lines = list(lines_of(invoice))
    return Bill(
        invoice=invoice,
        usage=Part(tuple(sorted((line for line in lines if line.kind == LineKind.USAGE), key=_place))),
        fixed=Part(tuple(line for line in lines if line.kind != LineKind.USAGE)),
        rates=_rates(lines),
        chain=_chain(invoice),
    )


def shown_lines(request: HttpRequest, bill: Bill) -> dict[str, Any]:
    """The lines of each part that are on the page asked for, for the template of a bill."""
    return {
        "usage_lines": page_of(request, bill.usage.lines, LINES_PER_PAGE, "zuzycie"),
        "fixed_lines": page_of(request, bill.fixed.lines, LINES_PER_PAGE, "stale"),
    }


def _place(line: InvoiceLine) -> tuple[str, str, int, int]:
    """Points one after another, in each its meters, in each the registers; lines without a meter last."""
    return (_counted(line.point_code), line.meter_number or "\uffff", line.register or 0, line.position)


def _counted(code: str) -> str:
    """Sorts P-2 before P-10, as people count."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(20), code)


def _rates(lines: Sequence[InvoiceLine]) -> tuple[tuple[str, Sums], ...]:
    rates = sorted({line.vat_rate for line in lines}, key=lambda rate: (not rate.isdigit(), -_percent(rate)))
    return tuple((rate, Sums.of(line for line in lines if line.vat_rate == rate)) for rate in rates)


def _percent(rate: str) -> int:
    return int(rate) if rate.isascii() and rate.isdigit() else 0


def _chain(invoice: Invoice) -> tuple[Link, ...]:
    documents = correction_chain(invoice)
    if len(documents) == 1:
        return ()
    links: list[Link] = []
    after = NOTHING
    for place, document in enumerate(documents):
        counts = NOTHING if document.is_cancelled else document.gross
        after += counts
        links.append(
            Link(
                invoice=document,
                difference=counts,
                after=after,
                is_here=document.pk == invoice.pk,
                is_first=place == 0,
            )
        )
    return tuple(links)
