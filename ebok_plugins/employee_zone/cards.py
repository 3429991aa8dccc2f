"""The search on the front page, and how the employee's own customers stand."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ebok.accounts.models import User
from ebok.ports import DashboardCard
from ebok_plugins.employee_zone import queries


def search(_request: HttpRequest) -> dict[str, Any]:
    """A field; nothing is asked of the database."""
    return {}


def mine(request: HttpRequest) -> dict[str, Any] | None:
    """Counters of the account manager; no card for people who manage nobody."""
    counters = queries.counters_of(cast("User", request.user), timezone.localdate(), timezone.now())
    return {"counters": counters} if counters.customers else None


cards = [
    DashboardCard(
        zone="employee",
        key="search",
        title=_("Find a customer"),
        template="employee_zone/cards/search.html",
        context=search,
        order=5,
        width=12,
        permission="customers.view",
    ),
    DashboardCard(
        zone="employee",
        key="mine",
        title=_("My customers"),
        template="employee_zone/cards/mine.html",
        context=mine,
        order=20,
        queries=2,
        permission="customers.view",
    ),
]
