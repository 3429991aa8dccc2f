"""Bills announced to many: by mailings the database fills, called off, resumed, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from ebok.billing.models import Invoice
from ebok.customers.access import give_access
from ebok.customers.models import AccessRole, Customer, CustomerAccess
from ebok.journal.models import Event
from ebok.notifications.delivery import claim, deliver_due
from ebok.notifications.mailings import cancel_mailing
from ebok.notifications.models import Choice, Mailing, MailingState, Message
from ebok.notifications.texts import texts_in
from ebok.ports import MessageGroup
from ebok.testing import mirror
from ebok.testing.people import person
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_faktura import tasks
from ebok_plugins.e_faktura.delivery import announcing, consents
from ebok_plugins.e_faktura.models import ConsentWay, Delivery, EInvoiceConsent
from tests.plugins.e_faktura.conftest import TODAY

Queries = Callable[[int], Any]
pytestmark = pytest.mark.django_db

ANNOUNCE_QUERIES = 37
FAR = 900_000
"""So far away are keys nobody took."""


def bills(count: int, *, batch: int = 7) -> list[Invoice]:
    """Bills of so many customers who have no account and an e-mail in the billing data."""
    sample = mirror.customer(code=f"W{batch}-0", email=f"w{batch}-0@example.org")
    plain = {
        field.attname: getattr(sample, field.attname)
        for field in Customer._meta.concrete_fields
        if field.attname not in ("id", "code", "email")
    }
    Customer.objects.bulk_create(
        Customer(**plain, pk=sample.pk + FAR + n, code=f"W{batch}-{n}", email=f"w{batch}-{n}@example.org")
        for n in range(1, count)
    )
    owners = list(Customer.objects.filter(code__startswith=f"W{batch}-").order_by("pk"))
    EInvoiceConsent.objects.bulk_create(
        EInvoiceConsent(customer=owner, given_at=timezone.now(), given_how=ConsentWay.OFFICE)
        for owner in owners
    )
    first = mirror.invoice(owners[0], "1234.50", TODAY, number=f"W{batch}/0", batch_id=batch, due_on=TODAY)
    plain = {
        field.attname: getattr(first, field.attname)
        for field in Invoice._meta.concrete_fields
        if field.attname not in ("id", "customer_id", "number")
    }
    Invoice.objects.bulk_create(
        Invoice(**plain, pk=first.pk + FAR + n, customer_id=owner.pk, number=f"W{batch}/{n}")
        for n, owner in enumerate(owners[1:], 1)
    )
    announcing.create_deliveries(batch)
    # Django asks SQLite once in each process.
    assert connection.features.supports_json_field
    return list(Invoice.objects.filter(batch_id=batch).order_by("pk"))


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow(home: SampleWorld, assert_queries: Queries, count: int) -> None:
    bills(count)
    with assert_queries(ANNOUNCE_QUERIES):
        assert announcing.announce_waiting() == count
    assert Message.objects.count() == count


@pytest.mark.feature("D09")
def test_a_thousand_get_one_letter_each(home: SampleWorld, assert_queries: Queries) -> None:
    bills(1_000)
    with assert_queries(ANNOUNCE_QUERIES):
        assert announcing.announce_waiting() == 1_000
    assert announcing.announce_waiting() == 0
    mailing = Mailing.objects.get()
    assert (mailing.title, mailing.total, mailing.state) == (
        "Nowe faktury, import 7",
        1_000,
        MailingState.RUNNING,
    )
    # A worker that dies leaves the rest to the next one.
    assert len(claim(50, worker="dead")) == 50
    deliver_due(batch=500)
    Message.objects.filter(claimed_by="dead").update(next_try=timezone.now() - timedelta(seconds=1))
    deliver_due(batch=500)
    assert len(mail.outbox) == 1_000
    assert {to for letter in mail.outbox for to in letter.to} == {f"w7-{n}@example.org" for n in range(1_000)}
    mailing.refresh_from_db()
    assert (mailing.sent, mailing.state) == (1_000, MailingState.DONE)
    assert not Delivery.objects.filter(sent_at=None).exists()


def test_each_import_is_a_mailing_of_its_own(home: SampleWorld) -> None:
    bills(2)
    bills(3, batch=8)
    assert announcing.announce_waiting() == 5
    assert dict(Mailing.objects.values_list("campaign", "total")) == {
        "e_faktura.issued.7": 2,
        "e_faktura.issued.8": 3,
    }


def test_everybody_reads_their_own_language(home: SampleWorld) -> None:
    consents.give(home.customer, how=ConsentWay.PORTAL, by=home.owner)
    reader = person("reader@example.org")
    reader.language = "en"
    reader.save()
    give_access(home.customer, reader, role=AccessRole.HOUSEHOLD)
    made = mirror.invoice(home.customer, "1234567.80", TODAY, number="FV/1", batch_id=7, due_on=None)
    announcing.create_deliveries(7)
    announcing.announce_waiting()
    told = {message.address: message for message in Message.objects.filter(channel="email")}
    assert set(told) == {"owner@example.org", "reader@example.org"}
    polish, english = told["owner@example.org"], told["reader@example.org"]
    assert polish.values["amount"] == "1\u00a0234\u00a0567,80\u00a0zł"
    assert english.values == {**polish.values, "amount": "1\u00a0234\u00a0567.80\u00a0zł"}
    assert polish.values["due"] == "–"
    assert polish.url.endswith(f"/moje-konto/faktury/otworz/{made.pk}/")
    assert "/en/" in english.url
    assert "faktura" in texts_in(polish, "email").subject
    assert "New bill" in texts_in(english, "email").subject


def test_only_the_holders_telephone_is_in_the_billing_data(home: SampleWorld) -> None:
    consents.give(home.customer, how=ConsentWay.PORTAL, by=home.owner)
    Customer.objects.filter(pk=home.customer.pk).update(phone="600100200")
    CustomerAccess.objects.filter(user=home.owner).update(role=AccessRole.OWNER)
    reader = person("reader@example.org")
    give_access(home.customer, reader, role=AccessRole.HOUSEHOLD)
    for user in (home.owner, reader):
        Choice.objects.create(user=user, group=MessageGroup.BILLS, channel="sms", is_wanted=True)
    mirror.invoice(home.customer, "1.00", TODAY, number="FV/1", batch_id=7)
    announcing.create_deliveries(7)
    announcing.announce_waiting()
    (short,) = Message.objects.filter(channel="sms")
    assert (short.user, short.address) == (home.owner, "600100200")


@pytest.mark.feature("D10")
def test_what_was_called_off_is_seen_by_the_office(home: SampleWorld, clerk: Any) -> None:
    made = bills(3)
    announcing.announce_waiting()
    (held,) = claim(1, worker="worker")
    assert cancel_mailing(Mailing.objects.get(), actor=home.owner) == 2
    stopped = Delivery.objects.filter(failure="called-off")
    assert stopped.count() == 2
    assert held.owner_id not in stopped.values_list("pk", flat=True)
    assert announcing.announce_waiting() == 0
    deliver_due()
    assert not mail.outbox
    row = stopped.select_related("invoice")[0]
    text = clerk.get(reverse("employee:e_faktura:bill", kwargs={"pk": row.invoice_id})).content.decode()
    assert "odwołało wysyłkę" in text
    assert len(made) == 3


def test_bills_nobody_brought_have_a_mailing_for_each_day(home: SampleWorld) -> None:
    """One that was called off yesterday holds nothing up today."""
    bills(2)
    Invoice.objects.update(batch_id=None)
    first, second = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=second.pk).update(announced_at=timezone.now() - timedelta(hours=1))
    assert announcing.announce_waiting() == 1
    assert cancel_mailing(Mailing.objects.get(), actor=home.owner) == 1
    Delivery.objects.filter(pk=second.pk).update(announced_at=None)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert announcing.announce_waiting() == 1
    assert sorted(Mailing.objects.values_list("state", flat=True)) == ["cancelled", "running"]
    assert Delivery.objects.filter(failure="called-off").get() == first


def test_reminders_called_off_change_no_proof(home: SampleWorld) -> None:
    bills(1)
    announcing.announce_waiting()
    Delivery.objects.update(announced_at=timezone.now() - timedelta(days=100))
    assert tasks.remind(home.site)
    mailing = Mailing.objects.get(kind="e_faktura.reminder")
    assert cancel_mailing(mailing, actor=home.owner) == 1
    assert Delivery.objects.get().failed_at is None


def test_one_event_for_the_mailing_and_one_for_each_without_address(home: SampleWorld) -> None:
    made = bills(4)
    Customer.objects.filter(pk=made[0].customer_id).update(email="")
    announcing.announce_waiting()
    assert Event.objects.filter(kind="notifications.mailing_begun").count() == 1
    assert Event.objects.get(kind="e_faktura.not_delivered").customer_id == made[0].customer_id
    assert Message.objects.count() == 3
    assert Invoice.objects.filter(gross=Decimal("1234.50")).count() == 4
