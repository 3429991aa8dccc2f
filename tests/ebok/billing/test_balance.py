"""The balance with its parts, arrears by age, and what payments do to them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ebok.accounts.models import User
from ebok.billing import queries, services
from ebok.billing.models import LedgerEntry, LedgerKind, Payment
from ebok.exchange.entering import Refused
from ebok.testing import mirror as building
from ebok.testing.people import person

TODAY = date(2026, 6, 15)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(db: None) -> User:
    return person("clerk@example.org")


@pytest.mark.feature("D15")
@pytest.mark.feature("D14")
def test_balance_shows_its_four_parts() -> None:
    owner = building.customer()
    stranger = building.customer()
    building.entry(owner, "100.10", due_on=date(2026, 6, 1))
    building.entry(owner, "50.05", due_on=date(2026, 6, 30))
    building.entry(owner, "3.33", kind=LedgerKind.INTEREST, due_on=date(2026, 6, 1))
    building.entry(owner, "12.00", kind=LedgerKind.DEMAND)
    building.entry(owner, "-20.00", kind=LedgerKind.OVERPAYMENT)
    building.entry(owner, "70.00", open_amount=Decimal(0), due_on=date(2026, 1, 1))
    building.entry(stranger, "1000.00", due_on=date(2026, 6, 1))
    balance = queries.balance_of(owner, TODAY)
    assert balance == queries.Balance(
        invoices=Decimal("150.15"),
        interest=Decimal("3.33"),
        demands=Decimal("12.00"),
        overpayment=Decimal("-20.00"),
        overdue=Decimal("103.43"),
    )
    assert balance.total == Decimal("145.48")
    assert balance.to_pay == Decimal("145.48")


def test_an_overpaid_customer_pays_nothing() -> None:
    owner = building.customer()
    building.entry(owner, "-20.00", kind=LedgerKind.OVERPAYMENT)
    balance = queries.balance_of(owner, TODAY)
    assert (balance.total, balance.to_pay) == (Decimal("-20.00"), Decimal("0.00"))


def test_a_customer_without_entries_owes_nothing() -> None:
    assert queries.balance_of(building.customer(), TODAY).total == Decimal("0.00")
    assert queries.ageing_of(building.customer(), TODAY).total == Decimal("0.00")


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (0, "not_due"),
        (1, "days_30"),
        (30, "days_30"),
        (31, "days_60"),
        (60, "days_60"),
        (61, "days_90"),
        (90, "days_90"),
        (91, "days_180"),
        (180, "days_180"),
        (181, "days_365"),
        (365, "days_365"),
        (366, "older"),
    ],
)
def test_arrears_fall_into_the_bucket_of_their_age(days: int, bucket: str) -> None:
    owner = building.customer()
    building.entry(owner, "10.00", due_on=TODAY - timedelta(days=days))
    ageing = queries.ageing_of(owner, TODAY)
    assert getattr(ageing, bucket) == Decimal("10.00")
    assert ageing.total == Decimal("10.00")


def test_balance_and_ageing_take_one_query_each(django_assert_num_queries) -> None:
    owner = building.customer()
    for _number in range(30):
        building.entry(owner, "1.11", due_on=TODAY)
    with django_assert_num_queries(1):
        assert queries.balance_of(owner, TODAY).total == Decimal("33.30")
    with django_assert_num_queries(1):
        assert queries.ageing_of(owner, TODAY).not_due == Decimal("33.30")


@time_machine.travel("2026-06-15 12:00+02:00")
@pytest.mark.feature("L03")
def test_a_payment_settles_what_is_due_first_and_the_rest_is_an_overpayment(clerk: User) -> None:
    owner = building.customer()
    bill = building.invoice(owner, "80.00", date(2026, 4, 1), open_amount=Decimal("80.00"))
    later = building.entry(owner, "40.00", due_on=date(2026, 6, 1))
    first = building.entry(owner, "80.00", due_on=date(2026, 5, 1), invoice=bill)
    recorded = services.record_payment(owner, amount=Decimal("130.50"), paid_on=TODAY, actor=clerk)
    assert [(part.entry_id, part.amount) for part in recorded.settled] == [
        (first.pk, Decimal("80.00")),
        (later.pk, Decimal("40.00")),
    ]
    assert recorded.overpayment is not None
    assert recorded.overpayment.open_amount == Decimal("-10.50")
    bill.refresh_from_db()
    assert (bill.open_amount, bill.paid_on) == (Decimal("0.00"), TODAY)
    assert queries.balance_of(owner, TODAY).total == Decimal("-10.50")


@time_machine.travel("2026-06-15 12:00+02:00")
def test_reversing_a_payment_brings_the_debt_back(clerk: User) -> None:
    owner = building.customer()
    building.entry(owner, "100.00", due_on=date(2026, 6, 1))
    recorded = services.record_payment(owner, amount=Decimal("120.00"), paid_on=TODAY, actor=clerk)
    services.reverse_payment(recorded.payment, reason="zły klient", actor=clerk)
    assert queries.balance_of(owner, TODAY).total == Decimal("100.00")
    with pytest.raises(Refused):
        services.reverse_payment(recorded.payment, reason="jeszcze raz", actor=clerk)


@time_machine.travel("2026-06-15 12:00+02:00")
def test_reversing_needs_a_reason(clerk: User) -> None:
    owner = building.customer()
    recorded = services.record_payment(owner, amount=Decimal("1.00"), paid_on=TODAY, actor=clerk)
    with pytest.raises(Refused):
        services.reverse_payment(recorded.payment, reason="  ", actor=clerk)


AMOUNTS = st.decimals(min_value="0.01", max_value="99999.99", places=2)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["invoice", "interest", "demand"]), AMOUNTS, st.integers(-400, 30)),
        st.tuples(st.just("pay"), AMOUNTS, st.just(0)),
        st.tuples(st.just("reverse"), st.just(Decimal(0)), st.integers(0, 5)),
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@pytest.mark.feature("D15")
def test_the_balance_is_what_was_charged_less_what_was_paid(clerk: User, steps: list[tuple]) -> None:
    with time_machine.travel("2026-06-15 12:00+02:00", tick=True):
        owner = building.customer()
        for what, amount, number in steps:
            if what == "pay":
                services.record_payment(owner, amount=amount, paid_on=TODAY, actor=clerk)
            elif what == "reverse":
                for done in Payment.objects.filter(customer=owner, reversed_on=None).order_by("id")[
                    number : number + 1
                ]:
                    services.reverse_payment(done, reason="pomyłka", actor=clerk)
            else:
                building.entry(owner, amount, kind=what, due_on=TODAY + timedelta(days=number))
    entries = LedgerEntry.objects.filter(customer=owner)
    charged = sum((entry.amount for entry in entries.exclude(kind="overpayment")), Decimal(0))
    paid = sum((one.amount for one in Payment.objects.filter(customer=owner, reversed_on=None)), Decimal(0))
    balance = queries.balance_of(owner, TODAY)
    assert balance.total == charged - paid
    assert balance.total == sum((entry.open_amount for entry in entries), Decimal(0))
    assert queries.ageing_of(owner, TODAY).total == balance.total
