"""What is done by the clock: photographs go when their time is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ebok.customers.models import Meter
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_odczyt.models import ReadingSettings, SentReading
from ebok_plugins.e_odczyt.tasks import delete_photos
from tests.plugins.e_odczyt.test_sending import at, form, png

pytestmark = pytest.mark.django_db


def test_photographs_past_their_time_go_and_readings_stay(
    owner: Client, meter: Meter, home: SampleWorld
) -> None:
    photo = SimpleUploadedFile("licznik.png", png(), "image/png")
    owner.post(at("enter"), form(meter, "417") | {f"m{meter.pk}-zdjecie": photo})
    sent = SentReading.objects.get()
    kept = ReadingSettings.for_site(home.site)
    assert delete_photos() is None
    SentReading.objects.update(sent_at=timezone.now() - timedelta(days=31 * kept.retention_months + 1))
    kept.retention_months = 0
    kept.save()
    assert delete_photos() is None
    assert sent.photo.storage.exists(str(sent.photo.name))
    kept.retention_months = 24
    kept.save()
    assert "1" in str(delete_photos())
    assert not sent.photo.storage.exists(str(sent.photo.name))
    left = SentReading.objects.get()
    assert (left.photo.name, left.value) == ("", sent.value)
    assert delete_photos() is None
