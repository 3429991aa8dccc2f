"""Sample things for the contract tests, the sweep and the page walk."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from ebok.customers.models import Meter, ServicePoint, SettlementForm
from ebok.testing import mirror
from ebok_plugins.e_odczyt import reminding
from ebok_plugins.e_odczyt.models import ReadingWindow, Reminder, SentReading, SentState
from ebok_plugins.e_odczyt.telemetry import samples

if TYPE_CHECKING:
    from ebok.testing.samples import SampleWorld


def png() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    return out.getvalue()


def populate(world: SampleWorld, count: int) -> None:
    """Readings sent on as many days, waiting for an employee, and a point without a meter."""
    mirror.point(world.customer, name=f"Ogród {world.secret}", settlement_form=SettlementForm.FLAT)
    meter = Meter.objects.filter(customer=world.customer).order_by("pk")[0]
    now = timezone.now()
    rows = SentReading.objects.bulk_create(
        SentReading(
            customer=world.customer,
            point_id=meter.point_id,
            meter=meter,
            read_on=timezone.localdate(now) - timedelta(days=place),
            value=100 + count - place,
            state=SentState.DOUBTFUL,
            remark=world.secret,
            sent_at=now,
        )
        for place in range(count)
    )
    rows[0].photo.save("licznik.png", ContentFile(png()))
    samples.populate(world, count)


def url_arguments(world: SampleWorld) -> dict[str, dict[str, object]]:
    """One of each for the addresses."""
    row = SentReading.objects.filter(customer=world.customer).order_by("pk")[0]
    flat = ServicePoint.objects.get(customer=world.customer, settlement_form=SettlementForm.FLAT)
    pk: dict[str, object] = {"pk": row.pk}
    window = ReadingWindow.objects.create(site=world.site, opens_on=row.read_on, closes_on=row.read_on)
    reminder = Reminder.objects.create(
        window=window,
        customer=world.customer,
        made_at=row.sent_at,
        expires_at=row.sent_at + timedelta(days=1),
        link="x",
    )
    return {
        "employee:e_odczyt:reading": pk,
        "employee:e_odczyt:photo": pk,
        "public:e_odczyt:link": {"token": reminding.token_of(reminder.public_id)},
        "client:e_odczyt:declare": {"pk": flat.pk},
        "client:e_odczyt:done": {"key": row.client_key},
        **{f"client:e_odczyt:{name}": pk for name in ("sent", "withdraw", "photo")},
        **samples.url_arguments(world),
    }
