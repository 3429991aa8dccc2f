"""The list of bills as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ebok.billing.models import Invoice
from ebok.customers.models import Customer
from ebok.ports.spreadsheets import neutralise
from ebok_plugins.e_faktura.states import state_of

BOM = "\ufeff"
"""Without it spreadsheets take Polish letters for others."""
BLOCK = 500


def lines_of(found: QuerySet[Invoice]) -> Iterator[str]:
    """The headings, then one line for each document."""
    today = timezone.localdate()
    headings = [
        _("Document number"),
        _("Type of document"),
        _("Date of issue"),
        _("period from"),
        _("period to"),
        _("Usage"),
        _("unit"),
        _("Due date"),
        _("Net"),
        _("VAT"),
        _("Amount"),
        _("Amount to pay"),
        _("Date of payment"),
        _("Status"),
    ]
    yield BOM + _line([capfirst(heading) for heading in headings])
    for invoice in found.iterator(chunk_size=BLOCK):
        yield _line(
            [
                invoice.number,
                str(invoice.get_kind_display()),
                invoice.issued_on,
                invoice.period_from,
                invoice.period_to,
                invoice.usage,
                invoice.usage_unit,
                invoice.due_on,
                invoice.net,
                invoice.vat,
                invoice.gross,
                invoice.open_amount,
                invoice.paid_on,
                state_of(invoice, today)["text"],
            ]
        )


def file_name(customer: Customer) -> str:
    """The customer's code and the day."""
    code = "".join(sign for sign in customer.code if sign.isascii() and (sign.isalnum() or sign in "-_"))
    return f"faktury-{code}-{timezone.localdate():%Y-%m-%d}.csv"


def _line(cells: list[Any]) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerow([_cell(cell) for cell in cells])
    return file.getvalue()


def _cell(cell: Any) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return str(cell).replace(".", get_format("DECIMAL_SEPARATOR"))
    return cell.isoformat() if isinstance(cell, date) else neutralise(str(cell))
