"""What the client zone adds to the employees' page of a customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Customer
from ebok.ports import CustomerSection
from ebok_plugins.client_zone.models import AccountRequest

SHOWN = 6


def requests_of(_request: HttpRequest, customer: Customer) -> Mapping[str, Any] | None:
    """The newest requests; no section for somebody who never sent one."""
    found = list(AccountRequest.objects.filter(customer=customer).order_by("-sent_at", "-pk")[:SHOWN])
    return {"requests": found} if found else None


customer_sections = [
    CustomerSection(
        key="requests",
        title=_("Requests"),
        template="client_zone/employee/customer_requests.html",
        context=requests_of,
        permission="client_zone.handle_requests",
        order=10,
        queries=1,
    )
]
