"""Sample deliveries for the contract tests, the sweep and the page walk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils import timezone

from ebok.billing.queries import invoices_for
from ebok_plugins.e_faktura.models import ConsentWay, Delivery, EInvoiceConsent

if TYPE_CHECKING:
    from ebok.testing.samples import SampleWorld


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


def url_arguments(world: SampleWorld) -> Mapping[str, Mapping[str, object]]:
    """The newest bill."""
    bill: dict[str, object] = {"pk": world.mirrored["invoice"]}
    names = ("client:bill", "client:pdf", "client:confirm", "client:open")
    staff = ("employee:bill", "employee:pdf", "employee:evidence")
    return {f"{zone}:e_faktura:{view}": bill for zone, view in (name.split(":") for name in (*names, *staff))}
