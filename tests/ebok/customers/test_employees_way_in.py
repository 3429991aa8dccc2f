"""Employees come to the registers in the Wagtail admin by their group, and see nothing else there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from ebok.accounts import roles
from ebok.accounts.models import User
from ebok.accounts.permissions import OPEN_REGISTERS
from ebok.testing import mirror
from ebok.testing.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def employee(db: None) -> User:
    return person("pracownik@example.org", groups=[roles.EMPLOYEES])


def menu(page: str) -> set[str]:
    """Addresses of the admin's side menu."""
    found = re.search(r'<script[^>]*id="wagtail-sidebar-props"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return set(re.findall(r'"url":\s*"([^"]+)"', found[1]))


@pytest.mark.feature("L01", "L10")
def test_an_employee_sees_the_registers_and_nothing_else(
    employee: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(employee)
    answer = client.get("/admin/")
    assert answer.status_code == 200
    seen = menu(answer.content.decode())
    assert not [url for url in seen if "guide.wagtail.org" in url]
    parts = {url.split("/")[2] for url in seen if url.startswith("/admin/") and url != "/admin/"}
    assert {"kartoteka", "rozliczenia"} <= parts
    assert parts <= {"kartoteka", "rozliczenia", "wiadomosci", "account", "logout"}
    customer = mirror.customer()
    assert client.get(f"/admin/kartoteka/klienci/podglad/{customer.pk}/").status_code == 200


CLOSED = (
    "wagtailadmin_explore_root",
    "wagtailimages:index",
    "wagtaildocs:index",
    "wagtailusers_users:index",
    "wagtailsites:index",
    "wagtailredirects:index",
    "ebok_style",
)


@pytest.mark.parametrize("name", CLOSED)
def test_content_people_and_settings_stay_closed(
    name: str, employee: User, signed_in: Callable[[User], Client]
) -> None:
    assert signed_in(employee).get(reverse(name)).status_code in (302, 403)


def test_an_employee_changes_nothing_without_the_right(
    employee: User, signed_in: Callable[[User], Client]
) -> None:
    customer = mirror.customer(name="Anna")
    client = signed_in(employee)
    assert client.post(f"/admin/kartoteka/klienci/popraw/{customer.pk}/", {"name": "X"}).status_code == 302
    assert client.post(f"/admin/kartoteka/klienci/usun/{customer.pk}/", {"reason": "x"}).status_code == 302
    customer.refresh_from_db()
    assert customer.name == "Anna"


def test_the_way_in_can_be_taken_from_a_position(employee: User, signed_in: Callable[[User], Client]) -> None:
    right = Permission.objects.get(codename=OPEN_REGISTERS)
    Group.objects.get(name=roles.EMPLOYEES).permissions.remove(right)
    assert signed_in(employee).get("/admin/").status_code == 302


def test_clients_stay_outside(signed_in: Callable[[User], Client]) -> None:
    client = signed_in(person("klient@example.org", groups=[roles.CLIENTS]))
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/kartoteka/klienci/").status_code == 302


def test_no_content_right_comes_with_it(employee: User) -> None:
    held = {name for name in employee.get_all_permissions() if not name.startswith("plugins.")}
    assert held == {"wagtailadmin.access_admin"}
