"""Reading bills and what became of them. Every function for clients begins with the customer."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from ebok.billing.queries import invoices_for
from ebok.customers.models import Customer
from ebok.exchange.models import NaturalKey
from ebok_plugins.e_faktura.models import Delivery, DeliveryWay

UNREAD = Q(
    way=DeliveryWay.ELECTRONIC, opened_at__isnull=True, downloaded_at__isnull=True, confirmed_at__isnull=True
)
STATES: dict[str, Q] = {
    "waiting": Q(way=DeliveryWay.ELECTRONIC, announced_at__isnull=True),
    "failed": UNREAD & Q(failed_at__isnull=False),
    "unread": UNREAD & Q(announced_at__isnull=False),
    "opened": Q(opened_at__isnull=False),
    "confirmed": Q(confirmed_at__isnull=False),
    "paper": Q(way=DeliveryWay.PAPER),
}
NOBODY = -1


def years_of(customer: Customer) -> list[int]:
    """Years in which the customer got documents, the newest first; one query."""
    days = invoices_for(customer).order_by().dates("issued_on", "year", order="DESC")
    return [day.year for day in days]


def deliveries(*, state: str = "", typed: str = "") -> QuerySet[Delivery]:
    """Deliveries, the newest first, for employees; `typed` is a number of a bill or a customer code."""
    found = Delivery.objects.select_related("invoice", "customer").order_by("-created_at", "-id")
    if state in STATES:
        found = found.filter(STATES[state])
    if typed:
        spellings = (typed, typed.upper())
        keys = NaturalKey.objects.filter(dataset__in=("invoices", "customers"), key__in=spellings)
        ids = {key.dataset: key.object_id for key in keys}
        found = found.filter(
            Q(invoice_id=ids.get("invoices", NOBODY)) | Q(customer_id=ids.get("customers", NOBODY))
        )
    return found


def numbers() -> dict[str, int]:
    """How many deliveries are in each state; one query."""
    return Delivery.objects.aggregate(
        all=Count("pk"), **{name: Count("pk", filter=condition) for name, condition in STATES.items()}
    )
