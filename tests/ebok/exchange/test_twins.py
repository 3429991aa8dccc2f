"""A payment entered by hand and the same payment coming later from the billing system."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ebok.accounts.models import User
from ebok.billing.models import Allocation, LedgerEntry, Payment
from ebok.billing.queries import balance_of
from ebok.billing.services import overpayment_of, record_payment
from ebok.customers.models import Customer
from ebok.exchange import decisions, natural_keys
from ebok.exchange.mirror import Source
from ebok.exchange.models import Decision, Delivery, Finding, Outcome
from ebok.journal.models import Event
from tests.ebok.exchange.deliveries import CUSTOMERS, LEDGER, changed, configure, take_in, write

DAY = date(2026, 5, 20)
PAYMENTS = ["customer_code;number;paid_on;amount;method", "K-000003;WB/7;2026-05-22;3.50;transfer"]
PAID = changed(LEDGER, **{"K-000003": "3.50;3.50=3.50;0.00"})
ALLOCATIONS = ["customer_code;payment_number;entry_number;amount", "K-000003;WB/7;N/3;3.50"]
MORE = [*CUSTOMERS, "K-000099;Nowy;;;;"]
"""Another file, so that the delivery is not skipped as the same."""

pytestmark = pytest.mark.feature("L03", "M08")


@pytest.fixture
def loaded(tmp_path: Path, restored_db: None) -> Path:
    """Ten customers with an entry each."""
    assert take_in(write(tmp_path / "first", customers=CUSTOMERS, ledger=LEDGER)).outcome == Outcome.DONE
    configure(approval_threshold=100)
    return tmp_path


def payer() -> Customer:
    return Customer.objects.get(code="K-000003")


def pay(amount: str = "3.50", day: date = DAY) -> Payment:
    return record_payment(payer(), amount=Decimal(amount), paid_on=day, actor=None).payment


def owed() -> Decimal:
    """The balance, which always is the sum of the ledger's open amounts."""
    entries = LedgerEntry.objects.filter(customer=payer())
    total = balance_of(payer(), DAY).total
    assert total == sum((entry.open_amount for entry in entries), Decimal(0))
    return total


def deliver(folder: Path, name: str, **files: list[str]) -> Delivery:
    wanted = {
        "customers": CUSTOMERS,
        "ledger": PAID,
        "payments": PAYMENTS,
        "allocations": ALLOCATIONS,
    } | files
    delivery = take_in(write(folder / name, **wanted))
    assert delivery.outcome == Outcome.DONE, delivery.sentence
    return delivery


def twin_of(delivery: Delivery, dataset: str = "payments") -> Finding:
    return Finding.objects.get(part__delivery=delivery, part__dataset=dataset, twin=True)


def test_it_waits_and_is_not_counted_twice(loaded: Path) -> None:
    own = pay()
    finding = twin_of(deliver(loaded, "second"))
    assert (finding.key, finding.ours["number"], finding.decision) == ("WB/7", own.number, Decision.OPEN)
    assert own.number in finding.reason
    assert [payment.number for payment in Payment.objects.all()] == [own.number]
    assert owed() == Decimal("0.00")
    assert natural_keys.find("payments", "WB/7") is None


def test_they_are_one(loaded: Path, administrator: User) -> None:
    own = pay()
    decided = decisions.they_are_one(twin_of(deliver(loaded, "second")).pk, administrator)
    assert (decided.decision, decided.decided_by) == (Decision.ONE, administrator)
    payment = Payment.objects.get()
    assert (payment.pk, payment.number, payment.source) == (own.pk, "WB/7", Source.IMPORTED)
    assert (payment.paid_on, payment.corrected_at) == (date(2026, 5, 22), None)
    assert natural_keys.find("payments", own.number) is None
    assert [(part.payment_id, part.amount) for part in Allocation.objects.all()] == [
        (own.pk, Decimal("3.50"))
    ]
    event = Event.objects.get(kind="exchange.conflict_decided")
    assert (event.customer_id, event.actor_id) == (payer().pk, administrator.pk)
    # The allocations come with the next delivery and are the ones that are here.
    later = deliver(loaded, "third", customers=MORE)
    assert not Finding.objects.filter(part__delivery=later).exists()
    assert (Payment.objects.count(), Allocation.objects.count(), owed()) == (1, 1, Decimal("0.00"))
    assert Allocation.objects.get().source == Source.IMPORTED


def test_they_are_different(loaded: Path, administrator: User) -> None:
    own = pay()
    decisions.two_different(twin_of(deliver(loaded, "second")).pk, administrator)
    assert set(Payment.objects.values_list("number", "source")) == {
        (own.number, Source.ENTERED),
        ("WB/7", Source.IMPORTED),
    }
    later = deliver(loaded, "third", customers=MORE)
    assert not Finding.objects.filter(part__delivery=later, twin=True).exists()
    assert (Payment.objects.count(), owed()) == (2, Decimal("0.00"))


def test_the_overpayment_it_left_goes_with_it(loaded: Path, administrator: User) -> None:
    own = pay("5.00")
    files = {"payments": changed(PAYMENTS, **{"K-000003": "3.50=5.00"})}
    decisions.they_are_one(twin_of(deliver(loaded, "second", **files)).pk, administrator)
    left = overpayment_of(Payment.objects.get(pk=own.pk))
    assert left is not None
    assert (left.number, left.open_amount) == ("NP/WB/7", Decimal("-1.50"))
    assert owed() == Decimal("-1.50")


def test_an_overpayment_the_billing_system_books_too_is_not_counted_twice(
    loaded: Path, administrator: User
) -> None:
    pay("5.00")
    files = {
        "payments": changed(PAYMENTS, **{"K-000003": "3.50=5.00"}),
        "ledger": [*PAID, "K-000003;NK/1;overpayment;2026-05-22;;-1.50;-1.50"],
    }
    delivery = deliver(loaded, "second", **files)
    assert owed() == Decimal("-1.50")
    decisions.they_are_one(twin_of(delivery, "ledger").pk, administrator)
    decisions.they_are_one(twin_of(delivery).pk, administrator)
    assert owed() == Decimal("-1.50")
    later = deliver(loaded, "third", **files, customers=MORE)
    assert not Finding.objects.filter(part__delivery=later).exists()
    assert owed() == Decimal("-1.50")


@pytest.mark.parametrize(
    ("amount", "day", "delivered"),
    [
        ("3.51", DAY, PAYMENTS),
        ("3.50", date(2026, 5, 16), PAYMENTS),
        ("3.50", DAY, changed(PAYMENTS, **{"K-000003": "K-000003=K-000004"})),
    ],
)
def test_another_amount_day_or_customer_is_another_payment(
    loaded: Path, amount: str, day: date, delivered: list[str]
) -> None:
    pay(amount, day)
    delivery = deliver(loaded, "second", payments=delivered, allocations=ALLOCATIONS[:1])
    assert not Finding.objects.filter(part__delivery=delivery, twin=True).exists()
    assert Payment.objects.count() == 2


def test_the_administrator_sets_how_near_the_days_must_be(loaded: Path) -> None:
    configure(twin_days=1)
    pay()
    assert not Finding.objects.filter(part__delivery=deliver(loaded, "second"), twin=True).exists()


def test_another_account_is_another_payment(loaded: Path) -> None:
    own = pay()
    Payment.objects.filter(pk=own.pk).update(account="12999900001234567800000096")
    lines = [f"{PAYMENTS[0]};account", f"{PAYMENTS[1]};28999900001234567800000017"]
    delivery = deliver(loaded, "second", payments=lines)
    assert not Finding.objects.filter(part__delivery=delivery, twin=True).exists()


def test_two_of_the_same_are_decided_one_by_one(loaded: Path, administrator: User) -> None:
    first, second = pay(), pay()
    lines = [*PAYMENTS, "K-000003;WB/8;2026-05-22;3.50;transfer"]
    delivery = deliver(loaded, "second", payments=lines)
    found = list(Finding.objects.filter(part__delivery=delivery, twin=True).order_by("key"))
    assert [finding.key for finding in found] == ["WB/7", "WB/8"]
    decisions.they_are_one(found[0].pk, administrator)
    with pytest.raises(decisions.CannotDecide):
        decisions.they_are_one(found[1].pk, administrator)
    again = deliver(loaded, "third", payments=lines, customers=MORE)
    decisions.they_are_one(twin_of(again).pk, administrator)
    assert set(Payment.objects.values_list("pk", "number")) == {(first.pk, "WB/7"), (second.pk, "WB/8")}


def test_the_usual_decisions_do_not_fit(loaded: Path) -> None:
    pay()
    finding = twin_of(deliver(loaded, "second"))
    for decide in (decisions.take_theirs, decisions.keep_ours):
        with pytest.raises(decisions.CannotDecide):
            decide(finding.pk, None)
    assert Payment.objects.count() == 1
    finding.refresh_from_db()
    assert finding.decision == Decision.OPEN
