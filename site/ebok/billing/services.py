"""Money entered by the operator (L03): a payment settles what is due, and can be taken back.

The billing system stays the system of record. What is entered here is exported to it, and marks the
touched entries as corrected by hand, so that a delivery made before it knew of the payment is reported as
a conflict instead of bringing the debt back.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.billing.merging import overpayment_number
from ebok.billing.models import Allocation, Invoice, LedgerEntry, LedgerKind, Payment, PaymentMethod
from ebok.billing.queries import open_entries_for
from ebok.customers.models import Customer
from ebok.exchange import entering, kept_lines
from ebok.exchange.entering import Refused
from ebok.exchange.mirror import Source
from ebok.journal.services import record

if TYPE_CHECKING:
    from django.http import HttpRequest

TOUCHED = ("payments", "ledger", "allocations", "invoices")


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A payment with what became of it; the parts add up to its amount."""

    payment: Payment
    settled: tuple[Allocation, ...]
    overpayment: LedgerEntry | None


def record_payment(
    customer: Customer,
    *,
    amount: Decimal,
    paid_on: date,
    method: str = PaymentMethod.TRANSFER,
    number: str = "",
    title: str = "",
    actor: Any,
    request: HttpRequest | None = None,
) -> Recorded:
    """Enter a payment; it settles open charges, those due first, and the rest becomes an overpayment.

    `number` is made when none is given. Raises `ValidationError` for an amount that is not positive, for
    a number that is taken, and for a day in the future.
    """
    if paid_on > timezone.localdate():
        raise ValidationError({"paid_on": _("A payment cannot come from the future.")})
    with transaction.atomic():
        # One at a time for a customer: two payments must not settle the same entry.
        Customer.objects.select_for_update().get(pk=customer.pk)
        payment = Payment(
            customer=customer,
            number=number or _new_number(paid_on),
            paid_on=paid_on,
            booked_on=timezone.localdate(),
            amount=amount,
            method=method,
            title=title,
            account=customer.virtual_account,
        )
        entering.enter(payment, actor=actor, request=request)
        settled, rest = _settle(customer, payment)
        overpayment = _overpay(customer, payment, rest, actor, request) if rest else None
        _forget()
        record(
            "billing.payment_recorded",
            text=_("Payment %(number)s of %(amount)s zł entered.")
            % {"number": payment.number, "amount": amount},
            actor=actor,
            request=request,
            customer_id=customer.pk,
            obj=payment,
            payload={
                "settled": {str(part.entry_id): str(part.amount) for part in settled},
                "rest": str(rest),
            },
        )
    return Recorded(payment=payment, settled=tuple(settled), overpayment=overpayment)


def reverse_payment(payment: Payment, *, reason: str, actor: Any, request: HttpRequest | None = None) -> None:
    """Take a payment back: what it settled is open again, its overpayment is gone, its row stays.

    Raises `Refused` when it was reversed before, when no reason is given, or when the overpayment it
    left has been used since.
    """
    if not reason.strip():
        raise Refused(_("Give the reason for reversing the payment."))
    with transaction.atomic():
        Customer.objects.select_for_update().get(pk=payment.customer_id)
        payment.refresh_from_db()
        if payment.reversed_on is not None:
            raise Refused(_("This payment was reversed before."))
        own = {"customer_id": payment.customer_id}
        left = LedgerEntry.objects.filter(**own, number=overpayment_number(payment.number)).first()
        if left is not None and left.open_amount != left.amount:
            raise Refused(_("The overpayment left by this payment has been used already."))
        allocations = Allocation.objects.filter(
            **own, payment=payment, entry__customer_id=payment.customer_id
        )
        for allocation in allocations.select_related("entry"):
            _change_open(allocation.entry, allocation.amount)
        allocations.delete()
        if left is not None:
            _change_open(left, -left.open_amount)
        payment.reversed_on = timezone.localdate()
        payment.corrected_at = payment.changed_at = timezone.now()
        payment.save(update_fields=["reversed_on", "corrected_at", "changed_at"])
        _forget()
        record(
            "billing.payment_reversed",
            text=_("Payment %(number)s reversed: %(reason)s")
            % {"number": payment.number, "reason": reason.strip()},
            actor=actor,
            request=request,
            customer_id=payment.customer_id,
            obj=payment,
        )


def delete_payment(payment: Payment, *, reason: str, actor: Any, request: HttpRequest | None = None) -> None:
    """Delete a payment that moves no money any more (K15).

    Raises `Refused` as `entering.delete` does, and while the payment still settles something or its
    overpayment stands: it has to be reversed first, otherwise the balance would keep what is gone.
    """
    with transaction.atomic():
        Customer.objects.select_for_update().get(pk=payment.customer_id)
        payment.refresh_from_db()
        left = overpayment_of(payment)
        settles = Allocation.objects.filter(customer_id=payment.customer_id, payment=payment).exists()
        if payment.reversed_on is None and (settles or (left is not None and left.open_amount)):
            raise Refused(_("This payment settles something, or left an overpayment: reverse it first."))
        entering.delete(payment, reason=reason, actor=actor, request=request)


def overpayment_of(payment: Payment) -> LedgerEntry | None:
    """The ledger entry a payment left because it was more than was due; None where there is none."""
    own = LedgerEntry.objects.filter(customer_id=payment.customer_id, kind=LedgerKind.OVERPAYMENT)
    return own.filter(number=overpayment_number(payment.number)).first()


def _settle(customer: Customer, payment: Payment) -> tuple[list[Allocation], Decimal]:
    rest, settled = payment.amount, []
    for entry in open_entries_for(customer).filter(open_amount__gt=0).select_for_update():
        if not rest:
            break
        part = min(rest, entry.open_amount)
        settled.append(
            Allocation(
                customer=customer,
                payment=payment,
                entry=entry,
                amount=part,
                booked_on=payment.booked_on,
                source=Source.ENTERED,
                corrected_at=timezone.now(),
            )
        )
        _change_open(entry, -part, paid_on=payment.paid_on)
        rest -= part
    Allocation.objects.bulk_create(settled)
    return settled, rest


def _change_open(entry: LedgerEntry, by: Decimal, *, paid_on: date | None = None) -> None:
    """Change what is open of an entry, and of its invoice by the same amount."""
    entry.open_amount += by
    entry.corrected_at = entry.changed_at = timezone.now()
    entry.save(update_fields=["open_amount", "corrected_at", "changed_at"])
    if entry.invoice_id is None:
        return
    invoice = Invoice.objects.filter(customer_id=entry.customer_id, pk=entry.invoice_id).first()
    if invoice is None or entry.kind != LedgerKind.INVOICE:
        return
    invoice.open_amount = _within(invoice.open_amount + by, invoice.gross)
    invoice.paid_on = paid_on if not invoice.open_amount else None
    invoice.corrected_at = invoice.changed_at = timezone.now()
    invoice.save(update_fields=["open_amount", "paid_on", "corrected_at", "changed_at"])


def _within(part: Decimal, whole: Decimal) -> Decimal:
    # A billing system may split an invoice over several entries; the invoice never leaves its bounds.
    low, high = min(whole, Decimal(0)), max(whole, Decimal(0))
    return min(max(part, low), high)


def _overpay(
    customer: Customer, payment: Payment, rest: Decimal, actor: Any, request: HttpRequest | None
) -> LedgerEntry:
    entry = LedgerEntry(
        customer=customer,
        number=overpayment_number(payment.number),
        kind=LedgerKind.OVERPAYMENT,
        title=_("Overpayment from %(number)s") % {"number": payment.number},
        document_number=payment.number,
        booked_on=payment.paid_on,
        amount=-rest,
        open_amount=-rest,
    )
    return entering.enter(entry, actor=actor, request=request)


def _new_number(day: date) -> str:
    # Forty random bits: nobody waits for a counter, and a collision is refused by the natural key.
    return f"R/{day:%Y}/{secrets.token_hex(5).upper()}"


def _forget() -> None:
    for dataset in TOUCHED:
        kept_lines.forget(dataset)
