"""The dashboard card of employees: what was not delivered.

Clients have none of their own: what they owe and by when is on the card of the balance, which leads here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ebok.ports import DashboardCard
from ebok_plugins.e_faktura import queries


def troubles(_request: HttpRequest) -> Mapping[str, Any]:
    """How many bills were not delivered or stay unread."""
    return {"numbers": queries.numbers()}


cards = [
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
