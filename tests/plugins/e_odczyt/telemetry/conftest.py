"""A customer with a meter read by radio, and states of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone

from ebok.customers.models import Meter
from ebok.testing import mirror
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_odczyt.models import RemoteFile
from ebok_plugins.e_odczyt.telemetry import intake
from ebok_plugins.e_odczyt.telemetry.watching import watch

FIRST = datetime(2026, 5, 3, 22, tzinfo=dt.UTC)
"""Midnight in Warsaw."""
DAY = [0] * 6 + [20, 30, 10] + [0] * 8 + [15, 40, 20, 10] + [0] * 3
LEAKING = [flow + 7 for flow in DAY]

Send = Callable[..., RemoteFile]


@pytest.fixture(autouse=True)
def _in_may() -> Iterator[None]:
    """August here, after every state of these tests."""
    with time_machine.travel(datetime(2026, 8, 20, 10, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def home(world: SampleWorld, enable: Callable[..., None]) -> SampleWorld:
    """The sample world with both zones and the module on."""
    enable("client_zone", "employee_zone", "e_odczyt")
    return world


@pytest.fixture
def meter(home: SampleWorld) -> Meter:
    """A meter of the sample customer with a radio module."""
    return mirror.meter(mirror.point(home.customer, persons=3), radio_number="00148686", digits=5)


def lines_of(
    flows: Sequence[int], device: str = "00148686", first: datetime = FIRST, status: str = "OK"
) -> str:
    """A file with one state an hour."""
    state, lines = 100_000, []
    for number, flow in enumerate([0, *flows]):
        state += flow
        moment = first + timedelta(hours=number)
        lines.append(f"{device};{moment:%Y-%m-%dT%H:%M:%SZ};{state / 1000:.3f};{status}")
    return "\n".join(["id;timestamp_utc;total_m3;status", *lines, ""])


@pytest.fixture
def send() -> Send:
    """Sends a file in and reads it."""

    def sent(text: str | bytes, name: str = "odczyty.csv") -> RemoteFile:
        content = text.encode() if isinstance(text, str) else text
        file, _is_new = intake.keep_file(name, ContentFile(content, name=name))
        intake.read_waiting(later())
        file.refresh_from_db()
        return file

    return sent


def later() -> datetime:
    """Time enough for one call."""
    return timezone.now() + timedelta(minutes=5)


def look() -> tuple[int, int]:
    """Look at every meter with news."""
    return watch(later())
