"""What accounting learns of receipt: bills whose receipt was confirmed, and bills that were opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from ebok.ports import Outlet, OutletColumn
from ebok.ports.datasets import Value
from ebok_plugins.e_faktura.models import Delivery


def _confirmed() -> QuerySet[Delivery]:
    return Delivery.objects.filter(confirmed_at__isnull=False)


def _opened() -> QuerySet[Delivery]:
    return Delivery.objects.filter(opened_at__isnull=False)


def _related(rows: Sequence[Any]) -> None:
    prefetch_related_objects(rows, "invoice", "customer", "opened_by", "confirmed_by")


def _names(row: Delivery) -> tuple[Value, ...]:
    return (row.invoice.number, row.customer.code, row.way)


def _cells_of_confirmed(row: Delivery) -> tuple[Value, ...]:
    return (*_names(row), row.confirmed_at, row.confirmed_by.display_name if row.confirmed_by else None)


def _cells_of_opened(row: Delivery) -> tuple[Value, ...]:
    return (*_names(row), row.opened_at, row.opened_by.display_name if row.opened_by else None)


COLUMNS = (
    OutletColumn(name="invoice_number", title=_("document number")),
    OutletColumn(name="customer_code", title=_("customer code")),
    OutletColumn(name="way", title=_("way of delivery: e or paper")),
)

outlets = [
    Outlet(
        key="e_faktura.confirmations",
        title=_("Confirmed receipts of bills"),
        description=_("Bills whose receipt a person of the customer has confirmed."),
        columns=(
            *COLUMNS,
            OutletColumn(name="confirmed_at", title=_("confirmed at")),
            OutletColumn(name="confirmed_by", title=_("confirmed by")),
        ),
        records=_confirmed,
        prepare=_related,
        cells=_cells_of_confirmed,
    ),
    Outlet(
        key="e_faktura.opened",
        title=_("Opened bills"),
        description=_("Bills that a person of the customer has opened in the portal, at the first time."),
        columns=(
            *COLUMNS,
            OutletColumn(name="opened_at", title=_("opened at")),
            OutletColumn(name="opened_by", title=_("opened by")),
        ),
        records=_opened,
        prepare=_related,
        cells=_cells_of_opened,
    ),
]
