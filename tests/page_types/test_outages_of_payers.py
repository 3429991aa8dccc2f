"""Outages as signed-in customers are told of them: the card on the client zone's front page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from ebok.accounts.models import User
from page_types.outage_pages import OutageIndexPage
from snippets.outages.models import Outage
from tests.page_types.conftest import Town
from tests.snippets.outages.conftest import NOW, clock, outage, street  # noqa: F401 (fixtures)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Make = Callable[..., Outage]


@pytest.fixture
def listed(town: Town, enable: Callable[..., None]) -> OutageIndexPage:
    """The list of outages in both languages, and the client zone."""
    enable("client_zone")
    page: OutageIndexPage = town.plant(OutageIndexPage, "awarie", title="Awarie")
    town.translate(page, "outages", title="Outages")
    return page


@pytest.fixture
def front(signed_in: Any, client_user: User, clock: Any) -> Callable[..., str]:  # noqa: F811
    """`front("/en/moje-konto/")`: the main part of a customer's front page."""

    def get(path: str = "/moje-konto/") -> str:
        # The session is as old as the page: the clock may have moved since the last one.
        text: str = signed_in(client_user).get(path).text
        return text.split("<main")[1].split("</main", maxsplit=1)[0].replace("\xa0", " ")

    return get


@pytest.mark.feature("J05")
def test_an_outage_is_told_at_once_and_taken_away_by_itself(
    front: Any,
    listed: OutageIndexPage,
    outage: Make,  # noqa: F811
    clock: Any,  # noqa: F811
) -> None:
    assert "Awarie i prace" not in front()
    made = outage(publish=False, go_live_at=NOW + HOUR, expire_at=NOW + 3 * HOUR, expected_end=NOW + 2 * HOUR)
    made.save_revision().publish()
    assert made.uid not in front()
    clock.move_to(NOW + HOUR + timedelta(minutes=1))
    call_command("publish_scheduled", verbosity=0)
    shown = front()
    assert f'href="/awarie/{made.uid}/"' in shown
    assert "Brak wody: ul. Lipowa" in shown
    assert f'href="/en/outages/{made.uid}/"' in front("/en/moje-konto/")
    clock.move_to(NOW + 4 * HOUR)
    call_command("publish_scheduled", verbosity=0)
    assert made.uid not in front()


@pytest.mark.feature("J05")
def test_what_goes_on_comes_before_what_is_planned(
    front: Any,
    listed: OutageIndexPage,
    outage: Make,  # noqa: F811
) -> None:
    later, sooner = (
        outage(kind="planned", starts_at=NOW + days * DAY, expected_end=NOW + days * DAY + HOUR)
        for days in (12, 9)
    )
    older, newer = outage(starts_at=NOW - 5 * HOUR), outage(starts_at=NOW - HOUR)
    outage(starts_at=NOW - 2 * DAY, ended_at=NOW - DAY)
    assert re.findall(r'href="/awarie/(\w{8})/"', front()) == [newer.uid, older.uid, sooner.uid]
    assert later.uid not in front()


def test_without_a_public_list_there_is_no_card(front: Any, town: Town, outage: Make, enable: Any) -> None:  # noqa: F811
    enable("client_zone")
    outage()
    assert "Awarie i prace" not in front()
