"""What is to be paid now, what is late and what comes next: the balance with its terms, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q

from ebok.billing.models import LedgerKind
from ebok.billing.queries.balance import Balance, balance_from, open_part, parts_of_balance
from ebok.customers.models import Customer


@dataclass(frozen=True, kw_only=True)
class Dues:
    """The balance of an account with what a person asks next: how many are late, and when the next is due.

    `charges` counts unsettled positions somebody has to pay, `overdue` those of them past their day. The
    days are None where there is nothing. `invoices_only` says that every overdue position is an invoice.
    """

    balance: Balance
    charges: int
    overdue: int
    overdue_since: date | None
    next_due_on: date | None
    invoices_only: bool


def dues_of(customer: Customer, today: date) -> Dues:
    """What the customer has to pay, seen on `today`; what was due before `today` is overdue."""
    owed = Q(open_amount__gt=0)
    late = owed & Q(due_on__lt=today)
    row = open_part(customer).aggregate(
        **parts_of_balance(today),
        charges=Count("id", filter=owed),
        late=Count("id", filter=late),
        late_others=Count("id", filter=late & ~Q(kind=LedgerKind.INVOICE)),
        late_since=Min("due_on", filter=late),
        next_due=Min("due_on", filter=owed & Q(due_on__gte=today)),
    )
    return Dues(
        balance=balance_from(row),
        charges=row["charges"],
        overdue=row["late"],
        overdue_since=row["late_since"],
        next_due_on=row["next_due"],
        invoices_only=not row["late_others"],
    )
