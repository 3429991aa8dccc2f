"""Accepted readings on their way to the billing system."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.ports import Outlet, OutletColumn
from ebok.ports.datasets import Value
from ebok_plugins.e_odczyt.models import SentReading, SentState

KEY = "e_odczyt.sent_readings"


class ChangedMeanwhile(Exception):
    """Somebody withdrew a reading while a batch was being made; the next run leaves it out."""


def _accepted() -> QuerySet[SentReading]:
    return SentReading.objects.filter(state=SentState.ACCEPTED)


def _prepare(rows: Sequence[Any]) -> None:
    """Lock the rows, so that nobody withdraws what is being written down; then read what belongs to them."""
    keys = [row.pk for row in rows]
    locked = SentReading.objects.select_for_update().filter(pk__in=keys, state=SentState.ACCEPTED)
    if len(locked.values_list("pk", flat=True)) != len(keys):
        raise ChangedMeanwhile(_("A reading was withdrawn meanwhile. Export once more."))
    prefetch_related_objects(rows, "customer", "point", "meter")


def _hand_over(rows: Sequence[Any]) -> None:
    """From now on nobody can withdraw them."""
    SentReading.objects.filter(pk__in=[row.pk for row in rows]).update(state=SentState.EXPORTED)


def _cells(row: SentReading) -> tuple[Value, ...]:
    return (
        row.customer.code,
        row.point.code,
        row.meter.number if row.meter else None,
        row.register if row.meter else None,
        row.read_on,
        row.value,
        row.usage if row.meter is None else None,
        row.original_value,
        row.channel,
        row.sent_at,
        row.remark or None,
    )


outlets = [
    Outlet(
        key=KEY,
        title=gettext_lazy("Readings sent by clients"),
        description=gettext_lazy("Accepted readings and declared usages, each as it is to be settled."),
        columns=(
            OutletColumn(name="customer_code", title=gettext_lazy("customer code")),
            OutletColumn(name="point_code", title=gettext_lazy("point code")),
            OutletColumn(name="meter_number", title=gettext_lazy("meter number")),
            OutletColumn(name="register", title=gettext_lazy("register")),
            OutletColumn(name="read_on", title=gettext_lazy("date of the reading")),
            OutletColumn(name="value", title=gettext_lazy("reading")),
            OutletColumn(name="declared_usage", title=gettext_lazy("declared usage")),
            OutletColumn(name="original_value", title=gettext_lazy("value as sent")),
            OutletColumn(name="channel", title=gettext_lazy("way of sending")),
            OutletColumn(name="sent_at", title=gettext_lazy("sent")),
            OutletColumn(name="remark", title=gettext_lazy("remark")),
        ),
        records=_accepted,
        prepare=_prepare,
        claimed=_hand_over,
        cells=_cells,
    )
]
