"""Outages in the Wagtail admin: the guard, the list, the chooser, the preview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.journal.models import Event
from snippets.outages.models import Outage, Street, WaterPoint
from tests.snippets.outages.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Make = Callable[..., Outage]
LIST = "/admin/snippets/snippets/outage/"


def typed(site: Site, street: Street | None, action: str, **changes: str) -> dict[str, str]:
    """The editor's form as a browser sends it: planned work in two days, published."""
    start = timezone.localtime(NOW + 2 * DAY)
    values = {
        "kind": "planned",
        "effect": "no-water",
        "site": str(site.pk),
        "starts_at": f"{start:%Y-%m-%d %H:%M}",
        "expected_end": f"{start + 5 * HOUR:%Y-%m-%d %H:%M}",
        "cause": "Wymiana zasuwy.",
        action: action,
    }
    for formset in ("streets", "updates", "water_points"):
        values |= {f"{formset}-TOTAL_FORMS": "0", f"{formset}-INITIAL_FORMS": "0"}
        values |= {f"{formset}-MIN_NUM_FORMS": "0", f"{formset}-MAX_NUM_FORMS": "1000"}
    if street is not None:
        values |= {"streets-TOTAL_FORMS": "1", "streets-0-street": str(street.pk), "streets-0-ORDER": "1"}
        values |= {"streets-0-numbers": "2-40 parzyste", "streets-0-id": "", "streets-0-DELETE": ""}
    return {**values, **changes}


@pytest.fixture
def staff(superuser: User, clock: Any) -> Client:
    """A browser signed in to the admin."""
    client = Client()
    client.force_login(superuser)
    return client


@pytest.mark.feature("A05")
def test_late_planned_work_needs_a_reason(staff: Client, site: Site, street: Callable[..., Street]) -> None:
    lipowa = street("Lipowa")
    refused = staff.post(f"{LIST}add/", typed(site, lipowa, "action-publish"))
    assert refused.status_code == 200
    assert "co najmniej 7 dni wcześniej" in refused.text
    assert "Wymiana zasuwy." in refused.text
    assert "2-40 parzyste" in refused.text
    assert not Outage.objects.exists()
    values = typed(site, lipowa, "action-publish", override_reason="Zasuwa puszcza.")
    assert staff.post(f"{LIST}add/", values).status_code == 302
    made = Outage.objects.get()
    assert (made.live, str(made), made.streets.get().numbers) == (
        True,
        "Brak wody: ul. Lipowa 2–40, parzyste",
        "2-40 parzyste",
    )
    assert Event.objects.filter(kind="snippets.outage_rule_overridden").count() == 1


def test_a_draft_needs_no_reason(staff: Client, site: Site, street: Callable[..., Street]) -> None:
    assert staff.post(f"{LIST}add/", typed(site, street("Lipowa"), "x")).status_code == 302
    assert [outage.live for outage in Outage.objects.all()] == [False]


@pytest.mark.feature("A04")
def test_a_long_outage_needs_a_water_point(staff: Client, site: Site, street: Callable[..., Street]) -> None:
    start = timezone.localtime(NOW + 9 * DAY)
    long = {
        "starts_at": f"{start:%Y-%m-%d %H:%M}",
        "expected_end": f"{start + 9 * HOUR:%Y-%m-%d %H:%M}",
    }
    lipowa = street("Lipowa")
    refused = staff.post(f"{LIST}add/", typed(site, lipowa, "action-publish", **long))
    assert "nie ma punktu z wodą" in refused.text
    with_point = {
        "water_points-TOTAL_FORMS": "1",
        "water_points-0-kind": "tanker",
        "water_points-0-place": "Rynek",
        "water_points-0-ORDER": "1",
        "water_points-0-id": "",
    }
    values = typed(site, lipowa, "action-publish", **long, **with_point)
    assert staff.post(f"{LIST}add/", values).status_code == 302
    assert WaterPoint.objects.count() == 1


def test_a_long_failure_is_pointed_out_but_published(
    staff: Client, site: Site, street: Callable[..., Street]
) -> None:
    values = typed(site, street("Lipowa"), "action-publish", kind="failure")
    response = staff.post(f"{LIST}add/", values, follow=True)
    assert "powiadom mieszkańców od razu" in response.text
    assert Outage.objects.get().live


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"streets-0-numbers": "40-2"}, "to nie jest numer domu ani zakres numerów"),
        ({"streets-0-numbers": "x" * 501}, "500"),
        ({"expected_end": ""}, "muszą mieć przewidywany koniec"),
        ({"expected_end": "2026-05-01 10:00"}, "musi być późniejszy niż początek"),
        ({"ended_at": "2030-05-01 10:00"}, "dopiero, gdy nastąpi"),
        ({"streets-TOTAL_FORMS": "0"}, "wpisz tytuł"),
    ],
)
def test_mistakes_are_said_in_words(
    staff: Client, site: Site, street: Callable[..., Street], changes: dict[str, str], sentence: str
) -> None:
    response = staff.post(
        f"{LIST}add/", typed(site, street("Lipowa"), "action-publish", override_reason="x", **changes)
    )
    assert (response.status_code, sentence in response.text) == (200, True)
    assert not Outage.objects.exists()


def test_list_filters(staff: Client, outage: Make) -> None:
    ongoing = outage(streets=[("Lipowa", "")])
    planned = outage(
        streets=[("Krótka", "")], kind="planned", starts_at=NOW + 9 * DAY, expected_end=NOW + 10 * DAY
    )
    over = outage(streets=[("Dawna", "")], starts_at=NOW - 2 * DAY, ended_at=NOW - DAY)
    gone = outage(streets=[("Odwołana", "")])
    gone.unpublish()
    everything = [ongoing, planned, over, gone]

    def found(query: str) -> list[Outage]:
        text = staff.get(f"{LIST}results/?{query}").text
        return [row for row in everything if f"{LIST}edit/{row.pk}/" in text]

    assert found("") == everything
    assert found("state=ongoing") == [ongoing]
    assert found("state=planned") == [planned]
    assert found("state=ended") == [over]
    assert found("state=withdrawn") == [gone]
    assert found("kind=planned") == [planned]
    assert found("street=lipow") == [ongoing]
    assert staff.get(f"{LIST}?street=%25&state=zzz&kind=zzz&site=zzz").status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_list_takes_the_same_queries(
    staff: Client, outage: Make, django_assert_max_num_queries: Any, count: int
) -> None:
    for number in range(count):
        outage(streets=[(f"Ulica {number}", "")])
    staff.get(f"{LIST}results/")
    with django_assert_max_num_queries(6):
        staff.get(f"{LIST}results/")


def test_streets_are_found_in_the_chooser_without_diacritics(
    staff: Client, street: Callable[..., Street]
) -> None:
    street("Łąkowa")
    street("Krótka")
    base = "/admin/snippets/choose/snippets/street/"
    assert staff.get(base).status_code == 200
    text = staff.get(f"{base}results/?q=lakow").text
    assert ("Łąkowa" in text, "Krótka" in text) == (True, False)
    assert staff.get(f"{base}results/?q=%25%27").status_code == 200
    register = staff.get("/admin/snippets/snippets/street/?name=kro").text
    assert ("ul. Łąkowa" in register, "ul. Krótka" in register) == (False, True)


def test_a_street_is_typed_once(staff: Client, street: Callable[..., Street]) -> None:
    street("Lipowa")
    values = {"prefix": "ul.", "name": "ulica lipowa", "locality": "LIPOWO"}
    response = staff.post("/admin/snippets/snippets/street/add/", values)
    assert "Ta ulica już jest w rejestrze." in response.text
    assert Street.objects.count() == 1


@pytest.mark.parametrize("mode", ["pl", "en"])
def test_preview_shows_the_public_page(staff: Client, outage: Make, site: Site, mode: str) -> None:
    made = outage(streets=[("Lipowa", "")])
    values = typed(site, made.streets.get().street, "x", cause="Tylko w podglądzie.")
    url = f"{LIST}preview/{made.pk}/"
    assert staff.post(url, values).json()["is_valid"] is True
    text = staff.get(f"{url}?mode={mode}").text.replace("\xa0", " ")
    # Wagtail's bar, whose accessibility checks the editor asks for.
    assert "<wagtail-userbar" in text
    assert "Tylko w podglądzie." in text
    assert ("There will be no water" in text, "Wody nie będzie" in text) == (mode == "en", mode == "pl")


def test_history_and_usage_open(staff: Client, outage: Make) -> None:
    made = outage()
    for part in ("edit", "history", "usage", "unpublish", "delete"):
        assert staff.get(f"{LIST}{part}/{made.pk}/").status_code == 200, part
