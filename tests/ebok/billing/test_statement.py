"""The statement of account: opening + movements = closing, and closing today is the balance."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ebok.accounts.models import User
from ebok.billing import services
from ebok.billing.models import LedgerKind, Payment
from ebok.billing.queries import balance_of, statement_of
from ebok.testing import mirror
from ebok.testing.people import person

TODAY = date(2026, 6, 15)
LONG_AGO = date(2000, 1, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(db: None) -> User:
    return person("clerk@example.org")


@pytest.mark.feature("D17")
def test_movements_stand_between_two_balances() -> None:
    owner = mirror.customer()
    mirror.entry(owner, "100.00", booked_on=date(2026, 4, 30), open_amount=Decimal(0), title="Faktura 4")
    mirror.payment(owner, "100.00", date(2026, 5, 12), booked_on=date(2026, 5, 13))
    mirror.entry(owner, "80.00", booked_on=date(2026, 5, 31), title="Faktura 5")
    mirror.entry(owner, "-5.00", booked_on=date(2026, 6, 1), title="Korekta", open_amount=Decimal("-5.00"))
    found = statement_of(owner, date(2026, 5, 1), date(2026, 5, 31), TODAY)
    assert (found.opening, found.charges, found.payments, found.closing) == (
        Decimal("100.00"),
        Decimal("80.00"),
        Decimal("-100.00"),
        Decimal("80.00"),
    )
    assert [(m.booked_on, m.kind, m.amount, m.balance) for m in found.movements] == [
        (date(2026, 5, 13), "payment", Decimal("-100.00"), Decimal("0.00")),
        (date(2026, 5, 31), "invoice", Decimal("80.00"), Decimal("80.00")),
    ]
    assert statement_of(owner, date(2026, 6, 1), TODAY, TODAY).closing == Decimal("75.00")


@pytest.mark.feature("D17")
def test_an_overpayment_is_no_line_of_its_own() -> None:
    owner = mirror.customer()
    mirror.payment(owner, "50.00", date(2026, 5, 12))
    mirror.entry(owner, "-50.00", kind=LedgerKind.OVERPAYMENT, booked_on=date(2026, 5, 12))
    found = statement_of(owner, LONG_AGO, TODAY, TODAY)
    assert (found.opening, found.closing, found.count) == (Decimal("0.00"), Decimal("-50.00"), 1)


def test_a_payment_taken_back_stands_twice() -> None:
    owner = mirror.customer()
    mirror.entry(owner, "50.00", booked_on=date(2026, 5, 1))
    mirror.payment(owner, "50.00", date(2026, 5, 12), reversed_on=date(2026, 6, 2))
    may = statement_of(owner, date(2026, 5, 1), date(2026, 5, 31), TODAY)
    assert (may.opening, may.closing) == (Decimal("0.00"), Decimal("0.00"))
    june = statement_of(owner, date(2026, 6, 1), date(2026, 6, 30), TODAY)
    assert [(m.kind, m.amount) for m in june.movements] == [("reversal", Decimal("50.00"))]
    assert june.closing == Decimal("50.00")


def test_a_history_that_begins_in_the_middle_opens_with_what_was_before() -> None:
    owner = mirror.customer()
    mirror.entry(owner, "70.00", booked_on=date(2026, 5, 1), open_amount=Decimal("30.00"))
    found = statement_of(owner, LONG_AGO, TODAY, TODAY)
    assert (found.opening, found.closing) == (Decimal("-40.00"), Decimal("30.00"))


def test_what_bears_a_later_day_counts_today() -> None:
    owner = mirror.customer()
    mirror.entry(owner, "10.00", booked_on=TODAY + timedelta(days=5))
    found = statement_of(owner, TODAY, TODAY, TODAY)
    assert (found.opening, found.closing, found.count) == (Decimal("0.00"), Decimal("10.00"), 1)
    before = statement_of(owner, TODAY - timedelta(days=1), TODAY - timedelta(days=1), TODAY)
    assert (before.closing, before.count) == (Decimal("0.00"), 0)


def test_a_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        statement_of(mirror.customer(), TODAY, TODAY - timedelta(days=1), TODAY)


def test_strangers_money_is_not_in_it() -> None:
    owner, stranger = mirror.customer(), mirror.customer()
    mirror.entry(stranger, "10.00", booked_on=TODAY)
    mirror.payment(stranger, "3.00", TODAY)
    assert statement_of(owner, LONG_AGO, TODAY, TODAY).count == 0


days = st.integers(min_value=0, max_value=90).map(lambda back: TODAY - timedelta(days=back))
amounts = st.integers(min_value=1, max_value=100_000).map(lambda grosze: Decimal(grosze) / 100)
shares = st.integers(min_value=0, max_value=4)
charges = st.tuples(days, amounts, shares, st.sampled_from(["invoice", "interest", "demand", "credit"]))
payments = st.tuples(days, amounts, st.booleans(), st.none() | days)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    booked=st.lists(charges, max_size=8),
    paid=st.lists(payments, max_size=6),
    cuts=st.lists(days, min_size=2, max_size=4),
    page=st.integers(min_value=1, max_value=5),
)
@pytest.mark.feature("D17")
def test_opening_and_movements_make_closing(
    booked: list[Any], paid: list[Any], cuts: list[date], page: int
) -> None:
    """For any books and any periods that follow one another, each page read on its own."""
    owner = mirror.customer()
    for day, amount, share, kind in booked:
        signed = -amount if kind == "credit" else amount
        mirror.entry(
            owner,
            signed,
            booked_on=day,
            kind="invoice" if kind == "credit" else kind,
            open_amount=(signed * share / 4).quantize(Decimal("0.01")),
        )
    for day, amount, leaves_rest, back in paid:
        returned = back if back is not None and back >= day else None
        mirror.payment(owner, str(amount), day, booked_on=day, reversed_on=returned)
        if leaves_rest and returned is None:
            mirror.entry(owner, -amount, kind=LedgerKind.OVERPAYMENT, booked_on=day)
    bounds = sorted({*cuts, TODAY})
    begins = [LONG_AGO, *(bound + timedelta(days=1) for bound in bounds[:-1])]
    previous = None
    for since, until in zip(begins, bounds, strict=True):
        found = statement_of(owner, since, until, TODAY)
        moved = list(found.movements)
        assert found.opening + sum((m.amount for m in moved), Decimal(0)) == found.closing
        assert found.count == len(moved)
        assert [m for at in range(0, found.count, page) for m in found.movements[at : at + page]] == moved
        assert not moved or moved[-1].balance == found.closing
        assert previous is None or previous == found.opening
        previous = found.closing
    assert previous == balance_of(owner, TODAY).total


@time_machine.travel("2026-06-15 12:00+02:00")
def test_what_operators_enter_and_take_back_keeps_the_statement_true(clerk: User) -> None:
    owner = mirror.customer()
    mirror.entry(owner, "80.00", booked_on=date(2026, 5, 1), due_on=date(2026, 5, 15))
    services.record_payment(owner, amount=Decimal("130.50"), paid_on=date(2026, 6, 1), actor=clerk)
    found = statement_of(owner, LONG_AGO, TODAY, TODAY)
    assert (found.opening, found.closing) == (Decimal("0.00"), Decimal("-50.50"))
    services.reverse_payment(Payment.objects.get(customer=owner), reason="Pomyłka", actor=clerk)
    found = statement_of(owner, LONG_AGO, TODAY, TODAY)
    assert (found.opening, found.closing, found.count) == (Decimal("0.00"), Decimal("80.00"), 3)


@pytest.mark.parametrize("count", [1, 30])
def test_a_statement_and_any_page_of_it_take_the_same_queries(
    count: int, django_assert_num_queries: Any
) -> None:
    owner = mirror.customer()
    for number in range(count):
        mirror.entry(owner, "1.00", booked_on=TODAY - timedelta(days=number))
        mirror.payment(owner, "1.00", TODAY - timedelta(days=number))
    with django_assert_num_queries(3):
        found = statement_of(owner, LONG_AGO, TODAY, TODAY)
    with django_assert_num_queries(1):
        assert len(found.movements[0:25]) == min(25, 2 * count)
    with django_assert_num_queries(3):
        assert len(found.movements[1:26]) == min(25, 2 * count - 1)
