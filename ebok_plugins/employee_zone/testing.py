"""Addresses of the sample customer, of the owner's account and of a position, for the sweep."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import Group

from ebok.testing.samples import SampleWorld


def populate(world: SampleWorld, _count: int = 1) -> None:
    """The owner manages the sample customer, so that the card has something to count."""
    world.customer.account_manager = world.owner
    world.customer.save(update_fields=["account_manager"])


def url_arguments(world: SampleWorld) -> Mapping[str, Mapping[str, object]]:
    """One existing thing for each address."""
    customer = {"pk": world.customer.pk}
    return {
        "employee:employee_zone:customer": customer,
        "employee:employee_zone:customer_account": customer,
        "employee:employee_zone:look_as": customer,
        "employee:employee_zone:account": {"public_id": world.owner.public_id},
        "employee:employee_zone:position": {
            "pk": Group.objects.order_by("pk").values_list("pk", flat=True)[0]
        },
    }
