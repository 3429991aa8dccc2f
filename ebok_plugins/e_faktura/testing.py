"""Sample deliveries for the contract tests, the sweep and the page walk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from ebok.billing.models import Invoice, InvoiceKind, InvoiceLine
from ebok.billing.queries import invoices_for
from ebok.customers.models import Customer
from ebok.exchange.checks_of_text import ksef_crc
from ebok_plugins.e_faktura.ksef import receiving, writing
from ebok_plugins.e_faktura.models import ConsentWay, Delivery, EInvoiceConsent, KsefDocument, KsefState

if TYPE_CHECKING:
    from ebok.testing.samples import SampleWorld


SELLER = "9999999999"
"""The seller of the Ministry's examples."""


def populate(world: SampleWorld, count: int = 1) -> None:
    """A delivery for each bill of the mirror's samples, and a history of consents."""
    now = timezone.now()
    for invoice in invoices_for(world.customer).filter(delivery__isnull=True):
        Delivery.objects.create(
            customer_id=invoice.customer_id,
            invoice=invoice,
            created_at=now,
            announced_at=now,
            sent_at=now,
            sent_to=world.owner.email,
        )
    populate_ksef(world, count)
    for _number in range(count):
        EInvoiceConsent.objects.create(
            customer=world.customer,
            given_at=now,
            given_how=ConsentWay.OFFICE,
            given_by=world.owner,
            withdrawn_at=now,
            withdrawn_how=ConsentWay.PORTAL,
            withdrawn_by=world.owner,
        )


def populate_ksef(world: SampleWorld, count: int) -> None:
    """Invoices that came through KSeF only, each confirmed; a doubtful one and a broken one for the clerk."""
    for place in range(count):
        content = sample_fa3(world, f"KSEF/{place}/{world.customer.code}")
        number = ksef_number(place)
        taken = receiving.take(content, f"{number}.xml", told=receiving.Told(number=number))
        row = taken.record
        moment = timezone.now()
        name = f"KSEF/{place}/{world.customer.code}"
        invoice = Invoice(number=name, issued_on=date(2026, 4, 10))
        upo = writing.upo_of(content, invoice, number, moment, issuer="Ministerstwo Finansów")
        receiving.take(upo, f"UPO-{number}.xml")
        row.refresh_from_db()
    receiving.take(b"<Faktura/>", "popsuta.xml")


def sample_fa3(world: SampleWorld, number: str, *, code: str | None = None) -> bytes:
    """A valid invoice of the sample customer, with the secret in it."""
    customer = Customer(
        code=world.customer.code if code is None else code, name=f"{world.secret} {world.customer.name}"
    )
    gross = Decimal("12.30")
    invoice = Invoice(
        number=number,
        issued_on=date(2026, 4, 10),
        due_on=date(2026, 4, 24),
        gross=gross,
        kind=InvoiceKind.INVOICE,
    )
    line = InvoiceLine(
        position=1,
        name="Woda",
        quantity=Decimal(2),
        unit="m³",
        unit_price=Decimal("5.695"),
        net=Decimal("11.39"),
        vat=Decimal("0.91"),
        vat_rate="8",
        gross=gross,
        meter_number="M-1",
        read_from=Decimal(1),
        read_to=Decimal(3),
    )
    seller = writing.Seller(SELLER, "Wodociągi Próbne", "ul. Próbna 1", "00-001 Próbno")
    return writing.fa3_of(invoice, customer, [line], seller)


def ksef_number(place: int) -> str:
    """A number with right check digits."""
    body = f"{SELLER}-20260411-{place:012X}"
    return f"{body}-{ksef_crc(body)}"


def url_arguments(world: SampleWorld) -> Mapping[str, Mapping[str, object]]:
    """The newest bill."""
    bill: dict[str, object] = {"pk": world.mirrored["invoice"]}
    names = ("client:bill", "client:pdf", "client:confirm", "client:open")
    staff = ("employee:bill", "employee:pdf", "employee:evidence")
    bills = {
        f"{zone}:e_faktura:{view}": bill for zone, view in (name.split(":") for name in (*names, *staff))
    }
    return {**bills, **_of_ksef(world)}


def _of_ksef(world: SampleWorld) -> dict[str, Mapping[str, object]]:
    kept = KsefDocument.objects.filter(customer=world.customer, state=KsefState.KEPT).latest("pk")
    document: dict[str, object] = {"pk": kept.pk}
    client = ("ksef_document", "ksef_xml", "ksef_upo", "ksef_pdf")
    staff = (*client, "ksef_give", "ksef_aside", "ksef_again")
    return {
        **{f"client:e_faktura:{name}": document for name in client},
        **{f"employee:e_faktura:{name}": document for name in staff},
    }
