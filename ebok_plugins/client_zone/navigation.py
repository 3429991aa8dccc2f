"""Entries of the client zone that belong to no module, and the queue of requests for employees."""

from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Scope
from ebok.ports import NavItem
from ebok_plugins.client_zone.registration.queue import waiting_claims

NETWORK = (Scope.READINGS, Scope.ACCOUNT, Scope.BILLS)

navigation = [
    NavItem(zone="client", view="dashboard", title=_("Start"), icon="home", order=0),
    NavItem(
        zone="client",
        view="receivables",
        title=_("Receivables"),
        icon="coins",
        order=20,
        scopes=(Scope.BILLS,),
    ),
    NavItem(
        zone="client", view="points", title=_("Points and meters"), icon="meter", order=40, scopes=NETWORK
    ),
    NavItem(
        zone="client",
        view="statistics",
        title=_("Statistics"),
        icon="chart",
        order=45,
        scopes=(Scope.BILLS, Scope.READINGS),
    ),
    NavItem(
        zone="client", view="contracts", title=_("Contracts"), icon="page", order=50, scopes=(Scope.ACCOUNT,)
    ),
    NavItem(zone="client", view="prices", title=_("Price list"), icon="coins", order=55, scopes=NETWORK),
    NavItem(
        zone="client", view="details", title=_("My data"), icon="person", order=60, scopes=(Scope.ACCOUNT,)
    ),
    NavItem(
        zone="client", view="requests", title=_("Requests"), icon="form", order=65, scopes=(Scope.ACCOUNT,)
    ),
    NavItem(
        zone="client",
        view="history",
        title=_("Event history"),
        icon="clock",
        order=85,
        scopes=(Scope.ACCOUNT,),
    ),
    NavItem(
        zone="client", view="sharing", title=_("Access"), icon="people", order=80, scopes=(Scope.ACCOUNT,)
    ),
    NavItem(
        zone="client", view="my_access", title=_("My access"), icon="key", order=80, unless=(Scope.ACCOUNT,)
    ),
    NavItem(zone="client", view="announcements", title=_("Notice board"), icon="megaphone", order=90),
    NavItem(
        zone="employee",
        view="request_queue",
        title=_("Requests of clients"),
        icon="form",
        order=30,
        permission="client_zone.handle_requests",
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
]
