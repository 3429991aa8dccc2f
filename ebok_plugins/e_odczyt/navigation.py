"""Readings in the client zone, and the queue of doubtful ones for employees."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Scope
from ebok.ports import NavItem
from ebok_plugins.e_odczyt import queries
from ebok_plugins.e_odczyt.models import ReadingSettings


def waiting(_request: HttpRequest) -> int | None:
    """How many doubtful readings wait; None for none."""
    return queries.waiting_count() or None


def without_account(request: HttpRequest) -> bool:
    """Whether the site takes readings from people who have no account."""
    return bool(ReadingSettings.for_request(request).public_sending)


navigation = [
    NavItem(
        zone="public",
        view="start",
        title=_("Send a meter reading"),
        icon="meter",
        order=70,
        offered=without_account,
    ),
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
    NavItem(
        zone="employee",
        view="queue",
        title=_("Readings"),
        icon="meter",
        order=35,
        permission="e_odczyt.handle",
        badge=waiting,
    ),
    NavItem(
        zone="employee",
        view="shares",
        title=_("Reading windows"),
        icon="calendar",
        order=36,
        permission="e_odczyt.handle",
    ),
]
