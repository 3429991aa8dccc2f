"""The first entry of the client zone, and the notice board near its end."""

from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Scope
from ebok.ports import NavItem
from ebok_plugins.client_zone.registration.queue import waiting_claims

navigation = [
    NavItem(zone="client", view="dashboard", title=_("Start"), icon="home", order=0),
    NavItem(
        zone="client", view="sharing", title=_("Access"), icon="people", order=84, scopes=(Scope.ACCOUNT,)
    ),
    NavItem(
        zone="client", view="my_access", title=_("My access"), icon="key", order=84, unless=(Scope.ACCOUNT,)
    ),
    NavItem(
        zone="employee",
        view="verification",
        title=_("Accounts to verify"),
        icon="shield",
        order=60,
        permission="client_zone.verify_accounts",
        badge=waiting_claims,
    ),
    NavItem(
        zone="employee",
        view="letters",
        title=_("Letters with codes"),
        icon="mail",
        order=65,
        permission="client_zone.bulk_accounts",
    ),
    NavItem(zone="client", view="announcements", title=_("Notice board"), icon="megaphone", order=90),
]
