"""Columns and states that several registers of billing share."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ebok.billing.admin_screens.addresses import INVOICES, LEDGER, PAYMENTS
from ebok.billing.models import Invoice, LedgerEntry, Payment, Reading, ReadingState
from ebok.customers.admin_screens import addresses
from ebok.exchange.registers.columns import Look, Shown, State, of_field, of_fields

OVERDUE, GONE = "ebok-register-row--overdue", "ebok-register-row--gone"


def opens(model: Any, name: str, path: str) -> Shown:
    """The column that leads to the row."""
    field = of_field(model, name)
    return Shown(
        title=field.title, value=field.value, look=Look.CODE, url=lambda row: addresses.of_row(path, row.pk)
    )


def is_overdue(row: Invoice | LedgerEntry) -> bool:
    """Whether something is still to be paid and its day has passed."""
    if row.due_on is None or row.open_amount <= 0 or getattr(row, "is_cancelled", False):
        return False
    return row.due_on < timezone.localdate()


def _late(row: Any) -> State:
    days = (timezone.localdate() - row.due_on).days
    words = ngettext("overdue by %(days)d day", "overdue by %(days)d days", days) % {"days": days}
    return State(words, alarming=True)


def state_of_invoice(row: Invoice) -> State:
    """The state of a document in words."""
    if row.is_cancelled:
        return State(_("cancelled"), quiet=True)
    if is_overdue(row):
        return _late(row)
    if row.open_amount > 0:
        return State(_("to be paid"))
    return State(_("to be given back")) if row.open_amount < 0 else State(_("settled"), quiet=True)


def state_of_entry(row: LedgerEntry) -> State:
    """The state of a ledger entry in words."""
    if is_overdue(row):
        return _late(row)
    if row.open_amount > 0:
        return State(_("to be paid"))
    return State(_("in the customer's favour")) if row.open_amount < 0 else State(_("settled"), quiet=True)


def state_of_payment(row: Payment) -> State:
    """The state of a payment in words."""
    return State(_("reversed"), alarming=True) if row.reversed_on else State(_("valid"), quiet=True)


def mark_of_invoice(row: Invoice) -> str:
    """Class of its row."""
    if row.is_cancelled:
        return GONE
    return OVERDUE if is_overdue(row) else ""


def mark_of_entry(row: LedgerEntry) -> str:
    """Class of its row."""
    return OVERDUE if is_overdue(row) else ""


def mark_of_payment(row: Payment) -> str:
    """Class of its row."""
    return GONE if row.reversed_on else ""


def state_of_reading(row: Reading) -> State:
    """The state of a reading in words, with the reason where it was rejected."""
    words = str(row.get_state_display())
    if row.state == ReadingState.REJECTED:
        return State(f"{words}: {row.reason}" if row.reason else words, alarming=True)
    return State(words)


STATE_OF_INVOICE = Shown(title=gettext_lazy("state"), value=state_of_invoice, look=Look.TAG)
STATE_OF_ENTRY = Shown(title=gettext_lazy("state"), value=state_of_entry, look=Look.TAG)
STATE_OF_PAYMENT = Shown(title=gettext_lazy("state"), value=state_of_payment, look=Look.TAG)

INVOICE = (
    opens(Invoice, "number", INVOICES),
    *of_fields(Invoice, ("kind", "issued_on", "due_on", "gross", "open_amount")),
    STATE_OF_INVOICE,
)
PAYMENT = (
    opens(Payment, "number", PAYMENTS),
    *of_fields(Payment, ("paid_on", "amount", "method", "title")),
    STATE_OF_PAYMENT,
)
ENTRY = (
    opens(LedgerEntry, "number", LEDGER),
    *of_fields(LedgerEntry, ("kind", "title", "booked_on", "due_on", "amount", "open_amount")),
    STATE_OF_ENTRY,
)
READING = (
    of_field(Reading, "read_on"),
    of_field(Reading, "register"),
    of_field(Reading, "kind"),
    of_field(Reading, "value"),
    of_field(Reading, "usage"),
    Shown(title=gettext_lazy("state"), value=state_of_reading, look=Look.TAG),
    Shown(
        title=gettext_lazy("settled by"),
        value=lambda row: (
            _("line %(number)d") % {"number": row.invoice_position or 0} if row.invoice_id else ""
        ),
        url=lambda row: addresses.of_row(INVOICES, row.invoice_id),
    ),
)
