"""Joins the demo's accounts with customers of the demo town, where there is a town."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ebok.customers.access import give_access
from ebok.customers.models import AccessRole, AccessWay, Customer
from ebok_plugins.client_zone import requesting
from ebok_plugins.client_zone.models import AccountRequest, RequestKind

if TYPE_CHECKING:
    from ebok.operations.demo_world import World

HOME = "K-000001"
"""Maria Wiśniewska, the holder of the demo's first account."""
MANAGED = ("K-000004", "K-000005", "K-000013", "K-000018", "K-000028")
"""The property manager with 40 points, and some she looks after: overpaid, in debt, without a meter."""


LOOKED_AFTER = ("K-000001", "K-000004", "K-000005", "K-000013", "K-000014", "K-000021")
"""Customers whose account manager is the demo's employee."""


def load(world: World) -> None:
    """Give the accounts their customers, and the office something to decide; without a town nothing."""
    found = {customer.code: customer for customer in Customer.objects.filter(code__in=(HOME, *MANAGED))}
    if HOME in found:
        give_access(found[HOME], world.users["client"], way=AccessWay.REGISTRATION)
    for code in MANAGED:
        if code in found:
            role = AccessRole.OWNER if code == MANAGED[0] else AccessRole.MANAGER
            give_access(found[code], world.users["manager"], role=role, way=AccessWay.LETTER)
    Customer.objects.filter(code__in=LOOKED_AFTER).update(account_manager=world.users["employee"])
    if HOME in found and not AccountRequest.objects.exists():
        client = world.users["client"]
        requesting.send_change(
            found[HOME], {"phone": "+48990000777"}, remark="Mam nowy numer, stary już nie działa.", by=client
        )
        requesting.send_request(found[HOME], RequestKind.E_INVOICE_ON, by=client)
