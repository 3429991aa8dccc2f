"""What follows when a payment entered by hand turns out to be one the billing system delivers."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.billing.models import Allocation, LedgerEntry, LedgerKind, Payment
from ebok.exchange import kept_lines, natural_keys
from ebok.exchange.mirror import Source


def overpayment_number(payment_number: str) -> str:
    """What the entry is called that a payment leaves when it is more than was due."""
    return f"NP/{payment_number}"[:60]


def follow_number(payment_id: int, own: str, delivered: str) -> None:
    """What the payment settled is the billing system's word from now on; the overpayment it left goes along.

    Allocations point to the payment's id, so they follow; the next delivery corrects them without asking.
    """
    payment = Payment.objects.get(pk=payment_id)
    Allocation.objects.filter(customer_id=payment.customer_id, payment=payment).update(
        source=Source.IMPORTED, corrected_at=None, changed_at=timezone.now()
    )
    kept_lines.forget("allocations")
    left = LedgerEntry.objects.filter(
        customer_id=payment.customer_id,
        kind=LedgerKind.OVERPAYMENT,
        source=Source.ENTERED,
        number=overpayment_number(own),
    ).first()
    if left is None:
        return
    natural_keys.rename("ledger", left.pk, overpayment_number(delivered))
    left.number, left.document_number = overpayment_number(delivered), delivered
    left.title = _("Overpayment from %(number)s") % {"number": delivered}
    left.changed_at = timezone.now()
    left.save(update_fields=["number", "document_number", "title", "changed_at"])
    kept_lines.forget("ledger")
