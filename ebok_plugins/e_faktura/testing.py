"""Sample deliveries for the contract tests, the sweep and the page walk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils import timezone

from ebok.billing.queries import invoices_for
from ebok_plugins.e_faktura.models import Delivery

if TYPE_CHECKING:
    from ebok.testing.samples import SampleWorld


def populate(world: SampleWorld, _count: int = 1) -> None:
    """A delivery for each bill of the mirror's samples."""
    for invoice in invoices_for(world.customer).filter(delivery__isnull=True):
        Delivery.objects.create(customer_id=invoice.customer_id, invoice=invoice, created_at=timezone.now())


def url_arguments(world: SampleWorld) -> Mapping[str, Mapping[str, object]]:
    """The newest bill."""
    bill: dict[str, object] = {"pk": world.mirrored["invoice"]}
    return {"client:e_faktura:bill": bill}
