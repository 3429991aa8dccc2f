"""Delivery with proof: consents, announcements, receipt, reminders, evidence, export (D08-D10)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from ebok.billing.models import Invoice
from ebok.customers.access import give_access
from ebok.customers.models import Customer, Scope
from ebok.exchange import pipeline
from ebok.exchange.batches import content, declared_outlet, make_batch
from ebok.exchange.models import Delivery as Import
from ebok.journal.models import Event
from ebok.notifications.delivery import deliver_due
from ebok.notifications.models import Message
from ebok.notifications.texts import texts_in
from ebok.testing import mirror
from ebok.testing.people import entry_permissions, person
from ebok.testing.samples import SampleWorld
from ebok.zones.acting import VIEWED_AS
from ebok_plugins.client_zone import requesting
from ebok_plugins.client_zone.models import RequestKind
from ebok_plugins.e_faktura import tasks
from ebok_plugins.e_faktura.delivery import announcing, consents, proof
from ebok_plugins.e_faktura.models import ConsentWay, Delivery, DeliveryWay, EInvoiceConsent, InvoiceSettings
from tests.plugins.e_faktura.conftest import TODAY

Queries = Callable[[int], Any]

pytestmark = pytest.mark.django_db


def agree(world: SampleWorld) -> None:
    consents.give(world.customer, how=ConsentWay.PORTAL, by=world.owner)


def bring(owner: Customer, number: str, **fields: Any) -> Invoice:
    """A bill as batch 7 brought it."""
    fields = {"batch_id": 7, "due_on": TODAY + timedelta(days=14), **fields}
    return mirror.invoice(owner, "133.22", fields.pop("issued_on", TODAY), number=number, **fields)


def post(client: Client, view: str, data: dict[str, str] | None = None, **arguments: Any) -> Any:
    return client.post(reverse(f"client:e_faktura:{view}", kwargs=arguments), data or {}, follow=True)


# Consents -----------------------------------------------------------------------------------


@pytest.mark.feature("D08")
def test_agreeing_and_going_back_leaves_a_history(home: SampleWorld, owner: Client) -> None:
    path = reverse("client:e_faktura:way")
    assert "Faktury przychodzą na papierze" in owner.get(path).content.decode()
    post(owner, "change_way", {"sposob": "e"})
    post(owner, "change_way", {"sposob": "e"})
    (consent,) = EInvoiceConsent.objects.all()
    assert (consent.given_how, consent.given_by, consent.withdrawn_at) == ("portal", home.owner, None)
    post(owner, "change_way", {"sposob": "paper"})
    post(owner, "change_way", {"sposob": "paper"})
    post(owner, "change_way", {"sposob": "e"})
    rows = consents.history_of(home.customer)
    assert [row.withdrawn_at is None for row in rows] == [True, False]
    kinds = Event.objects.filter(kind__startswith="e_faktura.consent")
    assert sorted(event.kind.split("_")[-1] for event in kinds) == ["given", "given", "withdrawn"]
    assert "Faktury przychodzą e-mailem" in owner.get(path).content.decode()


def test_only_who_manages_the_account_changes_the_way(
    home: SampleWorld, as_user: Callable[..., Client]
) -> None:
    member = person("member@example.org")
    give_access(home.customer, member, scopes={Scope.BILLS})
    client = as_user(member)
    assert "Chcę faktury e-mailem" not in client.get(reverse("client:e_faktura:way")).content.decode()
    assert client.post(reverse("client:e_faktura:change_way"), {"sposob": "e"}).status_code == 404
    assert not EInvoiceConsent.objects.exists()


def test_a_request_that_the_office_approves_counts(home: SampleWorld) -> None:
    for kind, given in ((RequestKind.E_INVOICE_ON, True), (RequestKind.E_INVOICE_OFF, False)):
        asked = requesting.send_request(home.customer, kind, by=home.owner)
        assert (consents.consent_of(home.customer) is not None) == (not given)
        requesting.decide(asked, approve=True, by=person(f"{kind}@example.org"))
        assert (consents.consent_of(home.customer) is not None) == given
    assert EInvoiceConsent.objects.get().given_how == ConsentWay.REQUEST


def test_going_back_to_paper_takes_what_waits_along(home: SampleWorld) -> None:
    agree(home)
    bring(home.customer, "FV/1")
    announcing.create_deliveries(7)
    assert Delivery.objects.get().way == DeliveryWay.ELECTRONIC
    consents.withdraw(home.customer, how=ConsentWay.PORTAL, by=home.owner)
    assert Delivery.objects.get().way == DeliveryWay.PAPER
    assert announcing.announce_waiting() == 0
    bring(home.customer, "FV/2")
    announcing.create_deliveries(7)
    assert {row.way for row in Delivery.objects.all()} == {DeliveryWay.PAPER}


# Announcing ---------------------------------------------------------------------------------


def deliver(folder: Path, invoices: list[str]) -> Import:
    files = {
        "customers": ["code;name;email", "K1;Anna;anna@example.org", "K2;Jan;"],
        "invoices": ["customer_code;number;issued_on;due_on;net;gross", *invoices],
    }
    folder.mkdir(exist_ok=True)
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return pipeline.proceed(pipeline.receive([folder], profile="neutral", complete=False).pk)


@pytest.mark.feature("D09", "D08")
def test_an_import_announces_new_bills(
    restored_db: None, home: SampleWorld, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    deliver(tmp_path / "in", [])
    anna = Customer.objects.get(code="K1")
    consents.give(anna, how=ConsentWay.OFFICE, by=None)
    old = "K1;FV/STARA;2020-01-31;2020-02-14;10.00;10.00"
    new = "K1;FV/NOWA;2026-06-10;2026-06-24;20.00;20.00"
    paper = "K2;FV/PAPIER;2026-06-10;2026-06-24;30.00;30.00"
    with django_capture_on_commit_callbacks(execute=True):
        deliver(tmp_path / "in", [old, new, paper])
    ways = dict(Delivery.objects.values_list("invoice__number", "way"))
    assert ways == {"FV/NOWA": "e", "FV/PAPIER": "paper"}
    announcing.announce_waiting()
    (message,) = Message.objects.filter(kind="e_faktura.issued")
    assert (message.channel, message.address) == ("email", "anna@example.org")
    assert "20,00 zł" in texts_in(message, "email").subject
    with django_capture_on_commit_callbacks(execute=True):
        deliver(tmp_path / "in", [old, new, paper])
    announcing.announce_waiting()
    assert Delivery.objects.count() == 2
    assert Message.objects.filter(kind="e_faktura.issued").count() == 1


@pytest.mark.parametrize("count", [1, 30])
def test_deliveries_are_made_in_one_statement(home: SampleWorld, assert_queries: Queries, count: int) -> None:
    agree(home)
    for number in range(count):
        bring(home.customer, f"FV/{number}")
    with assert_queries(4):
        assert announcing.create_deliveries(7) == count
    assert announcing.create_deliveries(7) == 0


@pytest.mark.feature("D09")
def test_everybody_who_may_see_bills_is_told_once(home: SampleWorld) -> None:
    agree(home)
    reader, tenant = person("reader@example.org"), person("tenant@example.org")
    give_access(home.customer, reader, scopes={Scope.BILLS})
    give_access(home.customer, tenant, scopes={Scope.READINGS})
    bill = bring(home.customer, "FV/1")
    announcing.create_deliveries(7)
    assert announcing.announce_waiting() == 1
    told = Message.objects.filter(channel="email").order_by("address")
    assert [message.address for message in told] == ["owner@example.org", "reader@example.org"]
    assert all(message.url.endswith(f"/moje-konto/faktury/otworz/{bill.pk}/") for message in told)
    assert announcing.announce_waiting() == 0
    # As after a crash between the messages and the mark.
    Delivery.objects.update(announced_at=None)
    announcing.announce_waiting()
    assert Message.objects.filter(channel="email").count() == 2


def test_nobody_to_write_to_is_told(home: SampleWorld, clerk: Client) -> None:
    lonely = mirror.customer(code="SAM")
    consents.give(lonely, how=ConsentWay.OFFICE, by=None)
    bring(lonely, "FV/SAM")
    announcing.create_deliveries(7)
    announcing.announce_waiting()
    assert Event.objects.filter(kind="e_faktura.not_delivered", customer_id=lonely.pk).count() == 1
    text = clerk.get(reverse("employee:e_faktura:deliveries") + "?stan=failed").content.decode()
    assert "FV/SAM" in text
    assert "niedoręczona" in text


def test_a_switched_off_module_makes_no_deliveries(home: SampleWorld, disable: Callable[..., None]) -> None:
    bring(home.customer, "FV/1")
    disable("e_faktura")
    assert announcing.create_deliveries(7) == 0
    assert announcing.announce_waiting() == 0


# Receipt ------------------------------------------------------------------------------------


@pytest.fixture
def announced(home: SampleWorld) -> Invoice:
    """A bill that was announced to the owner."""
    agree(home)
    made = bring(home.customer, "FV/1")
    announcing.create_deliveries(7)
    announcing.announce_waiting()
    return made


@pytest.mark.feature("D08", "D10")
def test_from_sent_to_confirmed(home: SampleWorld, announced: Invoice, owner: Client, clerk: Client) -> None:
    message = Message.objects.get(channel="email")
    for state in ("sent", "delivered"):
        proof.message_changed(message, state)
    delivery = Delivery.objects.get()
    assert delivery.sent_to == "owner@example.org"
    assert delivery.sent_at is not None
    assert delivery.delivered_at is not None
    assert delivery.opened_at is None
    path = reverse("client:e_faktura:bill", kwargs={"pk": announced.pk})
    opened = timezone.now()
    owner.get(path)
    with time_machine.travel("2026-06-15 12:10+02:00", tick=False):
        owner.get(path)
        owner.get(reverse("client:e_faktura:pdf", kwargs={"pk": announced.pk}))
        first = post(owner, "confirm", pk=announced.pk).content.decode()
        second = post(owner, "confirm", pk=announced.pk).content.decode()
    assert "Wiemy już, że faktura dotarła" in first
    assert "potwierdzono już wcześniej" in second
    delivery.refresh_from_db()
    assert delivery.opened_at == opened
    assert (delivery.opened_by, delivery.downloaded_by, delivery.confirmed_by) == (home.owner,) * 3
    assert delivery.confirmed_at == delivery.downloaded_at
    for kind in ("opened", "downloaded", "confirmed"):
        assert Event.objects.filter(kind=f"e_faktura.bill_{kind}").count() == 1
    seen = clerk.get(reverse("employee:e_faktura:bill", kwargs={"pk": announced.pk})).content.decode()
    assert "odbiór potwierdzony" in seen


def test_the_worker_sends_and_the_proof_knows(announced: Invoice) -> None:
    deliver_due()
    (letter,) = mail.outbox
    assert letter.to == ["owner@example.org"]
    assert "133,22 zł" in letter.subject.replace("\xa0", " ")
    delivery = Delivery.objects.get()
    assert (delivery.sent_at, delivery.sent_to) == (timezone.now(), "owner@example.org")


def test_an_employee_who_looks_as_the_client_is_no_receipt(
    home: SampleWorld, announced: Invoice, as_user: Callable[..., Client]
) -> None:
    client = as_user(person("staff@example.org", permissions=["customers.view_as"]))
    session = client.session
    session[VIEWED_AS] = home.customer.pk
    session.save()
    for view in ("bill", "pdf"):
        path = reverse(f"client:e_faktura:{view}", kwargs={"pk": announced.pk})
        assert client.get(path).status_code == 200
    post(client, "confirm", pk=announced.pk)
    row = Delivery.objects.get()
    assert (row.opened_at, row.downloaded_at, row.confirmed_at) == (None, None, None)


def test_a_stranger_confirms_nothing(announced: Invoice, other: Client) -> None:
    path = reverse("client:e_faktura:confirm", kwargs={"pk": announced.pk})
    assert other.post(path).status_code == 404
    assert Delivery.objects.get().confirmed_at is None


@pytest.mark.feature("D08")
def test_a_bounce_is_seen_by_the_office(home: SampleWorld, announced: Invoice, clerk: Client) -> None:
    message = Message.objects.get(channel="email")
    message.error = "550 no such user"
    proof.message_changed(message, "bounced")
    text = clerk.get(reverse("employee:e_faktura:deliveries") + "?stan=failed").content.decode()
    assert "FV/1" in text
    one = clerk.get(reverse("employee:e_faktura:bill", kwargs={"pk": announced.pk})).content.decode()
    assert "550 no such user" in one


@pytest.mark.feature("D08")
def test_the_unread_are_reminded_once(home: SampleWorld, announced: Invoice, owner: Client) -> None:
    assert tasks.remind(home.site) is None
    with time_machine.travel("2026-06-21 12:00+02:00", tick=False):
        assert tasks.remind(home.site) == "Przypomnienia o nieprzeczytanych fakturach: 1."
        assert tasks.remind(home.site) is None
    assert Message.objects.filter(kind="e_faktura.reminder", channel="email").count() == 1


def test_who_has_read_is_not_reminded(home: SampleWorld, announced: Invoice, owner: Client) -> None:
    owner.get(reverse("client:e_faktura:bill", kwargs={"pk": announced.pk}))
    with time_machine.travel("2026-06-25 12:00+02:00", tick=False):
        assert tasks.remind(home.site) is None
    Delivery.objects.update(opened_at=None)
    InvoiceSettings.objects.update(remind_days=0)
    with time_machine.travel("2026-06-25 12:00+02:00", tick=False):
        assert tasks.remind(home.site) is None


# Evidence and export ------------------------------------------------------------------------


@pytest.mark.feature("D10")
def test_the_evidence_says_what_happened(
    home: SampleWorld, announced: Invoice, owner: Client, clerk: Client
) -> None:
    proof.message_changed(Message.objects.get(channel="email"), "sent")
    owner.get(reverse("client:e_faktura:bill", kwargs={"pk": announced.pk}))
    post(owner, "confirm", pk=announced.pk)
    answer = clerk.get(reverse("employee:e_faktura:evidence", kwargs={"pk": announced.pk}))
    assert answer["Content-Disposition"].startswith('attachment; filename="dowod-fv-1.pdf"')
    reader = PdfReader(io.BytesIO(answer.content))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split()).replace("\xa0", " ")
    for said in (
        "Dowód doręczenia faktury FV/1",
        "owner@example.org",
        "Odbiór potwierdzony",
        "15 czerwca 2026, 12:00",
        "wyrażona 15 czerwca 2026, w portalu",
    ):
        assert said in text
    assert Event.objects.filter(kind="e_faktura.evidence_printed").count() == 1


def test_employees_without_the_right_see_nothing(announced: Invoice, as_user: Callable[..., Client]) -> None:
    client = as_user(person("weak@example.org", permissions=entry_permissions("employee")))
    one = {"pk": announced.pk}
    for view, arguments in (("deliveries", {}), ("bill", one), ("evidence", one), ("pdf", one)):
        assert client.get(reverse(f"employee:e_faktura:{view}", kwargs=arguments)).status_code == 404


@pytest.mark.feature("D10")
def test_confirmations_go_out_to_accounting_once(
    home: SampleWorld, announced: Invoice, owner: Client
) -> None:
    post(owner, "confirm", pk=announced.pk)
    outlet = declared_outlet("e_faktura.confirmations")
    batch = make_batch(outlet)
    assert batch is not None
    text = b"".join(content(batch)).decode("utf-8-sig")
    (row,) = list(csv.reader(io.StringIO(text), delimiter=";"))[1:]
    assert row[1:4] == ["FV/1", home.customer.code, "e"]
    assert make_batch(outlet) is None


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_employees_takes_as_many_queries(
    home: SampleWorld, clerk: Client, assert_queries: Queries, count: int
) -> None:
    for number in range(count):
        bring(home.customer, f"FV/{number}")
    announcing.create_deliveries(7)
    path = reverse("employee:e_faktura:deliveries")
    clerk.get(path)
    with assert_queries(9):
        clerk.get(path)
    assert date(2026, 6, 15) == TODAY
