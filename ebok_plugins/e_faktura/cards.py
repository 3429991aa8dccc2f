"""Dashboard cards: a client's last bill, and for employees what was not delivered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ebok.billing.queries import invoices_for
from ebok.customers.models import Scope
from ebok.ports import DashboardCard
from ebok.zones.acting import acting_of
from ebok_plugins.e_faktura import queries
from ebok_plugins.e_faktura.listing import usage_text
from ebok_plugins.e_faktura.states import period_of, state_of


def last_bill(request: HttpRequest) -> Mapping[str, Any] | None:
    """The newest document; no card before the first."""
    acting = acting_of(request)
    invoice = invoices_for(acting.customer).first() if acting else None
    if invoice is None:
        return None
    return {
        "invoice": invoice,
        "state": state_of(invoice, timezone.localdate()),
        "period": period_of(invoice),
        "usage": usage_text(invoice),
    }


def troubles(_request: HttpRequest) -> Mapping[str, Any]:
    """How many bills were not delivered or stay unread."""
    return {"numbers": queries.numbers()}


cards = [
    DashboardCard(
        zone="client",
        key="last-bill",
        title=_("Last bill"),
        template="e_faktura/cards/last_bill.html",
        context=last_bill,
        order=25,
        width=12,
        queries=1,
        scopes=(Scope.BILLS,),
    ),
    DashboardCard(
        zone="employee",
        key="deliveries",
        title=_("Deliveries of bills"),
        template="e_faktura/cards/deliveries.html",
        context=troubles,
        order=45,
        queries=1,
        permission="e_faktura.see_bills",
    ),
]
