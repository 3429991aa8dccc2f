"""What employees may be allowed to do about clients' accounts."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Permission

permissions = [
    Permission(
        name="client_zone.bulk_accounts",
        title=_("Can order letters with codes that open accounts"),
        granted_to=("Administrators",),
    ),
    Permission(
        name="client_zone.handle_requests",
        title=_("Can decide on clients' requests about their accounts"),
        granted_to=("Employees", "Administrators"),
    ),
    Permission(
        name="client_zone.verify_accounts",
        title=_("Can approve and refuse accounts that wait for a proof"),
        granted_to=("Employees", "Administrators"),
    ),
    Permission(
        name="client_zone.arrange_cards",
        title=_("Can arrange the cards of clients' dashboards"),
    ),
]
