"""Demo content: a reading window that is open now, and a doubtful reading on the desk, meters read
by radio; needs the town."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from ebok.customers.models import Customer
from ebok_plugins.e_odczyt import queries, services
from ebok_plugins.e_odczyt.models import ReadingSettings, ReadingWindow, SentReading
from ebok_plugins.e_odczyt.sheet import Sheet
from ebok_plugins.e_odczyt.telemetry import demo_states

if TYPE_CHECKING:
    from ebok.operations.demo_world import World

HOME = "K-000001"
"""Maria Wiśniewska, the holder of the demo's first account."""
DOUBTFUL_USAGE = 60
REMOTE = (HOME, "K-000004", "K-000005", "K-000014", "K-000021", "K-000028")
"""Customers of whom a meter is read by radio; the first one's leaks."""


def load(world: World) -> None:
    """Open the window, allow readings without an account, and let one client send too much."""
    today = timezone.localdate()
    if not ReadingWindow.objects.filter(site=world.site, closes_on__gte=today).exists():
        ReadingWindow.objects.create(
            site=world.site, opens_on=today - timedelta(days=5), closes_on=today + timedelta(days=10)
        )
    settings = ReadingSettings.for_site(world.site)
    settings.public_sending = True
    settings.save()
    demo_states.load(REMOTE)
    customer = Customer.objects.filter(code=HOME).first()
    if customer is None or SentReading.objects.filter(customer=customer).exists():
        return
    _send_too_much(world, customer)


def _send_too_much(world: World, customer: Customer) -> None:
    meters = list(queries.readable_meters(customer)[:1])
    sheet = Sheet(customer, meters, world.site)
    field = next((found for found in sheet.fields if found.last is not None), None)
    if field is None or field.last is None:
        return
    data = {
        field.name: str(int(field.last.value) + DOUBTFUL_USAGE),
        f"{field.name}-tak": "1",
        f"{field.name}-uwaga": "Napełnialiśmy basen w ogrodzie.",
        "klucz": str(uuid.uuid4()),
    }
    sheet = Sheet(customer, meters, world.site, data)
    sheet.judge()
    if sheet.is_final:
        services.send(
            customer,
            services.items_of(sheet),
            on=sheet.on,
            key=sheet.key,
            site=world.site,
            by=world.users["client"],
        )
