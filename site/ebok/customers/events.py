"""Event kinds of the kartoteka."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind


def _kind(name: str, title: object) -> EventKind:
    # Who changed whose data, and how, defends the utility and the customer: it falls to retention.
    return EventKind(key=f"customers.{name}", title=title, erasure=Erasure.KEEP)  # type: ignore[arg-type]


events = [
    _kind("entered", _("Entry of the kartoteka added by hand")),
    _kind("corrected", _("Entry of the kartoteka corrected by hand")),
    _kind("approved", _("Entry of the kartoteka approved")),
    _kind("deleted", _("Entry of the kartoteka deleted")),
    _kind("access_given", _("Access to a customer given")),
    _kind("access_revoked", _("Access to a customer revoked")),
    _kind("viewed_as", _("Client zone looked at by an employee")),
    _kind("scan_kept", _("Scan of a contract added or replaced")),
    _kind("scan_removed", _("Scan of a contract removed")),
    EventKind(
        key="customers.exported",
        title=_("Register of the kartoteka exported"),
        erasure=Erasure.KEEP,
        visible_to_customer=False,
    ),
]
