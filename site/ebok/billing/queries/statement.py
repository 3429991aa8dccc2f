"""The statement of account (D17): what was booked between two days, between two balances.

A movement is a charge or a credit of the ledger, a payment, or a payment that was taken back, each on the day
it was booked. An overpayment is no movement of its own: it is the part of a payment that has found nothing
to settle yet, and the payment stands there already.

The mirror does not keep what was open on a past day, so balances are counted back from today's: the opening
balance is today's balance less everything booked since. Hence opening + movements = closing always, and the
closing balance of a period that reaches today is the balance itself, also where the mirror's history begins
later than the customer's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import CharField, Count, DateField, F, IntegerField, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce

from ebok.billing.models import LedgerEntry, LedgerKind, Payment
from ebok.billing.queries.balance import balance_of, exact
from ebok.customers.models import Customer

PAYMENT = "payment"
REVERSAL = "reversal"
"""Kinds of movements beside the three kinds of charges of the ledger."""

_ENTRY, _PAYMENT, _REVERSAL = range(3)
"""The order of movements booked on one day."""
_COLUMNS = ("day", "turn", "key", "what", "number", "title", "document", "moved")


@dataclass(frozen=True, kw_only=True)
class Movement:
    """One line: what was booked. `amount` raises (charges) or lowers (payments) the balance."""

    booked_on: date
    kind: str
    """A kind of the ledger, `PAYMENT` or `REVERSAL`."""
    number: str
    title: str
    document_number: str
    amount: Decimal
    balance: Decimal
    """The balance after this movement."""


class _Row(NamedTuple):
    day: date
    turn: int
    key: int
    what: str
    number: str
    title: str
    document: str
    moved: Decimal


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A statement: two balances and what lies between them. Movements are read when asked for.

    `charges` and `payments` add up to the difference of the balances: payments are zero or negative, unless
    more was taken back in the period than was paid.
    """

    customer: Customer
    since: date
    until: date
    end: date
    """The last day that counts: `until`, or the end of time for a period that reaches today. What is in the
    books today counts today, also when it bears a later day."""
    opening: Decimal
    charges: Decimal
    payments: Decimal
    count: int

    @property
    def closing(self) -> Decimal:
        """The balance at the end of the last day."""
        return self.opening + self.charges + self.payments

    @property
    def movements(self) -> Movements:
        """The lines, in the order they were booked."""
        return Movements(self)


class Movements:
    """The lines of a statement as a paginator wants them; each slice knows the balance before it.

    One query for a slice from the beginning, three for one further down, whatever their number.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement

    def __len__(self) -> int:
        return self._statement.count

    def __getitem__(self, wanted: slice) -> list[Movement]:
        rows = list(self._rows()[wanted])
        if not rows:
            return []
        before = self._statement.opening
        if wanted.start:
            before += self._moved_before(rows[0])
        return list(_with_balances(rows, before))

    def __iter__(self) -> Iterator[Movement]:
        return _with_balances(self._rows(), self._statement.opening)

    def _rows(self) -> Any:
        asked = self._statement
        inside = Q(day__range=(asked.since, asked.end))
        sources: tuple[Callable[[Customer], QuerySet[Any]], ...] = (_entries, _payments, _reversals)
        entries, payments, reversals = (
            rows(asked.customer).filter(inside).values_list(*_COLUMNS) for rows in sources
        )
        return entries.union(payments, reversals, all=True).order_by("day", "turn", "key")

    def _moved_before(self, first: Any) -> Decimal:
        row, customer = _Row(*first), self._statement.customer

        def before(turn: int, day: str) -> Q:
            same_day = Q(**{day: row.day, "key__lt": row.key}) if turn == row.turn else Q(**{day: row.day})
            earlier = Q(**{f"{day}__gte": self._statement.since, f"{day}__lt": row.day})
            return earlier if turn > row.turn else earlier | same_day

        charged = _entries(customer).aggregate(sum=Sum("moved", filter=before(_ENTRY, "day")))["sum"]
        paid = _payments(customer).aggregate(
            paid=Sum("moved", filter=before(_PAYMENT, "day")),
            back=Sum("amount", filter=before(_REVERSAL, "reversed_on")),
        )
        return exact(charged) + exact(paid["paid"]) + exact(paid["back"])


def statement_of(customer: Customer, since: date, until: date, today: date) -> Statement:
    """The statement of `since` to `until`, both days included; three queries, the movements aside.

    Raises `ValueError` for a period that ends before it begins.
    """
    if until < since:
        raise ValueError("A period cannot end before it begins.")
    end = date.max if until >= today else until
    inside, after = {"day__range": (since, end)}, {"day__gt": end}
    charged = _entries(customer).aggregate(
        inside=Sum("moved", filter=Q(**inside)),
        after=Sum("moved", filter=Q(**after)),
        count=Count("id", filter=Q(**inside)),
    )
    inside_back, after_back = {"reversed_on__range": (since, end)}, {"reversed_on__gt": end}
    paid = _payments(customer).aggregate(
        inside=Sum("moved", filter=Q(**inside)),
        after=Sum("moved", filter=Q(**after)),
        count=Count("id", filter=Q(**inside)),
        back=Sum("amount", filter=Q(**inside_back)),
        back_after=Sum("amount", filter=Q(**after_back)),
        count_back=Count("id", filter=Q(**inside_back)),
    )
    charges, payments = exact(charged["inside"]), exact(paid["inside"]) + exact(paid["back"])
    later = exact(charged["after"]) + exact(paid["after"]) + exact(paid["back_after"])
    return Statement(
        customer=customer,
        since=since,
        until=until,
        end=end,
        opening=balance_of(customer, today).total - later - payments - charges,
        charges=charges,
        payments=payments,
        count=charged["count"] + paid["count"] + paid["count_back"],
    )


def _entries(customer: Customer) -> QuerySet[LedgerEntry]:
    """Charges and credits as movements."""
    return (
        LedgerEntry.objects.filter(customer=customer)
        .exclude(kind=LedgerKind.OVERPAYMENT)
        .annotate(
            day=F("booked_on"),
            turn=_constant(_ENTRY),
            key=F("id"),
            what=_text("kind"),
            document=_text("document_number"),
            moved=F("amount"),
        )
    )


def _payments(customer: Customer) -> QuerySet[Payment]:
    """Payments as movements; one that was taken back later stays here."""
    booked = Coalesce("booked_on", "paid_on", output_field=DateField())
    return _paid(customer, booked, _PAYMENT, PAYMENT).annotate(moved=-F("amount"))


def _reversals(customer: Customer) -> QuerySet[Payment]:
    """What was taken back, on the day it was."""
    taken_back = _paid(customer, F("reversed_on"), _REVERSAL, REVERSAL).filter(reversed_on__isnull=False)
    return taken_back.annotate(moved=F("amount"))


def _paid(customer: Customer, day: Any, turn: int, what: str) -> QuerySet[Any]:
    return Payment.objects.filter(customer=customer).annotate(
        day=day, turn=_constant(turn), key=F("id"), what=_constant(what), document=_constant("")
    )


def _constant(value: int | str) -> Value:
    # Typed, so that PostgreSQL can unite the columns.
    return Value(value, output_field=IntegerField() if isinstance(value, int) else CharField())


def _text(field: str) -> Cast:
    return Cast(field, CharField())


def _with_balances(rows: Any, before: Decimal) -> Iterator[Movement]:
    balance = before
    for values in rows:
        row = _Row(*values)
        balance += exact(row.moved)
        yield Movement(
            booked_on=row.day,
            kind=row.what,
            number=row.number,
            title=row.title,
            document_number=row.document,
            amount=exact(row.moved),
            balance=balance,
        )
