"""Analysing the journal in the Wagtail admin."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from ebok.accounts.models import User
from ebok.journal import analysis, failures
from ebok.journal.analysis import Period
from ebok.journal.failures import Try, by_account, by_address, most_within
from ebok.journal.models import Event
from ebok.journal.services import record
from ebok.journal.sign_ins import FAILED, SIGNED_IN
from ebok.testing.people import person

NOON = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)
URL = "/admin/dziennik/analiza/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:{}) Gecko/20100101 Firefox/{}"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1"
MAY = Period(date(2026, 5, 1), date(2026, 5, 31))

pytestmark = pytest.mark.django_db


@pytest.fixture
def screen(editor: User, signed_in: Callable[[User], Client]) -> Client:
    """Somebody who may see the journal."""
    editor.user_permissions.add(Permission.objects.get(codename="journal.view"))
    return signed_in(User.objects.get(pk=editor.pk))


def at(moment: datetime, kind: str = "journal.item_changed", **kwargs: Any) -> Event:
    with time_machine.travel(moment, tick=False):
        return record(kind, **{"text": "x", "actor": "portal", **kwargs})


def asked(address: str, device: str = "", user: User | None = None) -> Any:
    request = RequestFactory().get("/", headers={"user-agent": device}, REMOTE_ADDR=address)
    if user:
        request.user = user
    return request


def fail(moment: datetime, login: str, address: str) -> Event:
    return at(
        moment,
        FAILED,
        text=f"Nieudane logowanie: {login}",
        actor="",
        request=asked(address),
        payload={"known": False, "login": login},
    )


# Over time -------------------------------------------------------------------------------


@pytest.mark.feature("K02")
def test_each_day_is_counted_in_local_time() -> None:
    # Half past eleven at night in Warsaw, and half an hour after midnight.
    at(datetime(2026, 5, 14, 21, 30, tzinfo=UTC))
    at(datetime(2026, 5, 14, 22, 30, tzinfo=UTC))
    at(datetime(2026, 5, 15, 12, 0, tzinfo=UTC), "journal.page_changed")
    found = {one.period.first.day: one.count for one in analysis.counts(MAY)}
    assert len(found) == 31
    assert {day: count for day, count in found.items() if count} == {14: 1, 15: 2}
    only = analysis.counts(MAY, ["journal.page_changed"])
    assert [one.period.first.day for one in only if one.count] == [15]


def test_days_of_23_and_25_hours_are_whole() -> None:
    spring = Period(date(2026, 3, 28), date(2026, 3, 30))
    for hour in range(71):
        at(spring.since.astimezone(UTC) + timedelta(hours=hour))
    assert [one.count for one in analysis.counts(spring)] == [24, 23, 24]


def test_long_periods_are_counted_in_weeks() -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    at(NOON)
    steps = analysis.counts(year)
    assert (len(steps), steps[0].period, steps[-1].period.last) == (
        53,
        Period(date(2026, 1, 1), date(2026, 1, 7)),
        date(2026, 12, 31),
    )
    assert sum(one.count for one in steps) == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="small tables have no plan of their own there")
def test_counting_reads_indexes_only() -> None:
    for kinds in ([], ["journal.item_changed", "journal.page_changed"]):
        with CaptureQueriesContext(connection) as sent:
            analysis.counts(MAY, kinds)
        assert len(sent) == 1
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sent.captured_queries[0]['sql']}")
            plan = str(cursor.fetchall())
        assert plan.count("COVERING INDEX") == 31
        assert "SCAN journal_event" not in plan


# Failed sign-ins -------------------------------------------------------------------------


def tries(count: int, *, login: str = "a", address: str = "192.0.2.1", minutes: float = 1) -> list[Try]:
    return [Try(NOON + timedelta(minutes=minutes * number), address, login, login) for number in range(count)]


@pytest.mark.feature("K02")
@pytest.mark.parametrize(
    ("given", "suspicious"),
    [
        (tries(19), False),
        (tries(20), True),
        (tries(20, minutes=60), False),
        (tries(200, minutes=3.2), False),
        ([one for login in "abcd" for one in tries(1, login=login)], False),
        ([one for login in "abcde" for one in tries(1, login=login)], True),
    ],
)
def test_an_address_that_guesses_is_marked(given: list[Try], suspicious: bool) -> None:
    (group,) = by_address(given)
    assert (group.tries, group.suspicious) == (len(given), suspicious)


@pytest.mark.parametrize(
    ("given", "suspicious"),
    [
        (tries(9), False),
        (tries(10), True),
        ([one for number in range(4) for one in tries(1, address=f"192.0.2.{number}")], False),
        ([one for number in range(5) for one in tries(1, address=f"192.0.2.{number}")], True),
    ],
)
def test_an_account_that_is_attacked_is_marked(given: list[Try], suspicious: bool) -> None:
    (group,) = by_account(given)
    assert (group.tries, group.suspicious) == (len(given), suspicious)


def test_the_suspicious_come_first_then_the_largest() -> None:
    given = [
        *tries(12, login="a", address="192.0.2.1", minutes=90),
        *tries(3, login="b", address="192.0.2.2"),
        *[one for login in "vwxyz" for one in tries(1, login=login, address="192.0.2.3")],
    ]
    assert [group.key for group in by_address(given)] == ["192.0.2.3", "192.0.2.1", "192.0.2.2"]


def test_most_within_an_hour() -> None:
    moments = [NOON + timedelta(minutes=minutes) for minutes in (0, 30, 59, 60, 61, 200)]
    assert most_within(moments, failures.HOUR) == 4
    assert most_within([], failures.HOUR) == 0


def test_tries_are_read_with_what_was_typed_as_far_as_it_is_kept() -> None:
    fail(NOON, "j…@example.org", "192.0.2.1")
    at(NOON)
    fail(NOON - timedelta(days=40), "zbyt dawno", "192.0.2.1")
    assert analysis.failed_tries(MAY) == [Try(NOON, "192.0.2.1", "j…@example.org", "j…@example.org")]


# Devices ---------------------------------------------------------------------------------


def sign_in(user: User, days: float, device: str, address: str = "192.0.2.1") -> None:
    at(NOON + timedelta(days=days), SIGNED_IN, actor=user, request=asked(address, device), obj=user)


@pytest.mark.feature("K02")
def test_only_devices_the_account_never_used_are_new(client_user: User, employee: User) -> None:
    sign_in(client_user, -100, FIREFOX.format(128, 128))
    sign_in(client_user, -2, FIREFOX.format(140, 140))  # an update is no new device
    sign_in(client_user, -1, IPHONE, "198.51.100.9")
    sign_in(client_user, 0, IPHONE)
    sign_in(employee, 0, FIREFOX.format(128, 128))
    sign_in(employee, 60, IPHONE)  # after the period
    new = analysis.new_devices(MAY)
    assert not new.cut
    assert [(one.who, one.device, one.address, one.first_ever) for one in new.found] == [
        ("Piotr (pracownik@example.org)", "Firefox, Windows", "192.0.2.1", True),
        ("Anna Klient (klient@example.org)", "Safari, iPhone", "198.51.100.9", False),
    ]


def test_a_flood_of_sign_ins_is_cut_and_said(client_user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "MOST_SIGN_INS", 2)
    for day in range(4):
        sign_in(client_user, day, IPHONE if day == 3 else FIREFOX.format(1, 1))
    new = analysis.new_devices(MAY)
    assert ([one.device for one in new.found], new.cut) == (["Safari, iPhone"], True)
    assert not analysis.new_devices(Period(date(2026, 5, 16), date(2026, 5, 17))).cut


# Administrators --------------------------------------------------------------------------


@pytest.mark.feature("K03")
@pytest.mark.feature("K04")
def test_administrators_are_listed_with_what_they_did(
    administrator: User, superuser: User, client_user: User, employee: User
) -> None:
    for number in range(3):
        at(NOON + timedelta(hours=number), actor=administrator)
    at(NOON, "journal.settings_changed", actor=administrator)
    at(NOON, "journal.page_changed", actor=superuser)
    at(NOON, actor=client_user)
    at(NOON, actor=employee)
    at(NOON - timedelta(days=40), actor=superuser)
    found = analysis.administrators_acts(MAY)
    assert [(one.who, one.kind, one.count, one.total) for one in found] == [
        ("Adam (administrator@example.org)", "journal.item_changed", 3, 4),
        ("Adam (administrator@example.org)", "journal.settings_changed", 1, 4),
        ("Zofia (super@example.org)", "journal.page_changed", 1, 1),
    ]
    assert found[0].last == NOON + timedelta(hours=2)
    assert [one.kind for one in analysis.administrators_acts(MAY, ["journal.page_changed"])] == [
        "journal.page_changed"
    ]


@pytest.mark.feature("K03")
def test_the_list_shows_only_what_administrators_did(
    screen: Client, administrator: User, client_user: User
) -> None:
    at(NOON, text="administratora", actor=administrator)
    at(NOON, text="klienta", actor=client_user)
    day = {"od": "2026-05-14", "do": "2026-05-14"}
    html = screen.get("/admin/dziennik/", {**day, "administratorzy": "on"}).content.decode()
    assert ">administratora</a>" in html
    assert ">klienta</a>" not in html
    html = screen.get("/admin/dziennik/", {**day, "konto": str(client_user.pk)}).content.decode()
    assert ">administratora</a>" not in html
    assert ">klienta</a>" in html


# The screen ------------------------------------------------------------------------------


@pytest.fixture
def busy(screen: Client, administrator: User, client_user: User) -> Iterator[None]:
    """A month in which something happened, seen from its end."""
    for number in range(25):
        fail(NOON + timedelta(minutes=number), "j…@example.org", "192.0.2.1")
    at(NOON, actor=administrator, text="=1+1")
    sign_in(client_user, -1, IPHONE)
    with time_machine.travel(datetime(2026, 5, 31, 12, 0, tzinfo=UTC), tick=False):
        yield


def test_only_with_the_permission(editor: User, signed_in: Callable[[User], Client], client: Client) -> None:
    without = signed_in(editor)
    for url in (URL, "/admin/dziennik/analiza.csv?tabela=dni", "/admin/dziennik/analiza.xlsx"):
        assert without.get(url).status_code == 302
        assert client.get(url)["Location"].startswith("/konto/login/")
    assert not Event.objects.filter(kind="journal.journal_exported").exists()


@pytest.mark.feature("K02")
@pytest.mark.usefixtures("busy")
def test_the_screen_tells_what_is_wrong_and_leads_on(screen: Client, administrator: User) -> None:
    answer = screen.get(URL, {"od": "2026-05-01", "do": "2026-05-31"})
    html = answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert "Razem 27 zdarzeń; najwięcej, 26: 14 maja 2026." in html
    assert html.count("<rect") == 31
    assert "wiele prób w godzinę" in html
    assert "Safari, iPhone" in html
    assert f"konto={administrator.pk}&amp;od=2026-05-01&amp;do=2026-05-31" in html
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/admin/dziennik/\?[^"]+)"', html)]
    assert len(links) > 30
    for link in {*links[-4:], next(link for link in links if "adres=192.0.2.1" in link)}:
        assert "Nic takiego się nie" not in screen.get(link).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow_with_what_happened(screen: Client, count: int) -> None:
    for number in range(count):
        user = person(f"osoba{number}@example.org", is_superuser=True)
        at(NOON, actor=user)
        sign_in(user, 0, IPHONE)
        fail(NOON, f"{number}…", f"192.0.2.{number}")
    day = {"od": "2026-05-14", "do": "2026-05-14"}
    screen.get(URL, day)
    with CaptureQueriesContext(connection) as sent:
        assert screen.get(URL, day).status_code == 200
    mine = [query["sql"] for query in sent.captured_queries if "journal_" in query["sql"]]
    assert len(mine) == 6
    assert all("LIMIT" in sql or "COUNT(*)" in sql for sql in mine)


@pytest.mark.parametrize(
    "query",
    [
        "od=2026-05-02&do=2026-05-01",
        "od=2020-01-01&do=2026-05-01",
        "od=2026-05-01",
        "od=nonsense&do=2026-05-01",
        "od=0001-01-01&do=0001-01-02",
        "od=9999-12-31&do=9999-12-31",
        "grupa=nothing",
        "od=%00&do=%00&grupa=%00",
    ],
)
def test_wrong_input_is_said_and_nothing_is_exported(screen: Client, query: str) -> None:
    answer = screen.get(f"{URL}?{query}")
    assert answer.status_code in {200, 400}
    if answer.status_code == 200:
        assert "<rect" not in answer.content.decode()
        assert "errorlist" in answer.content.decode()
    for file in ("analiza.xlsx", "analiza.csv"):
        assert screen.get(f"/admin/dziennik/{file}?{query}&tabela=dni").status_code in {400, 404}
    assert not Event.objects.filter(kind="journal.journal_exported").exists()


def test_without_a_period_the_last_thirty_days(screen: Client) -> None:
    html = screen.get(URL).content.decode()
    assert html.count("<rect") == 30
    for group in ("journal", "accounts"):
        assert screen.get(URL, {"grupa": group}).content.decode().count("<rect") == 30


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("table", "first"),
    [
        ("dni", ["1 maja 2026", "0"]),
        (
            "adresy",
            ["192.0.2.1", "wiele prób w godzinę", "25", "1", "25", "2026-05-14 14:24:00"],
        ),
        (
            "konta",
            ["j…@example.org", "wiele prób w godzinę", "25", "1", "25", "2026-05-14 14:24:00"],
        ),
        (
            "urzadzenia",
            ["2026-05-13 14:00:00", "Anna Klient (klient@example.org)", "Safari, iPhone", "192.0.2.1",
             "pierwsze logowanie tego konta"],
        ),
        ("administratorzy", ["Adam (administrator@example.org)", "Zmiana wpisu", "1", "2026-05-14 14:00:00"]),
    ],
)  # fmt: skip
def test_each_table_is_a_file(screen: Client, editor: User, table: str, first: list[str]) -> None:
    answer = screen.get(
        "/admin/dziennik/analiza.csv", {"od": "2026-05-01", "do": "2026-05-31", "tabela": table}
    )
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[1] == first
    assert f'filename="analiza-{table}-2026-05-31.csv"' in answer["Content-Disposition"]
    assert Event.objects.get(kind="journal.journal_exported").actor_id == editor.pk


@pytest.mark.usefixtures("busy")
def test_all_tables_are_a_workbook_without_live_formulas(screen: Client) -> None:
    person("=hyperlink@example.org", is_superuser=True, first_name="=1+1")
    at(NOON, actor=User.objects.get(first_name="=1+1"))
    answer = screen.get("/admin/dziennik/analiza.xlsx", {"od": "2026-05-01", "do": "2026-05-31"})
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == [
        "Zdarzenia w czasie",
        "Nieudane logowania według adres",
        "Nieudane logowania według konta",
        "Urządzenia widziane po raz pierwszy"[:31],
        "Działania administratorów",
    ]
    names = [cell.value for cell in book["Działania administratorów"]["A"]]
    assert "'=1+1 (=hyperlink@example.org)" in names
