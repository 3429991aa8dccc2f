"""The ledger and the payments of one customer (D14-D16)."""

from __future__ import annotations

from django.db.models import F, Prefetch, QuerySet

from ebok.billing.models import Allocation, LedgerEntry, Payment
from ebok.customers.models import Customer


def entries_for(customer: Customer) -> QuerySet[LedgerEntry]:
    """All positions of the customer's account, the newest first."""
    return LedgerEntry.objects.filter(customer=customer).order_by("-booked_on", "-id")


def open_entries_for(customer: Customer) -> QuerySet[LedgerEntry]:
    """Positions that are not settled, those due first at the head; without a day of payment last."""
    return (
        LedgerEntry.objects.filter(customer=customer)
        .exclude(open_amount=0)
        .order_by(F("due_on").asc(nulls_last=True), "id")
    )


def payments_for(customer: Customer) -> QuerySet[Payment]:
    """All payments with what they settled, the newest first, historical ones included (D16)."""
    allocations = (
        Allocation.objects.filter(customer=customer, entry__customer=customer)
        .select_related("entry")
        .order_by("entry__due_on", "entry_id")
    )
    return (
        Payment.objects.filter(customer=customer)
        .prefetch_related(Prefetch("allocations", allocations))
        .order_by("-paid_on", "-id")
    )
