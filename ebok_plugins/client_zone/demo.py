"""Joins the demo's accounts with customers of the demo town, where there is a town."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ebok.customers.access import give_access
from ebok.customers.models import AccessRole, AccessWay, Customer

if TYPE_CHECKING:
    from ebok.operations.demo_world import World

HOME = "K-000001"
"""Maria Wiśniewska, the holder of the demo's first account."""
MANAGED = ("K-000004", "K-000005", "K-000013", "K-000018", "K-000028")
"""The property manager with 40 points, and some she looks after: overpaid, in debt, without a meter."""


def load(world: World) -> None:
    """Give the accounts their customers; without a town there is nobody to act for."""
    found = {customer.code: customer for customer in Customer.objects.filter(code__in=(HOME, *MANAGED))}
    if HOME in found:
        give_access(found[HOME], world.users["client"], way=AccessWay.REGISTRATION)
    for code in MANAGED:
        if code in found:
            role = AccessRole.OWNER if code == MANAGED[0] else AccessRole.MANAGER
            give_access(found[code], world.users["manager"], role=role, way=AccessWay.LETTER)
