"""Sample things for the contract tests, the sweep and the page walk."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from ebok.customers.models import Meter
from ebok_plugins.e_odczyt.models import SentReading, SentState

if TYPE_CHECKING:
    from ebok.testing.samples import SampleWorld


def populate(world: SampleWorld, count: int) -> None:
    """Readings sent on as many days, waiting for an employee."""
    meter = Meter.objects.filter(customer=world.customer).order_by("pk")[0]
    now = timezone.now()
    SentReading.objects.bulk_create(
        SentReading(
            customer=world.customer,
            point_id=meter.point_id,
            meter=meter,
            read_on=now.date() - timedelta(days=place),
            value=100 + count - place,
            state=SentState.DOUBTFUL,
            remark=world.secret,
            sent_at=now,
        )
        for place in range(count)
    )


def url_arguments(world: SampleWorld) -> dict[str, dict[str, object]]:
    """One of each for the addresses."""
    return {}
