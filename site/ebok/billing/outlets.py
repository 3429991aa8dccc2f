"""What operators do with money here and the billing system must learn of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ebok.billing.models import Payment
from ebok.exchange.mirror import Source
from ebok.ports import Outlet, OutletColumn
from ebok.ports.datasets import Value


def _entered() -> QuerySet[Payment]:
    return Payment.objects.filter(source=Source.ENTERED)


def _reversed() -> QuerySet[Payment]:
    return Payment.objects.filter(source=Source.ENTERED, reversed_on__isnull=False)


def _with_customers(payments: Sequence[Any]) -> None:
    prefetch_related_objects(payments, "customer")


def _lock(payments: Sequence[Any]) -> None:
    """What the billing system was told of is approved by that: nobody deletes it without a reason (K15)."""
    keys = [payment.pk for payment in payments]
    Payment.objects.filter(pk__in=keys, approved_at__isnull=True).update(approved_at=timezone.now())


def _entered_cells(payment: Payment) -> tuple[Value, ...]:
    return (
        payment.number,
        payment.customer.code,
        payment.paid_on,
        payment.amount,
        payment.method,
        payment.title,
        payment.account,
    )


def _reversed_cells(payment: Payment) -> tuple[Value, ...]:
    return (payment.number, payment.customer.code, payment.reversed_on, payment.amount)


NUMBER = OutletColumn(name="number", title=_("number of the payment"))
CUSTOMER = OutletColumn(name="customer_code", title=_("customer code"))
AMOUNT = OutletColumn(name="amount", title=_("amount"))

outlets = [
    Outlet(
        key="billing.entered_payments",
        title=_("Payments entered by the operator"),
        description=_("Payments taken at the desk or entered by hand, each as it was entered."),
        columns=(
            NUMBER,
            CUSTOMER,
            OutletColumn(name="paid_on", title=_("paid on")),
            AMOUNT,
            OutletColumn(name="method", title=_("method of payment")),
            OutletColumn(name="title", title=_("title")),
            OutletColumn(name="account", title=_("account for payments (NRB)")),
        ),
        records=_entered,
        prepare=_with_customers,
        claimed=_lock,
        cells=_entered_cells,
    ),
    Outlet(
        key="billing.reversed_payments",
        title=_("Reversed payments"),
        description=_("Entered payments that were taken back."),
        columns=(NUMBER, CUSTOMER, OutletColumn(name="reversed_on", title=_("reversed on")), AMOUNT),
        records=_reversed,
        prepare=_with_customers,
        cells=_reversed_cells,
    ),
]
