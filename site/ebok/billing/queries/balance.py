"""Saldo with its parts (D15), arrears and their age: one query each, exact to the grosz."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from ebok.billing.models import LedgerEntry, LedgerKind
from ebok.customers.models import Customer

GROSZ = Decimal("0.01")
NOTHING = Decimal("0.00")
BUCKETS = (30, 60, 90, 180, 365)
"""Upper ends of the buckets of arrears, in days after the date of payment."""


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What a customer owes, in PLN; negative parts are owed to the customer.

    `invoices`, `interest`, `demands` and `overpayment` add up to `total`. `overdue` is the part of
    the charges of which the day of payment has passed.
    """

    invoices: Decimal
    interest: Decimal
    demands: Decimal
    overpayment: Decimal
    overdue: Decimal

    @property
    def total(self) -> Decimal:
        """The balance: positive is a debt, negative an overpayment."""
        return self.invoices + self.interest + self.demands + self.overpayment

    @property
    def to_pay(self) -> Decimal:
        """What a customer who wants to owe nothing pays now; never negative."""
        return max(self.total, NOTHING)

    @property
    def credit(self) -> Decimal:
        """What the customer has paid ahead; never negative."""
        return max(-self.total, NOTHING)


@dataclass(frozen=True, kw_only=True)
class Ageing:
    """Unsettled charges by the days since their day of payment; together with `credits` the balance."""

    not_due: Decimal
    days_30: Decimal
    days_60: Decimal
    days_90: Decimal
    days_180: Decimal
    days_365: Decimal
    older: Decimal
    credits: Decimal
    """Overpayments and corrections owed to the customer; zero or negative."""

    @property
    def total(self) -> Decimal:
        """The same figure as the balance's `total`."""
        return sum((getattr(self, part.name) for part in fields(self)), NOTHING)


def balance_of(customer: Customer, today: date) -> Balance:
    """The customer's balance; what was due before `today` is overdue."""
    return balance_from(open_part(customer).aggregate(**parts_of_balance(today)))


def balances_of(customer_ids: Collection[int], today: date) -> dict[int, Balance]:
    """The balance of each of these customers, by id, for people who act for many; at most one query.

    A customer who owes nothing has a balance of nothing.
    """
    if not customer_ids:
        return {}
    owed = LedgerEntry.objects.filter(customer_id__in=customer_ids).exclude(open_amount=0)
    rows = owed.values("customer_id").annotate(**parts_of_balance(today))
    found = {int(row["customer_id"]): balance_from(dict(row)) for row in rows}
    return {customer: found.get(customer, balance_from({})) for customer in customer_ids}


def total_balance() -> Decimal:
    """The sum of all customers' balances, for control totals; one query over the open entries."""
    return exact(LedgerEntry.objects.exclude(open_amount=0).aggregate(total=Sum("open_amount"))["total"])


def ageing_of(customer: Customer, today: date) -> Ageing:
    """The customer's arrears by age on `today`."""
    return age(open_part(customer), today)


def age(entries: QuerySet[LedgerEntry], today: date) -> Ageing:
    """The arrears of these entries by age; for staff reports over many customers too."""
    owed = Q(open_amount__gt=0)
    parts: dict[str, Any] = {
        "not_due": Sum("open_amount", filter=owed & (Q(due_on__isnull=True) | Q(due_on__gte=today))),
        "credits": Sum("open_amount", filter=Q(open_amount__lt=0)),
    }
    newest = today - timedelta(days=1)
    for days in BUCKETS:
        oldest = today - timedelta(days=days)
        parts[f"days_{days}"] = Sum("open_amount", filter=owed & Q(due_on__range=(oldest, newest)))
        newest = oldest - timedelta(days=1)
    parts["older"] = Sum("open_amount", filter=owed & Q(due_on__lte=newest))
    return Ageing(**{part: exact(amount) for part, amount in entries.aggregate(**parts).items()})


def parts_of_balance(today: date) -> dict[str, Sum]:
    """The sums a balance is made of; see `balance_from`."""
    return {
        "invoices": _sum(kind=LedgerKind.INVOICE),
        "interest": _sum(kind=LedgerKind.INTEREST),
        "demands": _sum(kind=LedgerKind.DEMAND),
        "overpayment": _sum(kind=LedgerKind.OVERPAYMENT),
        "overdue": _sum(due_on__lt=today, open_amount__gt=0),
    }


def balance_from(amounts: Mapping[str, Any]) -> Balance:
    """The balance whose parts stand in this row; missing ones are nothing."""
    return Balance(**{part.name: exact(amounts.get(part.name)) for part in fields(Balance)})


def open_part(customer: Customer) -> QuerySet[LedgerEntry]:
    """What is not settled of the customer's account."""
    return LedgerEntry.objects.filter(customer=customer).exclude(open_amount=0)


def _sum(**conditions: Any) -> Sum:
    return Sum("open_amount", filter=Q(**conditions))


def exact(amount: Decimal | None) -> Decimal:
    """A sum to the grosz; nothing for no rows."""
    # SQLite adds floating-point numbers; their error is far below a grosz.
    return NOTHING if amount is None else amount.quantize(GROSZ)
