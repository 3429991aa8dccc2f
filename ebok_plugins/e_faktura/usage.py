"""Usage, average day and number of each bill (D05): two charts and one table."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ebok.billing.models import Invoice
from ebok.billing.queries import invoices_for
from ebok.customers.models import Customer
from ebok.look.charts import BarChart, Point, bar_chart
from ebok.look.dates import written
from ebok.look.templatetags.eb import decimal
from ebok_plugins.e_faktura.states import period_of

MOST = 12
TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")


@dataclass(frozen=True)
class Used:
    """A bill with what it counts."""

    invoice: Invoice
    period: str
    days: int
    usage: Decimal
    daily: Decimal | None
    """None for a bill without a period."""


@dataclass(frozen=True)
class UsageByBill:
    """The newest bills with usage, oldest first, in one unit."""

    unit: str
    rows: tuple[Used, ...]
    usage: BarChart
    daily: BarChart
    left_out: int
    """Bills in other units, which would make no sense side by side."""


def usage_by_bill(customer: Customer) -> UsageByBill | None:
    """The newest twelve bills that count something; None without one. One query.

    Cancelled documents and corrections are left out: a correction is no usage of its own. The unit is
    that of the newest bill.
    """
    newest = list(
        invoices_for(customer)
        .filter(usage__isnull=False, is_cancelled=False, corrects__isnull=True)
        .exclude(usage_unit="")[:MOST]
    )
    if not newest:
        return None
    unit = newest[0].usage_unit
    rows = tuple(_used(invoice) for invoice in reversed(newest) if invoice.usage_unit == unit)
    return UsageByBill(
        unit=unit,
        rows=rows,
        usage=bar_chart(
            [
                Point(row.invoice.number, _short(row), _rounded(row.usage, TENTH), exact=_exact(row.usage))
                for row in rows
            ],
            title=_("Usage by bill, in %(unit)s") % {"unit": unit},
            unit=unit,
            period_label=_("Bill"),
            series=pgettext("chart", "usage"),
            now_label=_("newest bill"),
        ),
        daily=bar_chart(
            [
                Point(row.invoice.number, _short(row), _rounded(row.daily or Decimal(0), HUNDREDTH))
                for row in rows
            ],
            title=_("Average day by bill, in %(unit)s") % {"unit": unit},
            unit=unit,
            period_label=_("Bill"),
            series=_("average day"),
            now_label=_("newest bill"),
        ),
        left_out=len(newest) - len(rows),
    )


def _used(invoice: Invoice) -> Used:
    days = 0
    if invoice.period_from is not None and invoice.period_to is not None:
        days = (invoice.period_to - invoice.period_from).days + 1
    usage = invoice.usage if invoice.usage is not None else Decimal(0)
    return Used(invoice, period_of(invoice), days, usage, usage / days if days else None)


def _short(row: Used) -> str:
    day = row.invoice.period_to or row.invoice.issued_on
    return written(day, "b").lower()


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, ROUND_HALF_UP)


def _exact(value: Decimal) -> str:
    exponent = value.normalize().as_tuple().exponent
    return str(decimal(value, max(0, -exponent if isinstance(exponent, int) else 0)))
