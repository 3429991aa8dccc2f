"""Demo content: accounts, consents with history, bills sent, opened, confirmed and returned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from ebok.billing.models import Invoice
from ebok.customers.models import Customer
from ebok_plugins.e_faktura import demo_ksef
from ebok_plugins.e_faktura.delivery import announcing
from ebok_plugins.e_faktura.models import (
    ConsentWay,
    Delivery,
    DeliveryWay,
    EInvoiceConsent,
    InvoiceSettings,
)

if TYPE_CHECKING:
    from ebok.operations.demo_world import World

ACCOUNTS = "xx9999000012345678xxxxxxxx"
"""Virtual accounts of the demo town, which no bank has."""
NOTE = (
    "Reklamację złożysz w biurze, listem albo przez internet; odpowiadamy w ciągu 14 dni.\n"
    "Cennik i regulamin są na naszej stronie, w zakładce Ceny."
)
HOME = "K-000001"
MANAGED = ("K-000004", "K-000005", "K-000013", "K-000018", "K-000028")
EVERY = 3
"""Each third customer gets bills by e-mail."""
MONTHS_BACK = 120
"""Days of bills that get a delivery."""


def load(world: World) -> None:
    """Settings always; consents and deliveries where there is a town and nothing is there yet."""
    demo_ksef.load(world)
    own = InvoiceSettings.for_site(world.site)
    own.accounts, own.payee, own.pdf_note, own.announce_days = ACCOUNTS, "Wodociągi Lipowo", NOTE, 45
    own.save()
    if EInvoiceConsent.objects.exists() or not Customer.objects.filter(code=HOME).exists():
        return
    EInvoiceConsent.objects.bulk_create(list(_consents(world)))
    Delivery.objects.bulk_create(list(_deliveries(world)), batch_size=500)
    # The newest bill of the demo's client waits to be announced: the worker does it when the demo starts.
    newest = Invoice.objects.filter(customer__code=HOME).order_by("-issued_on", "-id").first()
    if newest is not None:
        Delivery.objects.filter(invoice=newest).update(
            announced_at=None,
            sent_at=None,
            sent_to="",
            delivered_at=None,
            opened_at=None,
            opened_by=None,
            downloaded_at=None,
            downloaded_by=None,
            confirmed_at=None,
            confirmed_by=None,
        )
        announcing.announce_waiting()


def _consents(world: World) -> Iterator[EInvoiceConsent]:
    long_ago = world.now - timedelta(days=400)
    for place, customer in enumerate(Customer.objects.order_by("code")):
        mine = customer.code == HOME
        if mine or customer.code in MANAGED:
            # Tried it, went back to paper, and came again.
            yield EInvoiceConsent(
                customer=customer,
                given_at=long_ago - timedelta(days=300),
                given_how=ConsentWay.OFFICE,
                withdrawn_at=long_ago - timedelta(days=90),
                withdrawn_how=ConsentWay.REQUEST,
            )
            yield EInvoiceConsent(
                customer=customer,
                given_at=long_ago,
                given_how=ConsentWay.PORTAL,
                given_by=world.users["client" if mine else "manager"],
            )
        elif place % EVERY == 0 and customer.email:
            yield EInvoiceConsent(customer=customer, given_at=long_ago, given_how=ConsentWay.OFFICE)


def _deliveries(world: World) -> Iterator[Delivery]:
    electronic = set(
        EInvoiceConsent.objects.filter(withdrawn_at__isnull=True).values_list("customer_id", flat=True)
    )
    since = timezone.localdate(world.now) - timedelta(days=MONTHS_BACK)
    found = Invoice.objects.filter(issued_on__gte=since, is_cancelled=False).select_related("customer")
    for place, invoice in enumerate(found.order_by("issued_on", "id")):
        morning = timezone.make_aware(datetime.combine(invoice.issued_on, time(6, 10)))
        made = min(morning + timedelta(days=1), world.now)
        delivery = Delivery(customer_id=invoice.customer_id, invoice=invoice, created_at=made)
        if invoice.customer_id in electronic:
            _sent(delivery, invoice, place, world)
        else:
            delivery.way = DeliveryWay.PAPER
        yield delivery


def _sent(delivery: Delivery, invoice: Invoice, place: int, world: World) -> None:
    code, at = invoice.customer.code, delivery.created_at
    reader = world.users["client"] if code == HOME else None
    reader = world.users["manager"] if code in MANAGED else reader
    delivery.announced_at = at + timedelta(minutes=5)
    delivery.sent_at = at + timedelta(minutes=6)
    delivery.sent_to = reader.email if reader else invoice.customer.email
    if place % 17 == 0 and reader is None:
        delivery.failed_at = at + timedelta(minutes=9)
        delivery.failure = "550 5.1.1 mailbox unavailable"
        return
    delivery.delivered_at = at + timedelta(minutes=7)
    if reader is not None and at < world.now - timedelta(days=2):
        delivery.opened_at, delivery.opened_by = at + timedelta(hours=11), reader
        delivery.downloaded_at, delivery.downloaded_by = at + timedelta(hours=11, minutes=2), reader
        if place % 2:
            delivery.confirmed_at, delivery.confirmed_by = at + timedelta(hours=11, minutes=3), reader
    elif reader is None and at < world.now - timedelta(days=6):
        delivery.reminded_at = at + timedelta(days=5)
