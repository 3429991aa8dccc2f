"""Readings are split by year on PostgreSQL, and none is refused for want of a year."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from ebok.billing import partitions
from ebok.billing.models import Reading
from ebok.testing import mirror as building

pytestmark = pytest.mark.django_db


def _home(reading: Reading) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text FROM billing_reading WHERE meter_id = %s AND read_on = %s",
            [reading.meter_id, reading.read_on],
        )
        return cursor.fetchone()[0]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="partitions are PostgreSQL's")
def test_readings_of_a_year_move_to_its_partition() -> None:
    meter = building.meter(building.point(building.customer()))
    reading = building.reading(meter, date(2011, 5, 31), "5")
    assert _home(reading) == "billing_reading_default"
    partitions.for_days({"read_on": (date(2010, 1, 1), date(2011, 12, 31))})
    assert _home(reading) == "billing_reading_y2011"
    assert partitions.create_missing([2010, 2011]) == []


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="partitions are PostgreSQL's")
def test_a_year_far_away_gets_no_partition() -> None:
    assert partitions.create_missing([1899, 2999]) == []


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="elsewhere there are no partitions")
def test_elsewhere_there_is_nothing_to_do() -> None:
    assert partitions.create_missing([2011]) == []
