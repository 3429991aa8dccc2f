"""Streets, outages and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from wagtail.models import Site

from snippets.outages.models import Outage, OutageStreet, Street

NOW = datetime(2026, 5, 14, 11, 20, tzinfo=UTC)
"""14 May 2026, 13:20 in Warsaw: the afternoon of the design's burst pipe."""


@pytest.fixture
def clock() -> Iterator[Any]:
    """Time stands at `NOW` until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def street(db: None) -> Callable[..., Street]:
    """`street("Lipowa")`: the street of this name in Lipowo, made when it is not there."""

    def make(name: str, *, prefix: str = "ul.", locality: str = "Lipowo", **fields: Any) -> Street:
        found = Street.objects.filter(name=name, prefix=prefix, locality=locality).first()
        return found or Street.objects.create(name=name, prefix=prefix, locality=locality, **fields)

    return make


@pytest.fixture
def outage(site: Site, street: Callable[..., Street], clock: Any) -> Callable[..., Outage]:
    """`outage(streets=[("Lipowa", "2–40 parzyste")])`: a published failure that began an hour ago.

    Fields by name; `updates` and `water_points` are lists of instances; `publish=False` leaves a draft.
    """

    def make(
        *,
        streets: list[tuple[str, str]] | None = None,
        publish: bool = True,
        updates: list[Any] | None = None,
        water_points: list[Any] | None = None,
        **fields: Any,
    ) -> Outage:
        values: dict[str, Any] = {
            "site": site,
            "kind": "failure",
            "starts_at": NOW - timedelta(hours=1),
            "expected_end": NOW + timedelta(hours=2),
            "live": False,
            **fields,
        }
        made = Outage(**values)
        made.streets.set(
            [
                OutageStreet(street=street(name), numbers=numbers, sort_order=order)
                for order, (name, numbers) in enumerate(streets or [("Lipowa", "")])
            ]
        )
        made.updates.set(updates or [])
        made.water_points.set(water_points or [])
        made.save()
        if publish:
            made.save_revision().publish()
        made.refresh_from_db()
        return made

    return make
