"""The reports of the report card (K22): stored queries an administrator chooses from for a group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.billing.queries import invoices_for, open_entries_for, payments_for, readings_for
from ebok.customers.models import Customer, Scope
from ebok.look.templatetags.eb import HARD, day_short, decimal, money_text
from ebok_plugins.client_zone.receivables import state_of

ROWS = 5

Row = dict[str, Any]
"""As `components/rows.html` draws it."""


@dataclass(frozen=True)
class Report:
    """A short list for a card: name, what one must be allowed to see, one query, where there is more."""

    key: str
    title: Any
    scopes: frozenset[str]
    rows: Callable[[Customer], Sequence[Row]]
    more_view: str
    empty: Any


def _open(customer: Customer) -> list[Row]:
    rows = []
    for entry in open_entries_for(customer)[:ROWS]:
        state = state_of(entry)
        rows.append(
            {
                "title": entry.title or entry.document_number or entry.number,
                "meta": " · ".join(
                    [money_text(entry.open_amount), *([day_short(entry.due_on)] if entry.due_on else [])]
                ),
                "tag": state["text"],
                "tag_tone": state["tone"],
                "tag_icon": state["icon"],
            }
        )
    return rows


def _payments(customer: Customer) -> list[Row]:
    return [
        {
            "title": day_short(payment.paid_on),
            "meta": _("taken back") if payment.reversed_on else payment.get_method_display(),
            "end": money_text(payment.amount),
        }
        for payment in payments_for(customer).prefetch_related(None)[:ROWS]
    ]


def _invoices(customer: Customer) -> list[Row]:
    return [
        {
            "title": invoice.number,
            "meta": _("issued %(day)s") % {"day": day_short(invoice.issued_on)},
            "end": money_text(invoice.gross),
        }
        for invoice in invoices_for(customer)[:ROWS]
    ]


def _readings(customer: Customer) -> list[Row]:
    today = timezone.localdate()
    own = readings_for(customer).filter(meter__customer=customer, read_on__lte=today).select_related("meter")
    return [
        {
            "title": reading.meter.number,
            "meta": f"{day_short(reading.read_on)} · {reading.get_kind_display()}",
            "end": f"{decimal(reading.value, 0)}{HARD}{reading.meter.unit}",
        }
        for reading in own[:ROWS]
    ]


REPORTS: dict[str, Report] = {
    report.key: report
    for report in (
        Report(
            "open",
            gettext_lazy("What is due next"),
            frozenset({Scope.BILLS}),
            _open,
            "receivables",
            gettext_lazy("Nothing is open."),
        ),
        Report(
            "payments",
            gettext_lazy("Latest payments"),
            frozenset({Scope.BILLS}),
            _payments,
            "payments",
            gettext_lazy("No payments yet."),
        ),
        Report(
            "invoices",
            gettext_lazy("Latest invoices"),
            frozenset({Scope.BILLS}),
            _invoices,
            "receivables",
            gettext_lazy("No invoices yet."),
        ),
        Report(
            "readings",
            gettext_lazy("Latest readings"),
            frozenset({Scope.READINGS}),
            _readings,
            "points",
            gettext_lazy("No readings yet."),
        ),
    )
}
"""By key; a key is stored in arrangements and never changes."""
