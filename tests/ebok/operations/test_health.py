"""What machines ask under /zdrowie/."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from ebok.operations import health, healthcheck, status
from ebok.operations.models import PeriodicState, WorkerSign

ALIVE, READY, BOTH = "/zdrowie/zyje/", "/zdrowie/gotowe/", "/zdrowie/"


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health._Migrated, "known", False)


@pytest.fixture
def lively(db: None) -> None:
    """Timer and worker have just been seen."""
    now = timezone.now()
    PeriodicState.objects.create(task=status.PUBLISHING, next_due=now, last_finished=now)
    WorkerSign.objects.create(worker_id="w", host="h", process=1, started=now, seen=now)


def test_alive_asks_no_database(client: Client) -> None:
    """No fixture allows the database here, so a query would fail the test."""
    response = client.get(ALIVE)
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_ready_when_everything_is(client: Client, lively: None) -> None:
    response = client.get(READY)
    checks = dict.fromkeys(["database", "migrations", "cache", "timer", "worker"], "ok")
    assert response.json() == {"status": "ok", "checks": checks}
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_late_helpers_send_nobody_away(client: Client) -> None:
    response = client.get(READY)
    assert response.status_code == 200
    assert response.json()["status"] == "late"
    assert response.json()["checks"]["timer"] == "late"
    assert response.json()["checks"]["worker"] == "late"


@pytest.mark.django_db
def test_a_timer_that_stands_still_is_late(client: Client, lively: None) -> None:
    PeriodicState.objects.update(last_finished=timezone.now() - timedelta(minutes=6))
    assert client.get(READY).json()["checks"]["timer"] == "late"


@pytest.mark.django_db
def test_not_ready_without_database(client: Client, lively: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall() -> str:
        raise DatabaseError("password of the server is hunter2")

    monkeypatch.setattr(health, "_database", fall)
    response = client.get(READY)
    assert response.status_code == 503
    assert response.json()["checks"]["database"] == "failed"
    assert b"hunter2" not in response.content


@pytest.mark.django_db
def test_not_ready_before_migrations(client: Client, lively: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "unapplied_migrations", lambda: {"journal": 2})
    assert client.get(READY).json()["checks"]["migrations"] == "failed"
    monkeypatch.setattr(status, "unapplied_migrations", dict)
    assert client.get(READY).json()["checks"]["migrations"] == "ok"
    monkeypatch.setattr(status, "unapplied_migrations", lambda: {"journal": 2})
    assert client.get(READY).json()["checks"]["migrations"] == "ok", "known for as long as the process lives"


@pytest.mark.django_db
def test_not_ready_when_the_cache_forgets(
    client: Client, lively: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "get", lambda _key: None)
    assert client.get(READY).status_code == 503


@pytest.mark.django_db
def test_overview_names_both_addresses(client: Client, lively: None) -> None:
    found = client.get(BOTH).json()
    assert (found["alive"], found["ready"], found["status"]) == (ALIVE, READY, "ok")


@pytest.mark.django_db
@pytest.mark.parametrize("address", [ALIVE, READY, BOTH])
def test_only_reading(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200


# The container's question ----------------------------------------------------------------


class Answering(http.server.BaseHTTPRequestHandler):
    """Answers with the status its server was given and remembers the host name."""

    def do_GET(self) -> None:
        server: Any = self.server
        server.hosts.append(self.headers["Host"])
        self.send_response(server.answer)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[Any]:
    running: Any = http.server.HTTPServer(("127.0.0.1", 0), Answering)
    running.hosts, running.answer = [], 200
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.mark.parametrize(("answer", "expected"), [(200, 0), (503, 1), (400, 1)])
def test_healthcheck(server: Any, answer: int, expected: int) -> None:
    server.answer = answer
    port = str(server.server_address[1])
    assert healthcheck.main({"PORT": port, "ALLOWED_HOSTS": "ebok.example.pl,other"}) == expected
    assert server.hosts == ["ebok.example.pl"]


def test_healthcheck_when_nobody_answers() -> None:
    assert healthcheck.main({"PORT": "1"}) == 1


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [("", "localhost"), ("*", "localhost"), (".example.pl", "example.pl"), (" a.pl , b.pl", "a.pl")],
)
def test_host_header(hosts: str, expected: str) -> None:
    assert healthcheck.host_header({"ALLOWED_HOSTS": hosts}) == expected
