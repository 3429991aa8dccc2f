"""Pages of remote readings: whose they are, charts, answers, absences, employees' lists (C-5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ebok.accounts.models import User
from ebok.customers.models import Meter
from ebok.testing.people import entry_permissions, person
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_odczyt.models import Absence, Finding, FindingState, RemoteFile
from ebok_plugins.e_odczyt.telemetry import samples
from tests.plugins.e_odczyt.telemetry.conftest import DAY, LEAKING, Send, lines_of, look

pytestmark = pytest.mark.django_db
Enter = Callable[[User | None], Client]


@pytest.fixture
def leak(meter: Meter, send: Send) -> Finding:
    """A leak the client was told of."""
    send(lines_of(DAY * 20 + LEAKING * 5))
    look()
    return Finding.objects.get()


@pytest.fixture
def clerk(home: SampleWorld, as_user: Enter) -> Client:
    """An employee who may see remote readings."""
    allowed = [*entry_permissions("employee"), "e_odczyt.watch"]
    return as_user(person("zdalne@example.org", permissions=allowed))


@pytest.mark.feature("C-5")
def test_the_client_sees_the_leak_and_answers(home: SampleWorld, leak: Finding, as_user: Enter) -> None:
    client = as_user(home.owner)
    shown = client.get(reverse("client:e_odczyt:remote")).content.decode()
    assert leak.meter.number in shown
    page = reverse("client:e_odczyt:finding", kwargs={"pk": leak.pk})
    assert page in shown
    assert "7\u00a0l" in client.get(page).content.decode()
    assert client.post(page, {"answer": "nie-ma-takiej"}).status_code == 200
    assert Finding.objects.get().answer == ""
    client.post(page, {"answer": "check", "remark": "Idę zobaczyć spłuczkę"})
    assert Finding.objects.get().answer == "check"
    assert "Idę zobaczyć spłuczkę" in client.get(page).content.decode()


def test_of_readings_and_remote_readings_one_is_current(home: SampleWorld, as_user: Enter) -> None:
    """The address of one begins with that of the other."""
    client = as_user(home.owner)
    for view in ("history", "remote"):
        page = reverse(f"client:e_odczyt:{view}")
        links = client.get(page).context["zone_navigation"]
        assert [link.url for link in links if link.is_current] == [page]


def test_another_customer_neither_sees_nor_answers(home: SampleWorld, leak: Finding, as_user: Enter) -> None:
    page = reverse("client:e_odczyt:finding", kwargs={"pk": leak.pk})
    other = as_user(home.other)
    assert other.get(page).status_code == 404
    assert other.post(page, {"answer": "mine"}).status_code == 404
    assert Finding.objects.get().answer == ""
    shown = other.get(reverse("client:e_odczyt:remote"), {"licznik": leak.meter_id}).content.decode()
    assert leak.meter.number not in shown


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"dzien": "2026-05-10"},
        {"dzien": "2026-10-25"},
        {"dzien": "2026-03-29"},
        {"do": "2026-05-01"},
        {"do": "0001-01-01", "dzien": "9999-12-31"},
        {"licznik": "abc", "strona": "99999999999"},
    ],
)
def test_every_choice_of_days_gives_a_page(
    home: SampleWorld, leak: Finding, as_user: Enter, query: dict[str, str]
) -> None:
    assert as_user(home.owner).get(reverse("client:e_odczyt:remote"), query).status_code == 200


def test_without_remote_meters_the_page_says_so(home: SampleWorld, as_user: Enter) -> None:
    response = as_user(home.owner).get(reverse("client:e_odczyt:remote"))
    assert response.status_code == 200
    assert "drogą radiową" in response.content.decode()


def test_absences_are_told_and_removed_by_the_customer_only(
    home: SampleWorld, meter: Meter, as_user: Enter
) -> None:
    page = reverse("client:e_odczyt:remote")
    client = as_user(home.owner)
    assert client.post(page, {"begin": "2026-12-24", "end": "2026-12-20"}).status_code == 200
    assert client.post(page, {"begin": "2026-12-24", "end": "2029-12-20"}).status_code == 200
    assert not Absence.objects.exists()
    client.post(page, {"begin": "2026-12-20", "end": "2026-12-24"})
    absence = Absence.objects.get()
    remove = reverse("client:e_odczyt:remove_absence", kwargs={"pk": absence.pk})
    assert as_user(home.other).post(remove).status_code == 404
    assert Absence.objects.exists()
    client.post(remove)
    assert not Absence.objects.exists()


@pytest.mark.parametrize("view", ["client:e_odczyt:remote", "employee:e_odczyt:findings"])
def test_one_and_thirty_cost_the_same_queries(
    home: SampleWorld, clerk: Client, as_user: Enter, meter: Meter, view: str
) -> None:
    browser = clerk if view.startswith("employee") else as_user(home.owner)
    samples.populate(home, 1)
    browser.get(reverse(view))
    with CaptureQueriesContext(connection) as one:
        assert browser.get(reverse(view)).status_code == 200
    Finding.objects.all().delete()
    Absence.objects.all().delete()
    RemoteFile.objects.all().delete()
    from ebok_plugins.e_odczyt.models import MeterAlarm

    MeterAlarm.objects.all().delete()
    samples.populate(home, 30)
    with CaptureQueriesContext(connection) as thirty:
        assert browser.get(reverse(view)).status_code == 200
    assert len(thirty) == len(one)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"rodzaj": "leak"},
        {"rodzaj": "nic"},
        {"stan": "wszystkie", "q": "M-"},
        {"stan": "closed"},
        {"q": "\x00'%_", "po": "999999999999999999999"},
    ],
)
def test_employees_filter_findings(clerk: Client, leak: Finding, query: dict[str, str]) -> None:
    response = clerk.get(reverse("employee:e_odczyt:findings"), query)
    assert response.status_code in (200, 400)
    is_hit = query.get("stan") != "closed" and "\x00" not in query.get("q", "")
    assert (leak.meter.number in response.content.decode()) is is_hit


def test_an_employee_sees_the_meter_and_closes_the_finding(clerk: Client, leak: Finding) -> None:
    page = reverse("employee:e_odczyt:remote_meter", kwargs={"pk": leak.meter_id})
    assert clerk.get(page).status_code == 200
    close = reverse("employee:e_odczyt:close_finding", kwargs={"pk": leak.pk})
    clerk.post(close, {"note": ""})
    assert Finding.objects.get().state == FindingState.TOLD
    clerk.post(close, {"note": "Wymieniono spłuczkę"})
    assert Finding.objects.get().state == FindingState.CLOSED
    assert "Wymieniono spłuczkę" in clerk.get(page).content.decode()


def test_an_employee_without_the_permission_sees_nothing(
    home: SampleWorld, leak: Finding, as_user: Enter
) -> None:
    stranger = as_user(person("inny@example.org", permissions=entry_permissions("employee")))
    for view, arguments in (("findings", {}), ("remote_files", {}), ("remote_meter", {"pk": leak.meter_id})):
        assert stranger.get(reverse(f"employee:e_odczyt:{view}", kwargs=arguments)).status_code == 404
    close = reverse("employee:e_odczyt:close_finding", kwargs={"pk": leak.pk})
    assert stranger.post(close, {"note": "x"}).status_code == 404
    assert Finding.objects.get().state == FindingState.TOLD


def test_an_employee_sends_a_file_and_reads_what_was_refused(clerk: Client, meter: Meter) -> None:
    page = reverse("employee:e_odczyt:remote_files")

    def sent(content: bytes) -> Any:
        return clerk.post(page, {"file": SimpleUploadedFile("odczyty.csv", content)}, follow=True)

    assert "Plik jest pusty" in sent(b"").content.decode()
    assert sent(b"nikt;1;5;2026-05-03 10:00\nbzdura\n").status_code == 200
    assert RemoteFile.objects.count() == 1
    sent(b"nikt;1;5;2026-05-03 10:00\nbzdura\n")
    file = RemoteFile.objects.get()
    from ebok_plugins.e_odczyt.telemetry.intake import read_file

    read_file(file)
    report = clerk.get(reverse("employee:e_odczyt:remote_file", kwargs={"pk": file.pk})).content.decode()
    assert "bzdura" in report
    assert "Nie da się odczytać wiersza" in report
