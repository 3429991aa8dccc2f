"""Open sessions, the history of sign-ins, and sessions whose browser never comes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core import serializers
from django.test import Client

from ebok.accounts import live_sessions, sessions
from ebok.accounts.models import User
from ebok.accounts.tasks import close_sessions
from ebok.journal.models import Detail
from ebok.testing.people import PASSWORD, person
from tests.ebok.accounts.test_sign_in import journal, sign_in

pytestmark = pytest.mark.django_db
START = datetime(2026, 5, 14, 8, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36"
)
SESSIONS = "/konto/sessions/"
HISTORY = "/konto/historia-logowan/"


@pytest.fixture
def verified(client_user: User) -> User:
    EmailAddress.objects.create(user=client_user, email=client_user.email, verified=True, primary=True)
    return client_user


def browser(user: User, agent: str = FIREFOX, address: str = "192.0.2.7") -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    assert sign_in(client, user.email, PASSWORD).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(SESSIONS).status_code == 200


def manners() -> list[str]:
    return [payload["manner"] for _who, _text, payload in journal("signed_out")]


@pytest.mark.feature("B08")
def test_a_person_sees_where_the_account_is_open(verified: User) -> None:
    office, phone = browser(verified), browser(verified, PHONE, "2001:db8:1:2::7")
    page = office.get(SESSIONS)
    shown = page.context["sessions"]
    assert [(row.device, row.address, row.way, row.is_current) for row in shown] == [
        ("Firefox, Windows", "192.0.2.…", "hasło", True),
        ("Chrome, Android", "2001:db8:1:…", "hasło", False),
    ]
    assert page["Cache-Control"] == "no-store"
    assert "192.0.2.7" not in page.content.decode()
    assert is_in(phone)


@pytest.mark.feature("B08")
def test_one_or_all_others_are_ended_from_here(verified: User) -> None:
    here, phone, library = (browser(verified) for _n in range(3))
    stranger = person("obcy@example.org")
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=True, primary=True)
    theirs = browser(stranger)
    rows = {row.session_key: row.pk for row in UserSession.objects.all()}
    here.post(SESSIONS, {"session": rows[phone.session.session_key]})
    assert [is_in(client) for client in (here, phone, library, theirs)] == [True, False, True, True]
    for wrong in (rows[theirs.session.session_key], "9" * 40, "x", "-1"):
        assert here.post(SESSIONS, {"session": wrong}).status_code == 302
    assert is_in(theirs), "nobody ends a session of somebody else"
    here.post(SESSIONS, {"session": rows[here.session.session_key]})
    assert is_in(here), "this one is left by signing out"
    here.post(SESSIONS)
    assert [is_in(client) for client in (here, library, theirs)] == [True, False, True]
    assert manners() == [sessions.REVOKED] * 2
    assert {who for who, _text, _payload in journal("signed_out")} == {verified.pk}


@pytest.mark.feature("B10")
def test_a_session_ends_although_its_browser_never_comes_back(verified: User) -> None:
    with time_machine.travel(START, tick=False):
        idle, busy = browser(verified), browser(verified)
        for hour in range(1, 24):
            with time_machine.travel(START + timedelta(minutes=20 * hour), tick=False):
                assert is_in(busy)
                close_sessions()
    assert manners() == [sessions.IDLE]
    with time_machine.travel(START + timedelta(hours=12), tick=False):
        assert close_sessions() == "Zakończono 1 sesję."
        assert close_sessions() == "Zakończono 0 sesji.", "once"
        assert not is_in(busy)
        assert not is_in(idle)
    assert manners() == [sessions.IDLE, sessions.TOO_OLD]
    [(_who, text, payload), _second] = journal("signed_out")
    assert text == "Wylogowanie po czasie bez aktywności: klient@example.org"
    assert (payload["address"], payload["device"]) == ("192.0.2.7", FIREFOX)
    assert not UserSession.objects.exists()


def test_an_ending_is_told_once_whoever_comes_first(verified: User) -> None:
    with time_machine.travel(START, tick=False):
        client = browser(verified)
    with time_machine.travel(START + timedelta(hours=1), tick=False):
        assert not is_in(client)
        close_sessions()
        browser(verified)
    assert manners() == [sessions.IDLE]


def test_sessions_gone_without_a_trace_are_told_at_the_next_sign_in(verified: User) -> None:
    client = browser(verified)
    client.session.delete()
    browser(verified)
    assert manners() == [sessions.REVOKED]


def test_a_new_password_ends_the_other_sessions(verified: User) -> None:
    here, there = browser(verified), browser(verified)
    new = "Zupelnie-Nowe-8"
    answer = here.post(
        "/konto/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert [is_in(here), is_in(there)] == [True, False]
    assert manners() == [sessions.REVOKED]
    assert len(live_sessions.of(verified)) == 1


# History -----------------------------------------------------------------------------------


@pytest.mark.feature("B08", "B09", "B10")
def test_the_history_tells_sign_ins_sign_outs_and_failed_tries(verified: User) -> None:
    stranger = person("obcy@example.org")
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=True, primary=True)
    browser(stranger)
    sign_in(
        Client(REMOTE_ADDR="198.51.100.9", HTTP_USER_AGENT=PHONE), verified.email.upper(), "zle-haslo-123"
    )
    client = browser(verified)
    client.post("/konto/logout/")
    client = browser(verified)
    rows = client.get(HISTORY).context["page"].rows
    assert [(row.title, row.way) for row in rows] == [
        ("Zalogowanie", "hasło"),
        ("Wylogowanie", "przez tę osobę"),
        ("Zalogowanie", "hasło"),
        ("Nieudane logowanie", ""),
    ]
    assert (rows[3].device, rows[3].address) == ("Chrome, Android", "198.51.100.…")
    page = client.get(HISTORY).content.decode()
    assert "198.51.100.9" not in page
    assert "obcy@example.org" not in page


@pytest.mark.parametrize("count", [1, 30])
def test_the_history_pages_with_the_same_queries(
    count: int, verified: User, signed_in: Callable[[User], Client], assert_queries: Callable[[int], Any]
) -> None:
    client = signed_in(verified)
    for _n in range(count - 1):
        signed_in(verified)
    client.get(HISTORY)
    with assert_queries(QUERIES):
        page = client.get(HISTORY).context["page"]
    assert len(page.rows) == min(count, 20)
    assert (page.older is not None) is (count > 20)
    if page.older:
        older = client.get(HISTORY, {"starsze": str(page.older)}).context["page"]
        assert len(older.rows) == count - 20
    assert client.get(HISTORY, {"starsze": "x" * 5000, "nowsze": "\x7f"}).status_code == 200


QUERIES = 7


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_sessions_takes_the_same_queries(
    count: int, verified: User, signed_in: Callable[[User], Client], assert_queries: Callable[[int], Any]
) -> None:
    client = signed_in(verified)
    for _n in range(count - 1):
        signed_in(verified)
    client.get(SESSIONS)
    with assert_queries(6):
        assert len(client.get(SESSIONS).context["sessions"]) == count


@pytest.mark.feature("B09")
def test_a_typed_password_is_nowhere_in_the_database(verified: User) -> None:
    typed = "Sekret-kolo-wody-9"
    client = Client()
    for login in (verified.email, "nikt@example.org", typed):
        sign_in(client, login, typed)
        sign_in(client, typed, typed)
    for model in apps.get_models():
        rows = serializers.serialize("json", model._default_manager.all()[:1000])
        assert typed not in rows, model
    assert typed not in json.dumps(list(Detail.objects.values("text", "payload", "actor_label", "device")))
    assert len(journal("sign_in_failed")) == 2, "what is no address is not even tried"
