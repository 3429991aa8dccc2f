"""The module's card on the client's dashboard."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Scope
from ebok.ports import DashboardCard
from ebok.zones.acting import acting_of
from ebok_plugins.e_odczyt.telemetry import queries

ON_CARD = 3


def remote(request: HttpRequest) -> dict[str, Any] | None:
    """What wants an answer; no card while all is quiet."""
    acting = acting_of(request)
    if acting is None:
        return None
    waiting = list(queries.findings_of(acting.customer).filter(state__in=queries.TO_ANSWER)[:ON_CARD])
    return {"findings": waiting} if waiting else None


cards = [
    DashboardCard(
        zone="client",
        key="e_odczyt.remote",
        title=_("Leaks and remote readings"),
        template="e_odczyt/telemetry/card.html",
        context=remote,
        order=35,
        width=6,
        queries=1,
        scopes=(Scope.READINGS,),
    )
]
