"""Bills in the client zone, their deliveries in the employee zone, the check among the public pages."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Scope
from ebok.ports import NavItem
from ebok_plugins.e_faktura.ksef import queries as ksef_queries


def ksef_waiting(_request: HttpRequest) -> int | None:
    """How many files of KSeF wait for a person; None when there is none."""
    return ksef_queries.waiting_count() or None


navigation = [
    NavItem(zone="public", view="check", title=_("Check a bill"), icon="shield", order=75),
    NavItem(zone="client", view="list", title=_("Bills"), icon="invoice", order=10, scopes=(Scope.BILLS,)),
    NavItem(
        zone="employee",
        view="deliveries",
        title=_("Bills"),
        icon="invoice",
        order=45,
        permission="e_faktura.see_bills",
    ),
    NavItem(
        zone="employee",
        view="ksef",
        title=_("Files of KSeF"),
        icon="invoice",
        order=46,
        permission="e_faktura.handle_ksef",
        badge=ksef_waiting,
    ),
]
