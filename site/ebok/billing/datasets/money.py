"""The ledger, payments, and what paid for what."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from ebok.billing.datasets.columns import (
    OPEN_PART,
    choice,
    code,
    day,
    is_part,
    names,
    number,
)
from ebok.billing.merging import follow_number
from ebok.billing.models import (
    LedgerKind,
    PaymentMethod,
)
from ebok.billing.queries import total_balance
from ebok.customers.datasets import CUSTOMER_CODE, OWNER
from ebok.ports import Check, Column, Dataset, Identity, Reference, RowRule, Twin, Value

LEDGER = Dataset(
    key="ledger",
    twin=Twin(same=("kind", "amount"), near="booked_on"),
    title=_("Ledger entries"),
    model="billing.LedgerEntry",
    natural_key=("number",),
    order=110,
    balance=total_balance,
    references=(
        OWNER,
        Reference(columns=("invoice_number",), dataset="invoices", field="invoice_id", required=False),
    ),
    rules=(
        RowRule(
            columns=("open_amount", "amount"),
            sentence=_("The amount to pay is more than the amount of the entry."),
            holds=lambda row: is_part(row["open_amount"], row["amount"]),
            sql=OPEN_PART.format(part="open_amount", whole="amount"),
        ),
        RowRule(
            columns=("kind", "amount"),
            sentence=_("An overpayment is written with a minus, interest and a demand without one."),
            holds=lambda row: _has_its_sign(row["kind"], row["amount"]),
            sql="kind = 'invoice' OR (kind = 'overpayment' AND amount <= 0)"
            " OR (kind IN ('interest', 'demand') AND amount >= 0)",
        ),
    ),
    columns=(
        CUSTOMER_CODE,
        code("number", _("number of the entry"), required=True, max_length=60, example="KS/2026/000456"),
        choice("kind", _("kind"), names(LedgerKind), default=str(LedgerKind.INVOICE), example="invoice"),
        Column(name="title", title=_("title"), max_length=160, example="Faktura FV/2026/05/000123"),
        code("document_number", _("document number"), max_length=60, example="FV/2026/05/000123"),
        code("invoice_number", _("invoice"), field="", max_length=60, example="FV/2026/05/000123"),
        day("booked_on", _("booked on"), required=True, example="2026-05-31"),
        day("due_on", _("date of payment"), example="2026-06-14"),
        number("amount", _("amount"), required=True, total=True, example="123.95"),
        number("open_amount", _("amount to pay"), required=True, total=True, example="0"),
    ),
)

PAYMENTS = Dataset(
    key="payments",
    twin=Twin(
        same=("amount",),
        same_or_empty=("account",),
        near="paid_on",
        standing={"reversed_on": None},
        merged=follow_number,
    ),
    title=_("Payments"),
    model="billing.Payment",
    natural_key=("number",),
    order=120,
    references=(OWNER,),
    columns=(
        CUSTOMER_CODE,
        code("number", _("number of the payment"), required=True, max_length=60, example="WB/2026/000789"),
        day("paid_on", _("paid on"), required=True, example="2026-06-10"),
        day("booked_on", _("booked on"), example="2026-06-11"),
        number("amount", _("amount"), required=True, minimum=Decimal("0.01"), total=True, example="123.95"),
        choice(
            "method",
            _("method of payment"),
            names(PaymentMethod),
            default=str(PaymentMethod.TRANSFER),
            example="transfer",
        ),
        Column(name="title", title=_("title"), max_length=160, example="FV/2026/05/000123"),
        Column(
            name="account",
            title=_("account for payments (NRB)"),
            max_length=26,
            check=Check.NRB,
            example="12999900001234567800000096",
        ),
        day("reversed_on", _("reversed on")),
    ),
)

ALLOCATIONS = Dataset(
    key="allocations",
    title=_("Allocations"),
    model="billing.Allocation",
    natural_key=("customer_code", "payment_number", "entry_number"),
    identity=Identity.COMPOSITE,
    order=130,
    references=(
        OWNER,
        Reference(columns=("payment_number",), dataset="payments", field="payment_id"),
        Reference(columns=("entry_number",), dataset="ledger", field="entry_id"),
    ),
    columns=(
        CUSTOMER_CODE,
        code(
            "payment_number",
            _("number of the payment"),
            field="",
            required=True,
            max_length=60,
            example="WB/2026/000789",
        ),
        code(
            "entry_number",
            _("number of the entry"),
            field="",
            required=True,
            max_length=60,
            example="KS/2026/000456",
        ),
        number("amount", _("amount"), required=True, minimum=Decimal("0.01"), total=True, example="123.95"),
        day("booked_on", _("booked on"), example="2026-06-11"),
    ),
)


def _has_its_sign(kind: Value, amount: Value) -> bool:
    """Whether the sign of an entry's amount fits its kind."""
    if not isinstance(amount, Decimal):
        return False
    if kind == LedgerKind.OVERPAYMENT:
        return amount <= 0
    return kind == LedgerKind.INVOICE or amount >= 0
