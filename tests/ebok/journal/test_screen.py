"""The journal in the Wagtail admin."""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from ebok.accounts.models import User
from ebok.journal import chain, queries
from ebok.journal.erasing import erase_details
from ebok.journal.models import Event
from ebok.journal.services import record
from ebok.ports.spreadsheets import neutralise

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)
URL = "/admin/dziennik/"
ROW = re.compile(r'<a href="/admin/dziennik/[0-9a-f-]{36}/">(.*?)</a>')


@pytest.fixture
def reader(editor: User) -> User:
    """An editor who may see the journal, and no superuser."""
    editor.user_permissions.add(Permission.objects.get(codename="journal.view"))
    return editor


@pytest.fixture
def screen(reader: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(reader)


def write(count: int, kind: str = "journal.item_changed", **kwargs: object) -> list[Event]:
    events = []
    for number in range(count):
        with time_machine.travel(NOON + timedelta(minutes=number), tick=False):
            events.append(record(kind, text=f"Zmiana {number:03}", **kwargs))  # type: ignore[arg-type]
    return events


def shown(client: Client, url: str = URL, **filters: str) -> list[str]:
    answer = client.get(url, filters)
    assert answer.status_code == 200
    return ROW.findall(answer.content.decode())


def link(client: Client, url: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', client.get(url).content.decode())
    return URL + found[1].replace("&amp;", "&") if found else ""


def test_only_with_the_permission(editor: User, signed_in: Callable[[User], Client], client: Client) -> None:
    event = record("journal.item_changed", text="x")
    urls = [
        URL,
        reverse("ebok_journal_event", args=[event.id]),
        reverse("ebok_journal_export", args=["csv"]),
        reverse("ebok_journal_export", args=["xlsx"]),
    ]
    without = signed_in(editor)
    assert [without.get(url).status_code for url in urls] == [302] * 4
    assert [client.get(url)["Location"] for url in urls] == [f"/konto/login/?next={url}" for url in urls]
    assert "Dziennik zdarzeń" not in without.get("/admin/").content.decode()
    editor.user_permissions.add(Permission.objects.get(codename="journal.view"))
    allowed = signed_in(User.objects.get(pk=editor.pk))
    assert [allowed.get(url).status_code for url in urls] == [200] * 4
    assert "no-store" in allowed.get(URL)["Cache-Control"]


def test_pages_go_there_and_back(screen: Client) -> None:
    write(queries.PAGE * 2 + 10)
    only = f"{URL}?od=2026-05-14&do=2026-05-14"
    first = shown(screen, only)
    assert first == [f"Zmiana {number:03}" for number in range(109, 59, -1)]
    second_url = link(screen, only, "next")
    assert shown(screen, second_url) == [f"Zmiana {number:03}" for number in range(59, 9, -1)]
    third_url = link(screen, second_url, "next")
    assert shown(screen, third_url) == [f"Zmiana {number:03}" for number in range(9, -1, -1)]
    assert link(screen, third_url, "next") == ""
    assert shown(screen, link(screen, third_url, "prev")) == shown(screen, second_url)
    assert shown(screen, link(screen, second_url, "prev")) == first


@pytest.mark.parametrize("count", [1, 30])
def test_a_list_takes_the_same_queries_whatever_its_length(screen: Client, count: int) -> None:
    write(count)
    screen.get(URL)
    with CaptureQueriesContext(connection) as asked:
        screen.get(URL, {"od": "2026-05-14", "do": "2026-05-14"})
    mine = [query["sql"] for query in asked.captured_queries if 'FROM "journal_' in query["sql"]]
    assert len(mine) == 2
    assert not [sql for sql in mine if "COUNT(" in sql.upper()]


def test_filters(screen: Client, client_user: User) -> None:
    day = {"od": "2026-05-14", "do": "2026-05-14"}
    with time_machine.travel(NOON, tick=False):
        record("journal.item_deleted", text="Usunięto: cennik 100%", actor=client_user)
        record("journal.item_changed", text="Zmieniono: cennik", actor="zegar")
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        record("journal.item_changed", text="Zmieniono: godziny")
        assert shown(screen, **day, rodzaj="journal.item_deleted") == ["Usunięto: cennik 100%"]
        assert shown(screen, **day, kto="KLIENT@example") == ["Usunięto: cennik 100%"]
        assert shown(screen, **day, szukaj="zmieniono") == ["Zmieniono: cennik"]
        assert shown(screen, **day, szukaj="100%") == ["Usunięto: cennik 100%"]
        assert shown(screen, od="2026-05-15", szukaj="Zmieniono") == ["Zmieniono: godziny"]
        assert shown(screen, do="2026-05-13") == []
    with time_machine.travel(NOON + timedelta(days=91), tick=False):
        assert shown(screen, szukaj="cennik") == []
        assert "ostatnich 90 dniach" in screen.get(URL, {"szukaj": "cennik"}).content.decode()


def test_the_address_filter_finds_one_machine(screen: Client, rf: RequestFactory) -> None:
    for number, address in enumerate(("192.0.2.7", "2001:db8::7")):
        request = rf.get("/", REMOTE_ADDR=address)
        record("journal.item_changed", text=f"z {number}", request=request)
    assert shown(screen, adres="192.0.2.7", rodzaj="journal.item_changed") == ["z 0"]
    assert shown(screen, adres="2001:DB8:0::7", rodzaj="journal.item_changed") == ["z 1"]


@pytest.mark.parametrize(
    "query",
    [
        "rodzaj=nothing",
        "kto=%00",
        "szukaj=%00",
        "szukaj=" + "x" * 5000,
        "od=yesterday",
        "od=0001-01-01",
        "do=9999-12-31",
        "adres=zzz",
        "starsze=%00",
        "starsze=99999999999999999.zz",
        "starsze=99999999999999999.0123456789abcdef0123456789abcdef",
        "nowsze=1.2.3",
        "nowsze=-1.0123456789abcdef0123456789abcdef",
        "unknown=1&od[]=2",
    ],
)
def test_wrong_input_is_never_an_error_of_ours(screen: Client, query: str) -> None:
    write(1)
    assert screen.get(f"{URL}?{query}").status_code in {200, 400}
    for name in ("csv", "xlsx"):
        assert screen.get(f"{URL}eksport.{name}?{query}").status_code in {200, 400, 404}


def test_one_event_shows_everything_and_says_when_it_was_erased(screen: Client) -> None:
    event = record("journal.item_changed", text="<b>Zmieniono</b>", payload={"stare": "ą"}, customer_id=77)
    url = reverse("ebok_journal_event", args=[event.id])
    html = screen.get(url).content.decode()
    assert "&lt;b&gt;Zmieniono&lt;/b&gt;" in html
    assert "&quot;stare&quot;: &quot;ą&quot;" in html
    assert "Czeka na swoje ogniwo" in html
    chain.write_pending(everywhere=True)
    erase_details([event.id])
    html = screen.get(url).content.decode()
    assert "Szczegóły tego zdarzenia usunięto" in html
    assert "(usunięto)" in screen.get(URL).content.decode()
    for unknown in ("00000000-0000-4000-8000-000000000000", "01890000-0000-7000-8000-000000000000"):
        assert screen.get(f"{URL}{unknown}/").status_code == 404


def test_a_kind_of_a_module_that_is_gone_is_still_listed(screen: Client) -> None:
    event = record("journal.item_changed", text="stare")
    row = Event(**{field.name: getattr(event, field.name) for field in Event._meta.fields})
    row.id, row.kind = uuid.uuid4(), "gone.happened"
    row.save()
    assert "gone.happened (moduł nie jest zainstalowany)" in screen.get(URL).content.decode()


def test_exports_hold_what_is_filtered_without_live_formulas(screen: Client, reader: User) -> None:
    with time_machine.travel(NOON, tick=False):
        record("journal.item_changed", text='=HYPERLINK("http://x")', actor="@zegar", customer_id=7)
        record("journal.item_deleted", text="inne")
    query = "?rodzaj=journal.item_changed&od=2026-05-14&do=2026-05-14"
    answer = screen.get(f"{URL}eksport.csv{query}")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert text.startswith("\ufeff")
    assert rows[0][:4] == ["Kiedy", "Rodzaj", "Treść", "Kto"]
    assert len(rows) == 2
    assert rows[1][:4] == ["2026-05-14 14:00:00", "Zmiana wpisu", '\'=HYPERLINK("http://x")', "'@zegar"]
    assert re.fullmatch(r'attachment; filename="dziennik-[\d-]+\.csv"', answer["Content-Disposition"])
    book = load_workbook(io.BytesIO(screen.get(f"{URL}eksport.xlsx{query}").content))
    sheet = book.active
    assert sheet is not None
    cells = list(sheet.iter_rows(min_row=2))
    assert len(cells) == 1
    assert [cell.data_type for cell in cells[0][:4]] == ["s"] * 4
    assert cells[0][2].value == '\'=HYPERLINK("http://x")'
    assert cells[0][7].value == 7
    exported = Event.objects.filter(kind="journal.journal_exported")
    assert [event.actor_id for event in exported] == [reader.pk] * 2


def test_an_export_is_read_in_pieces_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 4)
    events = write(11)
    wanted = queries.Wanted(kind="journal.item_changed")
    assert [row.event.id for row in queries.every(wanted, most=99)] == [event.id for event in events[::-1]]
    assert [row.event.id for row in queries.every(wanted, most=6)] == [event.id for event in events[:4:-1]]


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+48 600", "'+48 600"),
        ("-5", "'-5"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("a=1", "a=1"),
        ("", ""),
        (-5, -5),
        (None, None),
    ],
)
def test_neutralised_cells(cell: object, safe: object) -> None:
    assert neutralise(cell) == safe
