"""What employees may be allowed to do here."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Permission

permissions = [
    Permission(
        name="client_zone.handle_requests",
        title=_("Can decide on clients' requests about their accounts"),
        granted_to=("Employees", "Administrators"),
    ),
    Permission(
        name="client_zone.arrange_cards",
        title=_("Can arrange the cards of clients' dashboards"),
    ),
]
