"""The status board, for staff and for everybody."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page, Site

from ebok.accounts.models import User
from ebok.operations import board, status
from ebok.operations.models import PeriodicState, WorkerSign
from ebok.plugins.registry import registry
from ebok.ports import StatusCheck, StatusLight, StatusReport
from ebok.testing.people import person

pytestmark = pytest.mark.django_db

URL = "/admin/stan-portalu/"
OK, WARNING, ERROR = StatusLight.OK, StatusLight.WARNING, StatusLight.ERROR


def state(**fields: Any) -> PeriodicState:
    fields = {"task": status.PUBLISHING, "next_due": timezone.now(), **fields}
    return PeriodicState.objects.create(**fields)


def waiting(minutes: int, **fields: Any) -> DBTaskResult:
    made = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="x.y",
        queue_name="default",
        backend_name="default",
        run_after=timezone.now() - timedelta(minutes=minutes),
        **fields,
    )
    DBTaskResult.objects.filter(pk=made.pk).update(enqueued_at=timezone.now() - timedelta(minutes=minutes))
    return made


def seen(ago: timedelta) -> None:
    moment = timezone.now() - ago
    WorkerSign.objects.create(worker_id="w", host="h", process=1, started=moment, seen=moment)


@pytest.mark.parametrize(
    ("ago", "light"), [(None, WARNING), (timedelta(minutes=1), OK), (timedelta(minutes=6), ERROR)]
)
def test_timer(site: Site, ago: timedelta | None, light: StatusLight) -> None:
    if ago is not None:
        state(last_finished=timezone.now() - ago)
    assert status.timer(site).light == light


@pytest.mark.parametrize(("failures", "light"), [(0, OK), (1, WARNING), (3, ERROR)])
def test_periodic_tasks(site: Site, failures: int, light: StatusLight) -> None:
    state(failures_in_a_row=failures)
    assert status.periodic_tasks(site).light == light


@pytest.mark.parametrize(
    ("ago", "late", "light"),
    [
        (None, 0, WARNING),
        (None, 1, ERROR),
        (timedelta(seconds=30), 0, OK),
        (timedelta(seconds=30), 2, WARNING),
        (timedelta(minutes=5), 0, WARNING),
    ],
)
def test_worker(site: Site, ago: timedelta | None, late: int, light: StatusLight) -> None:
    if ago is not None:
        seen(ago)
    for _number in range(late):
        waiting(10)
    assert status.worker(site).light == light


def test_failed_tasks(site: Site) -> None:
    waiting(0, status="FAILED", finished_at=timezone.now() - timedelta(days=2))
    assert status.failed_tasks(site).light == OK
    waiting(0, status="FAILED", finished_at=timezone.now())
    assert status.failed_tasks(site) == StatusReport(
        light=WARNING, sentence="W ciągu 24 godzin zawiodło 1 zadanie w tle."
    )


@pytest.mark.parametrize(("free", "light"), [(10, OK), (0.5, WARNING), (0.1, ERROR)])
def test_disk(site: Site, monkeypatch: pytest.MonkeyPatch, free: float, light: StatusLight) -> None:
    usage = shutil.disk_usage("/")._replace(free=int(free * status.GIGABYTE))
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage)
    assert status.disk(site).light == light


def test_migrations(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert status.migrations(site).light == OK
    monkeypatch.setattr(status, "unapplied_migrations", lambda: {"journal": 2})
    assert "journal (2)" in str(status.migrations(site).sentence)


def test_database_and_cache(site: Site) -> None:
    assert status.database(site).light == OK
    assert status.shared_cache(site).light == OK


# The board -------------------------------------------------------------------------------


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`check(run, owner=…)`: the only status check there is."""

    def declare(run: Callable[[Site], StatusReport], owner: str = "operations") -> None:
        owners = {app.key: app for app in registry.owners}
        declaration = StatusCheck(key=f"{owner}.x", title="X", run=run)
        others = registry.contributions
        monkeypatch.setattr(
            registry,
            "contributions",
            lambda name: [(owners[owner], declaration)] if name == "status" else others(name),
        )

    return declare


def test_an_exception_becomes_a_red_light(site: Site, check: Callable[..., None]) -> None:
    def fall(_site: Site) -> StatusReport:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM there_is_no_such_table")
        raise AssertionError

    check(fall)
    (line,) = board.status_board(site)
    assert line.light == ERROR
    assert "Error" in line.sentence
    assert "there_is_no_such_table" not in line.sentence
    assert Site.objects.exists(), "the transaction around it is still usable"


def test_checks_of_plugins_that_are_off_do_not_run(
    site: Site, check: Callable[..., None], enable: Callable[..., None], disable: Callable[..., None]
) -> None:
    disable("client_zone")
    check(lambda _site: StatusReport(light=OK, sentence="fine"), owner="client_zone")
    assert board.status_board(site) == []
    enable("client_zone")
    assert [line.sentence for line in board.status_board(site)] == ["fine"]


def test_worst() -> None:
    assert board.worst([]) == OK
    assert board.worst([OK, ERROR, WARNING]) == ERROR


def test_public_status_says_nothing_about_the_inside(site: Site) -> None:
    state(last_finished=timezone.now())
    seen(timedelta(seconds=5))
    found = board.public_status(site)
    assert found.light == OK
    assert found.sentence == "Wszystko działa."
    words = " ".join(service.title + service.sentence for service in found.services).lower()
    assert not any(word in words for word in ("sqlite", "postgres", "django", "manage.py", "wagtail"))


def test_public_status_survives_a_lost_database(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*_arguments: Any) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(board, "enabled_keys", fall)
    monkeypatch.setattr(status, "database", fall)
    fall.__name__ = "database"
    found = board.public_status(site)
    assert found.light == ERROR
    assert found.services[0].sentence == "Teraz nie działa."


def test_public_status_in_english(site: Site) -> None:
    state(last_finished=timezone.now() - timedelta(hours=1))
    with translation.override("en"):
        found = board.public_status(site)
    assert found.sentence == "Part of the portal does not work now. We are on it."


# The screen ------------------------------------------------------------------------------


@pytest.fixture
def overseer(db: None) -> User:
    return person(
        "nadzor@example.org", permissions=["wagtailadmin.access_admin", "plugins.operations.see_status"]
    )


@pytest.mark.feature("J04")
@pytest.mark.feature("K05")
def test_the_screen_shows_checks_modules_tasks_and_workers(client: Client, superuser: User) -> None:
    state(last_finished=timezone.now(), last_message="3 opublikowane", failures_in_a_row=1)
    seen(timedelta(seconds=5))
    client.force_login(superuser)
    page = client.get(URL).content.decode()
    assert "Stan portalu" in page
    for owner, declaration in registry.contributions("status"):
        if owner.key == "operations":
            assert str(declaration.title) in page
    for plugin in registry.plugins:
        assert str(plugin.title) in page
    assert "operations.publish_scheduled" in page
    assert "3 opublikowane" in page


def test_the_screen_needs_its_permission(client: Client, editor: User, superuser: User) -> None:
    client.force_login(editor)
    assert client.get(URL).status_code in (302, 403)
    assert "Stan portalu" not in client.get("/admin/", follow=True).content.decode()
    client.force_login(superuser)
    assert client.get(URL).status_code == 200


def test_anonymous_people_are_sent_to_sign_in(client: Client) -> None:
    response = client.get(URL)
    assert response.status_code == 302
    assert "/login/" in response["Location"]


@pytest.mark.parametrize("value", ["0", "-1", "x", "9" * 40, "%ff", "1 OR 1=1"])
def test_wrong_site_parameter(client: Client, superuser: User, value: str) -> None:
    client.force_login(superuser)
    assert client.get(URL, {"site": value}).status_code == 200


def test_every_site_can_be_chosen(client: Client, superuser: User) -> None:
    other = Site.objects.create(
        hostname="smieci.lipowo.example", site_name="Śmieci", root_page=Page.objects.get(depth=1)
    )
    client.force_login(superuser)
    page = client.get(URL, {"site": other.pk}).content.decode()
    assert f'href="?site={other.pk}" aria-current="page"' in page


def test_same_number_of_queries_for_a_long_history(client: Client, superuser: User) -> None:
    client.force_login(superuser)
    client.get(URL)
    counts = []
    for number in (1, 30):
        for _index in range(number):
            moment = timezone.now()
            WorkerSign.objects.create(
                worker_id=f"{number}-{_index}", host="h", process=1, started=moment, seen=moment
            )
        with CaptureQueriesContext(connection) as found:
            client.get(URL)
        counts.append(len(found))
    assert counts[0] == counts[1]
