"""Event kinds of the billing mirror."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind


def _kind(name: str, title: object) -> EventKind:
    # Entries about money are evidence: they fall to retention, not to erasure.
    return EventKind(key=f"billing.{name}", title=title, erasure=Erasure.KEEP)  # type: ignore[arg-type]


events = [
    _kind("entered", _("Billing entry added by hand")),
    _kind("corrected", _("Billing entry corrected by hand")),
    _kind("approved", _("Billing entry approved")),
    _kind("deleted", _("Billing entry deleted")),
    EventKind(
        key="billing.exported",
        title=_("Register of bills and payments exported"),
        erasure=Erasure.KEEP,
        visible_to_customer=False,
    ),
    _kind("payment_recorded", _("Payment entered by the operator")),
    _kind("payment_reversed", _("Payment reversed")),
]
