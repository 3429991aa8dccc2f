"""What clients asked for and the office approved: the billing system must learn of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from ebok.ports import Outlet, OutletColumn
from ebok.ports.datasets import Value
from ebok_plugins.client_zone.models import AccountRequest, RequestState


def _approved() -> QuerySet[AccountRequest]:
    return AccountRequest.objects.filter(state=RequestState.APPROVED)


def _with_customers(rows: Sequence[Any]) -> None:
    prefetch_related_objects(rows, "customer")


def _cells(row: AccountRequest) -> tuple[Value, ...]:
    wanted = {name: pair[1] for name, pair in sorted(row.changes.items())}
    return (
        row.number,
        row.customer.code,
        row.kind,
        json.dumps(wanted, ensure_ascii=False, sort_keys=True) if wanted else None,
        row.wanted_on,
        row.remark or None,
        localdate(row.decided_at) if row.decided_at else None,
    )


outlets = [
    Outlet(
        key="client_zone.approved_requests",
        title=_("Approved requests of clients"),
        description=_("Changes of data, e-invoices on and off, ends of contracts, each as it was approved."),
        columns=(
            OutletColumn(name="number", title=_("number of the request")),
            OutletColumn(name="customer_code", title=_("customer code")),
            OutletColumn(name="kind", title=_("kind")),
            OutletColumn(name="changes", title=_("new values by field (JSON)")),
            OutletColumn(name="wanted_on", title=_("from the day")),
            OutletColumn(name="remark", title=_("remark")),
            OutletColumn(name="approved_on", title=_("approved on")),
        ),
        records=_approved,
        prepare=_with_customers,
        cells=_cells,
    )
]
