"""What a customer sees of the journal, and the session journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from ebok.accounts.models import User
from ebok.journal import sign_ins
from ebok.journal.devices import device_name, masked_address, masked_login
from ebok.journal.erasing import erase_details
from ebok.journal.models import Detail, Event
from ebok.journal.personal import events_of_customer
from ebok.journal.queries import Wanted
from ebok.journal.services import record
from ebok.journal.sign_ins import FAILED, SIGNED_IN, SIGNED_OUT, sessions, sessions_of
from ebok.testing.people import PASSWORD

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
VISIBLE, HIDDEN = "customers.corrected", "exchange.customer_refreshed"


def asked_of(user: User | None, address: str = "192.0.2.77") -> Any:
    request = RequestFactory().get("/", headers={"user-agent": FIREFOX}, REMOTE_ADDR=address)
    if user:
        request.user = user
    return request


def test_only_visible_events_of_this_customer(client_user: User, employee: User) -> None:
    record(VISIBLE, text="mój adres", customer_id=7, request=asked_of(client_user))
    record(VISIBLE, text="urzędnik poprawił", customer_id=7, request=asked_of(employee))
    record(HIDDEN, text="wewnętrzne", customer_id=7)
    record(VISIBLE, text="cudze", customer_id=8)
    record(VISIBLE, text="niczyje")
    rows = events_of_customer(7, viewer_id=client_user.pk).rows
    assert [row.text for row in rows] == ["urzędnik poprawił", "mój adres"]
    office, mine = rows
    assert (mine.who, mine.by_viewer) == ("Anna Klient", True)
    assert (mine.address, mine.device) == ("192.0.2.…", "Firefox, Windows")
    assert (office.who, office.by_viewer, office.address, office.device) == ("Piotr", False, "", "")
    assert events_of_customer(9).rows == []


def test_no_customer_is_no_way_to_everybodys_events() -> None:
    record(VISIBLE, text="cudze", customer_id=8)
    record(VISIBLE, text="niczyje")
    assert events_of_customer(0).rows == []


def test_what_was_erased_is_listed_without_its_words() -> None:
    event = record(VISIBLE, text="zapomnij", customer_id=7, request=asked_of(None))
    erase_details([event.id])
    (row,) = events_of_customer(7).rows
    assert (row.text, row.who, row.address, row.device) == ("", "", "", "")
    assert row.title == "Wpis kartoteki poprawiony ręcznie"


@pytest.mark.parametrize("count", [1, 30])
def test_pages_take_two_queries_and_go_there_and_back(count: int) -> None:
    for number in range(count):
        with time_machine.travel(NOON + timedelta(minutes=number), tick=False):
            record(VISIBLE, text=str(number), customer_id=7)
    with CaptureQueriesContext(connection) as asked:
        first = events_of_customer(7, size=10)
    assert len(asked) == 2
    if count == 1:
        assert (len(first.rows), first.older, first.newer) == (1, None, None)
        return
    second = events_of_customer(7, size=10, older_than=first.older)
    assert [row.text for row in second.rows] == [str(number) for number in range(19, 9, -1)]
    assert events_of_customer(7, size=10, newer_than=second.newer).rows == first.rows


def plan_of(sql: str) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return str(cursor.fetchall())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="small tables have no plan of their own there")
def test_both_lists_walk_along_an_index(client_user: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        events_of_customer(7)
        sessions_of(client_user)
    customer, account = (query["sql"] for query in asked.captured_queries)
    assert "journal_event_customer (customer_id=?" in plan_of(customer)
    assert "journal_event_object (object_type=? AND object_id=?" in plan_of(account)


# Sessions --------------------------------------------------------------------------------


@pytest.fixture
def lived(client_user: User, client: Client) -> User:
    """Somebody who mistyped the password, signed in and out."""
    EmailAddress.objects.create(user=client_user, email=client_user.email, verified=True, primary=True)
    where: Any = {"REMOTE_ADDR": "192.0.2.77", "HTTP_USER_AGENT": FIREFOX}
    with time_machine.travel(NOON, tick=False):
        client.post("/konto/login/", {"login": client_user.email, "password": "Zgadywane-1"}, **where)
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        client.post("/konto/login/", {"login": client_user.email, "password": PASSWORD}, **where)
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        client.post("/konto/logout/", **where)
    return client_user


@pytest.mark.feature("B08")
@pytest.mark.feature("B10")
def test_the_person_sees_when_how_and_from_where(lived: User) -> None:
    page = sessions_of(lived)
    assert [(row.kind, row.way) for row in page.rows] == [
        (SIGNED_OUT, "przez tę osobę"),
        (SIGNED_IN, "hasło"),
        (FAILED, ""),
    ]
    assert {(row.address, row.device, row.device_full) for row in page.rows} == {
        ("192.0.2.…", "Firefox, Windows", "")
    }
    assert [row.moment for row in page.rows] == [NOON + timedelta(minutes=2 - number) for number in range(3)]


@pytest.mark.feature("B10")
@pytest.mark.parametrize(
    ("manner", "words"),
    [
        ("idle", "po czasie bez aktywności"),
        ("too-old", "po najdłuższym czasie sesji"),
        ("revoked", "z listy sesji"),
        ("strange", "strange"),
    ],
)
def test_the_manner_of_leaving_is_said(client_user: User, manner: str, words: str) -> None:
    record(SIGNED_OUT, text="x", actor=client_user, obj=client_user, payload={"manner": manner})
    assert [row.way for row in sessions_of(client_user).rows] == [words]


def test_nobody_sees_the_sessions_of_others(lived: User, employee: User) -> None:
    assert len(sessions_of(lived).rows) == 3
    assert sessions_of(employee).rows == []


@pytest.mark.feature("B09")
def test_staff_see_failed_tries_with_the_typed_name_and_never_the_password(
    lived: User, rf: RequestFactory
) -> None:
    authenticate(asked_of(None, "198.51.100.1"), email="nikogo@nie.ma", password="Tajne-haslo-9")
    rows = sessions(kinds=[FAILED]).rows
    assert [(row.login, row.address) for row in rows] == [
        ("n…@nie.ma", "198.51.100.1"),
        (lived.email, "192.0.2.77"),
    ]
    assert [row.account_id for row in rows] == ["", str(lived.pk)]
    assert rows[1].device_full == FIREFOX
    everything = str(list(Detail.objects.values())) + str(list(Event.objects.values()))
    assert "Tajne-haslo-9" not in everything
    assert "Zgadywane-1" not in everything


@pytest.mark.feature("B08")
def test_staff_narrow_the_list(lived: User, employee: User, signed_in: Callable[[User], Client]) -> None:
    signed_in(employee)
    assert len(sessions().rows) == 4
    assert {row.account_id for row in sessions(user_id=employee.pk).rows} == {str(employee.pk)}
    assert len(sessions(Wanted(address="192.0.2.77")).rows) == 3
    assert len(sessions(Wanted(since=NOON, until=NOON + timedelta(minutes=1))).rows) == 1
    with CaptureQueriesContext(connection) as asked:
        sessions(size=2)
    assert len(asked) == 2


def test_an_erased_session_event_is_still_a_line(lived: User) -> None:
    erase_details(list(Event.objects.filter(kind=SIGNED_IN).values_list("id", flat=True)))
    row = sessions_of(lived).rows[1]
    assert (row.kind, row.way, row.address, row.device, row.login) == (SIGNED_IN, "", "", "", "")


# Names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) Version/17.0 Safari/605.1.15", "Safari, macOS"),
        ("curl/8.0", "nieznane urządzenie"),
        ("", "nieznane urządzenie"),
    ],
)
def test_devices_have_names(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("192.0.2.77", "192.0.2.…"),
        ("2001:db8:12:34::1", "2001:db8:12:…"),
        ("::1", "0:0:0:…"),
        (None, ""),
        ("", ""),
    ],
)
def test_addresses_are_masked(address: str | None, masked: str) -> None:
    assert masked_address(address) == masked


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Piotr Nowak (p.nowak@zaklad.pl)", "Piotr Nowak"),
        ("p.nowak@zaklad.pl", "p…@zaklad.pl"),
        ("zegar", "zegar"),
        ("", ""),
    ],
)
def test_sign_in_names_are_masked(label: str, shown: str) -> None:
    assert masked_login(label) == shown


def test_every_kind_of_session_event_is_declared() -> None:
    from ebok.journal import kinds

    assert {kind.key for kind in kinds.declared()} >= set(sign_ins.KINDS)
