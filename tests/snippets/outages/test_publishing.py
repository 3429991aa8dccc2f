"""Publishing, scheduling, withdrawing; what the journal keeps of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from wagtail.models import Site

from ebok.journal.models import Detail, Event
from snippets.outages import queries
from snippets.outages.models import Outage, OutagePublication, OutageSettings, WaterPoint
from snippets.outages.publishing import noticed_at
from tests.snippets.outages.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Make = Callable[..., Outage]


def publications(outage: Outage) -> list[tuple[int, str]]:
    """Number and message of each publication."""
    return list(
        OutagePublication.objects.filter(outage=outage)
        .order_by("sequence")
        .values_list("sequence", "message")
    )


def test_headlines_in_both_languages(outage: Make) -> None:
    made = outage(streets=[("Lipowa", "2-40"), ("Krótka", "")])
    assert (made.headline, made.headline_en) == (
        "Brak wody: ul. Lipowa i Krótka",
        "No water: ul. Lipowa and Krótka",
    )
    assert str(outage(streets=[("Młyńska", "1-25")])) == "Brak wody: ul. Młyńska 1–25"
    many = [(f"Ulica {number}", "") for number in range(8)]
    assert str(outage(streets=many)) == "Brak wody: ul. Ulica 0, Ulica 1, Ulica 2 i 5 innych ulic"


@pytest.mark.feature("J03")
def test_schedule_appears_and_disappears_by_itself(site: Site, outage: Make, clock: Any) -> None:
    made = outage(
        publish=False, go_live_at=NOW + HOUR, expire_at=NOW + 90 * HOUR, expected_end=NOW + 80 * HOUR
    )
    made.save_revision().publish()
    assert (list(queries.current(site)), publications(made)) == ([], [])
    clock.move_to(NOW + HOUR + timedelta(minutes=1))
    call_command("publish_scheduled")
    assert list(queries.current(site)) == [made]
    assert publications(made) == [(0, "Alert")]
    clock.move_to(NOW + 91 * HOUR)
    call_command("publish_scheduled")
    made.refresh_from_db()
    assert (made.live, made.withdrawn_at, list(queries.current(site))) == (False, None, [])
    assert publications(made) == [(0, "Alert")]


@pytest.mark.feature("J03")
def test_expiring_before_the_end_calls_it_off(site: Site, outage: Make, clock: Any) -> None:
    made = outage(publish=False, expire_at=NOW + HOUR, expected_end=NOW + 9 * HOUR)
    made.save_revision().publish()
    clock.move_to(NOW + 2 * HOUR)
    call_command("publish_scheduled")
    made.refresh_from_db()
    assert (made.live, made.withdrawn_at) == (False, NOW + 2 * HOUR)
    assert publications(made) == [(0, "Alert"), (1, "Cancel")]


def test_each_publication_counts_on_and_keeps_the_id(outage: Make) -> None:
    made = outage()
    uid = made.uid
    made.cause = "Nowe ustalenia"
    made.save_revision().publish()
    made.refresh_from_db()
    assert (made.uid, made.sequence, made.cause) == (uid, 1, "Nowe ustalenia")
    made.ended_at = NOW
    made.save_revision().publish()
    assert publications(made) == [(0, "Alert"), (1, "Update"), (2, "Cancel")]


def test_withdrawn_and_published_again(outage: Make) -> None:
    made = outage()
    made.unpublish()
    made.refresh_from_db()
    assert (made.state(), made.withdrawn_at, made.sequence) == ("withdrawn", NOW, 1)
    assert Event.objects.filter(kind="snippets.outage_withdrawn").count() == 1
    made.save_revision().publish()
    made.refresh_from_db()
    assert (made.state(), made.withdrawn_at) == ("ongoing", None)
    assert publications(made) == [(0, "Alert"), (1, "Cancel"), (2, "Update")]


def test_an_old_revision_does_not_bring_back_a_withdrawal(outage: Make) -> None:
    made = outage()
    old = made.latest_revision
    made.unpublish()
    made.refresh_from_db()
    assert old.as_object().withdrawn_at == NOW
    assert old.as_object().sequence == 1


@pytest.mark.feature("A05")
def test_a_broken_rule_is_journalled_once_with_its_reason(outage: Make) -> None:
    made = outage(
        kind="planned",
        starts_at=NOW + 2 * DAY,
        expected_end=NOW + 2 * DAY + HOUR,
        override_reason="Zasuwa może puścić.",
    )
    event = Event.objects.get(kind="snippets.outage_rule_overridden")
    detail = Detail.objects.get(event_id=event.pk)
    assert "Zasuwa może puścić." in detail.text
    assert detail.payload["rules"] == ["short-notice"]
    made.save_revision().publish()
    assert Event.objects.filter(kind="snippets.outage_rule_overridden").count() == 1


def test_a_kept_rule_leaves_no_event(outage: Make) -> None:
    outage(kind="planned", starts_at=NOW + 9 * DAY, expected_end=NOW + 9 * DAY + HOUR)
    outage(expected_end=NOW + 20 * HOUR, water_points=[WaterPoint(place="Rynek")])
    assert not Event.objects.filter(kind="snippets.outage_rule_overridden").exists()


def test_thresholds_belong_to_the_site(site: Site, outage: Make) -> None:
    settings = OutageSettings.for_site(site)
    settings.planned_days = 1
    settings.save()
    outage(kind="planned", starts_at=NOW + 2 * DAY, expected_end=NOW + 2 * DAY + HOUR)
    assert not Event.objects.filter(kind="snippets.outage_rule_overridden").exists()


def test_notice_is_counted_from_when_people_can_read_it(outage: Make, clock: Any) -> None:
    planned = outage(kind="planned", starts_at=NOW + 9 * DAY, expected_end=NOW + 9 * DAY + HOUR)
    draft = outage(publish=False, go_live_at=NOW + DAY)
    clock.move_to(NOW + 5 * DAY)
    assert noticed_at(planned, NOW + 5 * DAY) == NOW
    planned.starts_at = NOW + 10 * DAY
    assert noticed_at(planned, NOW + 5 * DAY) == NOW + 5 * DAY
    assert noticed_at(draft, NOW) == NOW + DAY
    assert noticed_at(draft, NOW + 5 * DAY) == NOW + 5 * DAY
