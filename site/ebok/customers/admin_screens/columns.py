"""Columns that several registers of the kartoteka share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.customers.admin_screens import addresses
from ebok.customers.models import Meter, PointStatus
from ebok.customers.queries import VERIFICATION_WARNING
from ebok.exchange.mirror import Mirrored, Source
from ebok.exchange.registers.columns import Look, Shown, State, said

CUSTOMER = Shown(
    title=gettext_lazy("customer"),
    value=lambda row: str(row.customer),
    url=lambda row: addresses.of_row(addresses.CUSTOMERS, row.customer_id),
)
"""Needs `select_related("customer")`."""
CUSTOMER_CODE = Shown(
    title=gettext_lazy("customer code"), value=lambda row: row.customer.code, look=Look.CODE
)
CUSTOMER_NAME = Shown(title=gettext_lazy("customer name"), value=lambda row: row.customer.name)


def origin_of(row: Mirrored) -> State:
    """Where the row came from, short enough for a list."""
    if row.source == Source.ENTERED:
        return (
            State(_("entered"), quiet=True)
            if row.approved_at
            else State(_("waits for approval"), alarming=True)
        )
    if row.corrected_at:
        return State(_("corrected by hand"))
    return State(_("imported"), quiet=True)


ORIGIN = Shown(title=gettext_lazy("where from"), value=origin_of, look=Look.TAG)


def status_of(row: Any) -> State:
    """A status in words; what is not in use is quiet."""
    return State(str(row.get_status_display()), quiet=row.status != PointStatus.ACTIVE)


def legalisation_of(meter: Meter) -> State | None:
    """Until when the legalisation is valid, with a warning in time."""
    if meter.verified_to is None:
        return None
    day, today = meter.verified_to, timezone.localdate()
    if not meter.is_active or day > today + VERIFICATION_WARNING:
        return State(said(day))
    return State(_ended(day, today), alarming=True)


def _ended(day: date, today: date) -> str:
    words = _("%(day)s, out of date") if day < today else _("%(day)s, ends soon")
    return words % {"day": said(day)}


def in_use(meter: Meter) -> State:
    """Whether a meter is in use."""
    return State(_("in use")) if meter.is_active else State(_("removed"), quiet=True)
