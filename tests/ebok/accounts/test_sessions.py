"""How long a session lives, and what the browser is told about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from ebok.accounts import doors, sessions
from ebok.accounts.models import User
from ebok.journal.models import Detail, Event
from ebok.plugins.activation import enable, is_enabled
from ebok.testing.people import entry_permissions, grant

pytestmark = pytest.mark.django_db
START = datetime(2026, 5, 14, 8, 0, tzinfo=UTC)
HOME = "/konto/"


@pytest.fixture
def zones(site: Site) -> Site:
    for key in ("client_zone", "employee_zone", "mobile_zone"):
        if not is_enabled(site, key):
            enable(site, key)
    return site


@pytest.fixture
def inside(zones: Site, employee: User, signed_in: Callable[[User], Client]) -> Client:
    with time_machine.travel(START, tick=False):
        return signed_in(employee)


def is_in(client: Client, at: datetime, path: str = HOME) -> bool:
    with time_machine.travel(at, tick=False):
        answer = client.get(path)
    return "/konto/login/" not in answer.get("Location", "")


def manners() -> list[str]:
    events = Event.objects.filter(kind="accounts.signed_out")
    return [Detail.objects.get(event_id=event.id).payload["manner"] for event in events]


def test_half_an_hour_without_a_sign_of_life_ends_it(inside: Client) -> None:
    assert is_in(inside, START + timedelta(minutes=29))
    assert is_in(inside, START + timedelta(minutes=58))
    assert not is_in(inside, START + timedelta(minutes=88))
    assert manners() == [sessions.IDLE]
    with time_machine.travel(START + timedelta(minutes=89), tick=False):
        page = inside.get("/konto/login/").content.decode()
    assert "Minęło 30 minut. Zaloguj się jeszcze raz." in page


def test_nothing_keeps_it_alive_longer_than_twelve_hours(inside: Client) -> None:
    for quarter in range(1, 48):
        assert is_in(inside, START + timedelta(minutes=15 * quarter))
    assert not is_in(inside, START + timedelta(hours=12))
    assert manners() == [sessions.TOO_OLD]


def test_an_open_editor_that_asks_by_itself_is_no_sign_of_life(
    editor: User, signed_in: Callable[[User], Client]
) -> None:
    with time_machine.travel(START, tick=False):
        client = signed_in(editor)
    is_in(client, START + timedelta(minutes=20), "/admin/editing-sessions/")
    assert not is_in(client, START + timedelta(minutes=31), "/admin/")


def test_the_session_is_written_at_most_once_a_minute(inside: Client) -> None:
    def writes(at: datetime) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert is_in(inside, at)
        return len([query for query in asked.captured_queries if 'UPDATE "django_session"' in query["sql"]])

    assert [writes(START + timedelta(seconds=second)) for second in (1, 59, 60, 61, 119, 120)] == [
        0,
        0,
        1,
        0,
        0,
        1,
    ]


def test_a_session_without_a_clock_is_over(inside: Client) -> None:
    with time_machine.travel(START, tick=False):
        store = inside.session
        del store[sessions.SINCE]
        store.save()
    assert not is_in(inside, START)


def test_a_page_that_does_not_ask_for_the_user_pays_nothing(inside: Client, home_page: object) -> None:
    with CaptureQueriesContext(connection) as asked:
        inside.get("/zdrowie/")
    assert not [query for query in asked.captured_queries if "django_session" in query["sql"]]


# "Signed in as" --------------------------------------------------------------------------


def test_the_header_learns_who_is_signed_in(inside: Client, employee: User) -> None:
    grant(employee, entry_permissions("employee"))
    with time_machine.travel(START, tick=False):
        answer = inside.get("/konto/kto/")
    html = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert employee.display_name in html
    assert 'href="/pracownik/"' in html or 'href="/konto/"' in html
    assert 'href="/konto/logout/"' in html
    assert "<html" not in html


def test_a_flag_without_a_session_is_taken_away(client: Client) -> None:
    client.cookies["ebok_signed_in"] = "1"
    answer = client.get("/konto/kto/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer.cookies["ebok_signed_in"]["max-age"] == 0
    assert 'href="/konto/login/"' in answer.content.decode()
    assert 'href="/en/konto/login/"' in client.get("/en/konto/kto/").content.decode()
    assert client.post("/konto/kto/").status_code == 405


# Where to go -----------------------------------------------------------------------------


def test_a_person_sees_only_doors_that_open(
    zones: Site, superuser: User, client_user: User, rf: RequestFactory
) -> None:
    def urls(user: User) -> list[str]:
        request = rf.get("/")
        request.user = user
        return [door.url for door in doors.doors_of(request)]

    assert "/admin/" not in urls(client_user)
    assert "/pracownik/" not in urls(client_user)
    assert set(urls(superuser)) == {"/moje-konto/", "/pracownik/", "/teren/", "/admin/"}


def test_one_door_is_walked_through_and_several_are_offered(
    zones: Site, editor: User, superuser: User, signed_in: Callable[[User], Client]
) -> None:
    several = signed_in(superuser).get(HOME)
    assert several.status_code == 200
    assert "Dokąd chcesz przejść?" in several.content.decode()
    assert several["Cache-Control"] == "no-store"
    assert 'href="/en/moje-konto/"' in signed_in(superuser).get("/en/konto/").content.decode()


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(HOME)["Location"] == "/konto/login/?next=/konto/"
    assert client.get("/en/konto/")["Location"] == "/en/konto/login/?next=/en/konto/"
