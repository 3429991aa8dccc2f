"""Reading bills and what became of them. Every function for clients begins with the customer."""

from __future__ import annotations

from django.db.models import QuerySet

from ebok.billing.queries import invoices_for
from ebok.customers.models import Customer
from ebok_plugins.e_faktura.models import Delivery


def years_of(customer: Customer) -> list[int]:
    """Years in which the customer got documents, the newest first; one query."""
    days = invoices_for(customer).order_by().dates("issued_on", "year", order="DESC")
    return [day.year for day in days]


def deliveries() -> QuerySet[Delivery]:
    """All deliveries, the newest first, for employees."""
    return Delivery.objects.select_related("invoice", "customer").order_by("-created_at", "-id")
