"""Readings in the client zone, and the queue of doubtful ones for employees."""

from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Scope
from ebok.ports import NavItem

navigation = [
    NavItem(
        zone="client",
        view="history",
        title=_("Readings"),
        icon="meter",
        order=30,
        scopes=(Scope.READINGS,),
    ),
    NavItem(
        zone="client",
        view="remote",
        title=_("Remote readings"),
        icon="drop",
        order=32,
        scopes=(Scope.READINGS,),
    ),
    NavItem(
        zone="employee",
        view="findings",
        title=_("Leaks"),
        icon="drop",
        order=45,
        permission="e_odczyt.watch",
    ),
]
