"""Bills in the client zone, their deliveries in the employee zone, the check among the public pages."""

from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Scope
from ebok.ports import NavItem

navigation = [
    NavItem(zone="client", view="list", title=_("Bills"), icon="invoice", order=10, scopes=(Scope.BILLS,)),
    NavItem(
        zone="employee",
        view="deliveries",
        title=_("Bills"),
        icon="invoice",
        order=45,
        permission="e_faktura.see_bills",
    ),
]
