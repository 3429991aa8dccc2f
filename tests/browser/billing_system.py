"""The other side of a journey: a billing system that issues invoices and writes its deliveries as files."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

Row = Mapping[str, object]
GROSZ = Decimal("0.01")
VAT = 8
DAYS_TO_PAY = 14


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of an invoice; one of usage says from which state to which."""

    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    point: str
    meter: str = ""
    before: tuple[date, Decimal] | None = None
    now: tuple[date, Decimal] | None = None

    @property
    def net(self) -> Decimal:
        """Without VAT."""
        return (self.quantity * self.price).quantize(GROSZ)

    @property
    def vat(self) -> Decimal:
        """The VAT."""
        return (self.net * VAT / 100).quantize(GROSZ)


@dataclass(frozen=True, kw_only=True)
class Bill:
    """An invoice of today."""

    customer: str
    account: str
    number: str
    issued_on: date
    since: date
    lines: Sequence[Line]

    @property
    def due_on(self) -> date:
        """The last day to pay."""
        return self.issued_on + timedelta(days=DAYS_TO_PAY)

    @cached_property
    def net(self) -> Decimal:
        """Without VAT."""
        return sum((line.net for line in self.lines), Decimal(0))

    @cached_property
    def vat(self) -> Decimal:
        """The VAT."""
        return sum((line.vat for line in self.lines), Decimal(0))

    @property
    def gross(self) -> Decimal:
        """What is to be paid."""
        return self.net + self.vat

    @property
    def usage(self) -> Decimal:
        """Of all meters."""
        return sum((line.quantity for line in self.lines if line.meter), Decimal(0))

    def head(self) -> dict[str, Any]:
        """The fields of the invoice."""
        return {
            "number": self.number,
            "kind": "invoice",
            "issued_on": self.issued_on,
            "sold_on": self.issued_on,
            "due_on": self.due_on,
            "period_from": self.since,
            "period_to": self.issued_on,
            "net": self.net,
            "vat": self.vat,
            "gross": self.gross,
            "open_amount": self.gross,
            "usage": self.usage,
            "usage_unit": "m³",
            "account": self.account,
        }

    def body(self) -> list[dict[str, Any]]:
        """The fields of its lines."""
        return [
            {
                "position": place,
                "kind": "usage" if line.unit == "m³" else "fixed",
                "name": line.name,
                "point_code": line.point,
                "meter_number": line.meter,
                "register": 1 if line.meter else None,
                "read_from_on": line.before[0] if line.before else None,
                "read_from": line.before[1] if line.before else None,
                "read_to_on": line.now[0] if line.now else None,
                "read_to": line.now[1] if line.now else None,
                "quantity": line.quantity,
                "unit": line.unit,
                "unit_price": line.price,
                "net": line.net,
                "vat_rate": str(VAT),
                "vat": line.vat,
                "gross": line.net + line.vat,
            }
            for place, line in enumerate(self.lines, start=1)
        ]

    def files(self, **more: object) -> dict[str, bytes]:
        """Its two files of a delivery; `more` are further columns of the invoice."""
        owner = {"customer_code": self.customer}
        return {
            "invoices.csv": table([{**owner, **self.head(), **more}]),
            "invoice_lines.csv": table(
                [{**owner, "invoice_number": self.number, **line} for line in self.body()]
            ),
        }


def table(rows: Sequence[Row]) -> bytes:
    """A file of the neutral profile: semicolons, the names of the columns first; None is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def archive(path: Path, files: Mapping[str, bytes]) -> Path:
    """The files of a delivery in one ZIP."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return path
