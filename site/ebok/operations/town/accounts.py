"""The books of one customer: what is owed, what was paid, and what paid for what.

The sum of the open amounts is what was charged less what was paid, to the grosz: a payment either settles
an entry (an allocation) or stays as an overpayment; a credit from a correction lowers what is owed without
an allocation, because no money moved.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from ebok.operations.town.invoicing import Document
from ebok.operations.town.months import Calendar
from ebok.operations.town.plan import Plan
from ebok.operations.town.prices import interest_rate

DEMAND_COST = 850
"""What a demand for payment costs, in grosze."""
_DEMAND_FROM = 5_000
"""Debts below this are not demanded."""
_INTEREST_FROM = 100
"""Interest below this is not charged."""
_YEAR_OF_RATES = 365 * 10_000

_PREFIXES = {"transfer": "WB", "cash": "KP", "card": "KT", "blik": "BL", "online": "PI", "debit": "PZ"}
_ENTRY_PREFIXES = {"invoice": "KS", "interest": "NO", "demand": "WZ", "overpayment": "NP"}
_BOOK, _CHASE, _PAY = range(3)


@dataclass(slots=True)
class Entry:
    """An entry of the ledger; amounts in grosze, with the signs of the ledger."""

    number: str
    kind: str
    title: str
    day: int
    due: int
    amount: int
    open: int
    document: Document | None = None
    payment: str = ""
    """What an overpayment is left of."""


@dataclass(slots=True)
class Paid:
    """A payment; `returned` is the day it went back."""

    number: str
    day: int
    booked: int
    amount: int
    title: str
    returned: int = 0


class Books:
    """Books of a customer from the first document of the window to its last day."""

    def __init__(self, plan: Plan, documents: Sequence[Document], calendar: Calendar) -> None:
        self.plan = plan
        self.paying = plan.wish.paying
        self.calendar = calendar
        self.documents = documents
        self.entries: list[Entry] = []
        self.payments: list[Paid] = []
        self.allocations: list[tuple[str, str, int, int]] = []
        """Payment, entry, grosze, day."""
        self._unsettled: list[Entry] = []
        self._events: list[tuple[int, int, int, object]] = []
        self._turn = 0
        self._refused = self._never_paid()
        self._chased_until = calendar.start

    def close(self) -> None:
        """Go through all days up to the last one."""
        for document in self.documents:
            self._at(document.issued, _BOOK, document)
        if self.paying.stopped and self.paying.chased:
            self._plan_chasing()
        if self.paying.standing:
            self._plan_standing_order()
        while self._events:
            day, what, _turn, thing = heapq.heappop(self._events)
            if day > self.calendar.end:
                break
            if what == _BOOK:
                self._book_document(thing)  # type: ignore[arg-type]
            elif what == _CHASE:
                self._chase(day)
            else:
                self._pay(day, *thing)  # type: ignore[misc]
        for entry in self.entries:
            if entry.document is not None:
                entry.document.open = entry.open

    def _at(self, day: int, what: int, thing: object) -> None:
        self._turn += 1
        heapq.heappush(self._events, (day, what, self._turn, thing))

    # What is owed ------------------------------------------------------------------------

    def _book_document(self, document: Document) -> None:
        title = "Korekta" if document.kind == "correction" else "Faktura"
        entry = self._entry(
            "invoice", f"{title} {document.number}", document.issued, document.due, document.gross
        )
        entry.document = document
        self._settle_with_credits(entry)
        if entry.open > 0 and document.number not in self._refused and not self.paying.standing:
            self._plan_payments(entry)

    def _entry(self, kind: str, title: str, day: int, due: int, amount: int) -> Entry:
        year, place = self.calendar.iso(day)[:4], len(self.entries) + 1
        number = f"{_ENTRY_PREFIXES[kind]}/{year}/{self.plan.index:06d}/{place}"
        entry = Entry(number, kind, title, day, due, amount, amount)
        self.entries.append(entry)
        if amount:
            self._unsettled.append(entry)
        return entry

    def _settle_with_credits(self, new: Entry) -> None:
        """A new debt takes what is owed to the customer; a new credit takes the oldest debts."""
        for other in list(self._unsettled):
            if not new.open:
                break
            if other is new or (other.open > 0) == (new.open > 0):
                continue
            part = min(abs(other.open), abs(new.open))
            debt, credit = (new, other) if new.open > 0 else (other, new)
            debt.open -= part
            credit.open += part
            if credit.kind == "overpayment":
                self.allocations.append((credit.payment, debt.number, part, new.day))
            self._note_settled(debt, new.day)
            self._note_settled(credit, new.day)

    def _note_settled(self, entry: Entry, day: int) -> None:
        if not entry.open:
            self._unsettled.remove(entry)
            if entry.document is not None:
                entry.document.paid = day

    # What is paid ------------------------------------------------------------------------

    def _never_paid(self) -> frozenset[str]:
        """Numbers of the documents the customer leaves unpaid."""
        paying, end = self.paying, self.calendar.end
        if paying.stopped:
            months = self.calendar.months
            since = months[max(0, len(months) - paying.stopped)].first
            return frozenset(document.number for document in self.documents if document.issued >= since)
        if paying.bucket is not None:
            least, most = paying.bucket
            late = [document.number for document in self.documents if least <= end - document.due <= most]
            return frozenset(late[len(late) // 2 : len(late) // 2 + 1])
        return frozenset()

    def _plan_payments(self, entry: Entry) -> None:
        day = max(entry.day + 1, entry.due + self.paying.delay)
        if self.paying.half:
            self._at(max(entry.day + 1, entry.due - 1), _PAY, (entry, entry.open // 2, False))
            self._at(entry.due + 21, _PAY, (entry, None, False))
        elif self.paying.returned and not self.payments:
            self._at(day, _PAY, (entry, None, True))
            self._at(day + 9, _PAY, (entry, None, False))
        else:
            self._at(day, _PAY, (entry, None, False))

    def _plan_standing_order(self) -> None:
        """The same round amount every month: the average month and something on top."""
        plan = self.plan
        months = plan.last - plan.first + 1
        if months < 1 or not self.documents:
            return
        average = sum(document.gross for document in self.documents) // months
        amount = max(1000, average * self.paying.standing // 1000 // 1000 * 1000)
        for month in self.calendar.months[plan.first : plan.last + 1]:
            self._at(month.first + 9, _PAY, (None, amount, False))

    def _pay(self, day: int, entry: Entry | None, amount: int | None, returned: bool) -> None:
        booked = day + (0 if self.paying.method in {"cash", "card"} else 1)
        amount = entry.open if amount is None and entry is not None else amount
        if booked > self.calendar.end or not amount or amount < 0 or (entry is not None and entry.open <= 0):
            return
        prefix, year = _PREFIXES[self.paying.method], self.calendar.iso(booked)[:4]
        number = f"{prefix}/{year}/{self.plan.index:06d}/{len(self.payments) + 1}"
        title = (
            entry.document.number if entry is not None and entry.document is not None else "Zlecenie stałe"
        )
        payment = Paid(number, day, booked, amount, title)
        self.payments.append(payment)
        if returned:
            payment.returned = booked + 4
            if payment.returned > self.calendar.end:
                self.payments.pop()
            return
        self._allocate(payment, entry)

    def _allocate(self, payment: Paid, named: Entry | None) -> None:
        """First the entry the payment names, then the oldest debts; the rest is an overpayment."""
        left = payment.amount
        debts = [entry for entry in self._unsettled if entry.open > 0 and entry is not named]
        for entry in [named, *debts] if named is not None else debts:
            if not left:
                return
            part = min(left, entry.open)
            entry.open -= part
            left -= part
            self.allocations.append((payment.number, entry.number, part, payment.booked))
            self._note_settled(entry, payment.booked)
        if left:
            day = payment.booked
            over = self._entry("overpayment", f"Nadpłata z {payment.number}", day, day, -left)
            over.payment = payment.number

    # What is done about debts --------------------------------------------------------------

    def _plan_chasing(self) -> None:
        """A look at the debts in the middle and at the end of each month."""
        for month in self.calendar.months[self.plan.first :]:
            self._at(month.first + 14, _CHASE, None)
            self._at(month.last, _CHASE, None)

    def _chase(self, day: int) -> None:
        month_end = self.calendar.iso(day + 1).endswith("-01")
        if not month_end:
            self._demand(day)
        elif self.calendar.iso(day)[5:7] in {"03", "06", "09", "12"}:
            self._charge_interest(day)

    def _demand(self, day: int) -> None:
        """A demand when enough is more than a month overdue; at most one in two months."""
        late = sum(entry.open for entry in self._unsettled if entry.open > 0 and entry.due < day - 30)
        last = max((entry.day for entry in self.entries if entry.kind == "demand"), default=0)
        if late >= _DEMAND_FROM and day - last > 60:
            self._entry("demand", "Wezwanie do zapłaty", day, day + 14, DEMAND_COST)

    def _charge_interest(self, day: int) -> None:
        """A note for the quarter: simple interest on what is still open, at the rate of its last day."""
        owed = sum(
            entry.open * (day - max(entry.due, self._chased_until))
            for entry in self._unsettled
            if entry.kind == "invoice" and entry.open > 0 and entry.due < day
        )
        amount = (2 * owed * interest_rate(self.calendar.iso(day)) + _YEAR_OF_RATES) // (2 * _YEAR_OF_RATES)
        self._chased_until = day
        if amount >= _INTEREST_FROM:
            title = f"Odsetki za zwłokę do {self.calendar.iso(day)}"
            self._entry("interest", title, day, day + 14, amount)
