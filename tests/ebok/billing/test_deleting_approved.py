"""Approved payments: only the superadministrator deletes, with a reason, and the journal keeps it (K15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from ebok.accounts import roles
from ebok.accounts.models import User
from ebok.billing.models import Allocation, LedgerEntry, Payment
from ebok.billing.queries import balance_of
from ebok.billing.services import record_payment
from ebok.exchange import entering, natural_keys
from ebok.journal import chain
from ebok.journal.models import Detail, Event
from ebok.testing import mirror
from ebok.testing.people import person
from tests.ebok.exchange.register_pages import staff, wrong

TODAY = date(2026, 5, 14)
PAYMENTS = "/admin/rozliczenia/wplaty/"
MONEY = ("billing.view", "billing.change", "billing.approve", "customers.view")

pytestmark = [pytest.mark.django_db, pytest.mark.feature("K15")]


@pytest.fixture
def payment(superuser: User) -> Payment:
    """An approved payment of 30.00 that settled 20.00."""
    customer = mirror.customer()
    mirror.entry(customer, "20.00")
    made = record_payment(customer, amount=Decimal("30.00"), paid_on=TODAY, actor=superuser).payment
    entering.approve(made, actor=superuser)
    return made


@pytest.fixture
def root(superuser: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(superuser)


def delete(client: Client, payment: Payment, reason: str) -> int:
    return client.post(f"{PAYMENTS}usun/{payment.pk}/", {"reason": reason}).status_code


def balance(payment: Payment) -> Decimal:
    total = balance_of(payment.customer, TODAY).total
    entries = LedgerEntry.objects.filter(customer=payment.customer)
    assert total == sum((entry.open_amount for entry in entries), Decimal(0))
    return total


def test_the_superadministrator_reverses_and_deletes_with_a_reason(payment: Payment, root: Client) -> None:
    chain.write_pending(everywhere=True)
    before = chain.verify()
    assert before.whole
    refused = root.post(f"{PAYMENTS}usun/{payment.pk}/", {"reason": "pomyłka"})
    assert (refused.status_code, wrong(refused.content.decode())) == (422, ["reason"])
    assert balance(payment) == Decimal("-10.00")

    assert root.post(f"{PAYMENTS}wycofaj/{payment.pk}/", {"reason": "pomyłka"}).status_code == 302
    assert delete(root, payment, "   ") == 422
    assert Payment.objects.filter(pk=payment.pk).exists()
    assert delete(root, payment, "pomyłka kasjera") == 302
    assert not Payment.objects.filter(pk=payment.pk).exists()
    assert not Allocation.objects.exists()
    assert natural_keys.find("payments", payment.number) is None
    assert balance(payment) == Decimal("20.00")

    event = Event.objects.get(kind="billing.deleted")
    assert event.customer_id == payment.customer_id
    detail = Detail.objects.get(event_id=event.pk)
    assert "pomyłka kasjera" in str(detail.payload)
    assert payment.number in str(detail.payload)
    chain.write_pending(everywhere=True)
    after = chain.verify()
    assert (after.whole, after.links > before.links) == (True, True)


@pytest.mark.parametrize("who", ["clerk", "administrator", "employee", "editor", "nobody"])
def test_nobody_else_can(
    who: str,
    payment: Payment,
    root: Client,
    client: Client,
    administrator: User,
    editor: User,
    signed_in: Callable[[User], Client],
) -> None:
    root.post(f"{PAYMENTS}wycofaj/{payment.pk}/", {"reason": "pomyłka"})
    people = {
        "clerk": lambda: signed_in(staff("kasa@example.org", *MONEY)),
        "administrator": lambda: signed_in(administrator),
        "employee": lambda: signed_in(person("p@example.org", groups=[roles.EMPLOYEES])),
        "editor": lambda: signed_in(editor),
        "nobody": lambda: client,
    }
    assert delete(people[who](), payment, "bo tak") in (302, 403)
    assert Payment.objects.filter(pk=payment.pk).exists()
    assert not Event.objects.filter(kind="billing.deleted").exists()


def test_an_overpayment_alone_has_to_be_reversed_too(superuser: User, root: Client) -> None:
    made = record_payment(mirror.customer(), amount=Decimal("5.00"), paid_on=TODAY, actor=superuser).payment
    assert delete(root, made, "pomyłka") == 422
    assert Payment.objects.filter(pk=made.pk).exists()
    assert balance(made) == Decimal("-5.00")
