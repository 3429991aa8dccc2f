"""What people do most is near: counted in clicks from the page they see after signing in."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from ebok.accounts.models import User
from ebok.testing import samples
from ebok.testing.people import entry_permissions, person
from ebok.testing.samples import SampleWorld

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B17")]

MODULES = ("client_zone", "employee_zone", "e_faktura", "e_odczyt", "e_dokument")
OF_CLIENTS = {
    "client:client_zone:balance": 2,
    "client:client_zone:receivables": 1,
    "client:e_faktura:list": 1,
    "client:e_faktura:bill": 2,
    "client:e_faktura:pdf": 2,
    "client:e_odczyt:history": 1,
    "client:e_odczyt:enter": 2,
    "client:client_zone:messages": 1,
    "client:client_zone:change_data": 2,
    "client:client_zone:history": 1,
    "client:client_zone:sharing": 1,
}
OF_EMPLOYEES = {
    "employee:employee_zone:search": 1,
    "employee:e_odczyt:queue": 1,
    "employee:e_odczyt:reading": 2,
    "employee:client_zone:request_queue": 1,
    "employee:client_zone:request": 2,
    "employee:e_dokument:application": 2,
    "employee:e_faktura:deliveries": 1,
}
"""The most clicks it may take. A form that is sent from the page itself counts as a click, too."""

Enter = Callable[[User | None], Client]


@pytest.fixture
def town(world: SampleWorld, enable: Callable[..., None]) -> SampleWorld:
    """The modules people use every month, and one thing of each kind."""
    enable(*MODULES)
    samples.populate(world, 1)
    return world


def clicks_from(front: str, client: Client, most: int) -> dict[str, int]:
    """View name to the fewest clicks from the page at `front`; further than `most` is not looked."""
    near: dict[str, int] = {}
    seen, edge = {front}, [front]
    for distance in range(1, most + 1):
        found: list[str] = []
        for path in edge:
            for target in targets(client, path):
                if target not in seen:
                    seen.add(target)
                    found.append(target)
                    near.setdefault(name_of(target), distance)
        edge = found
    return near


def targets(client: Client, path: str) -> list[str]:
    """Where links and forms of a page lead; nowhere from what is no page."""
    answer = client.get(path)
    if answer.status_code != 200 or answer.streaming or "text/html" not in answer["Content-Type"]:
        return []
    places = lxml.html.fromstring(answer.content).xpath("//body//a/@href | //body//form/@action")
    return [urlsplit(urljoin(path, place)).path for place in places if name_of(urljoin(path, place))]


def name_of(address: str) -> str:
    """The view behind an address of our own."""
    parts = urlsplit(address)
    if parts.netloc:
        return ""
    try:
        return resolve(parts.path).view_name
    except Resolver404:
        return ""


def test_a_client_is_there_in_two_clicks(town: SampleWorld, as_user: Enter) -> None:
    near = clicks_from(reverse("client:client_zone:dashboard"), as_user(town.owner), 2)
    assert {name: near.get(name) for name, most in OF_CLIENTS.items() if near.get(name, 9) > most} == {}


def test_an_employee_is_there_in_two_clicks(town: SampleWorld, as_user: Enter) -> None:
    clerk = person(
        "biuro@example.org",
        permissions=[
            *entry_permissions("employee"),
            "client_zone.handle_requests",
            "customers.view",
            "e_odczyt.handle",
            "e_dokument.handle",
            "e_faktura.see_bills",
        ],
    )
    near = clicks_from(reverse("employee:employee_zone:dashboard"), as_user(clerk), 2)
    assert {name: near.get(name) for name, most in OF_EMPLOYEES.items() if near.get(name, 9) > most} == {}
