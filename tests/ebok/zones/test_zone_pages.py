"""Zone pages: who gets in, what the shell shows, what never leaves a cache."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from wagtail.models import Site

from ebok.plugins.activation import enable

pytestmark = pytest.mark.django_db


@pytest.fixture
def zones_on(utility: Site) -> Site:
    for key in ("client_zone", "employee_zone", "mobile_zone"):
        enable(utility, key)
    return utility


@pytest.fixture
def person(django_user_model: Any) -> Any:
    return django_user_model.objects.create_user(email="ewa@lipowo.example", password="x" * 12)


ZONES = [("/moje-konto/", None), ("/pracownik/", "employee_zone.enter"), ("/teren/", "mobile_zone.enter")]


@pytest.mark.feature("M17")
@pytest.mark.parametrize(("path", "permission"), ZONES)
def test_an_empty_dashboard_is_friendly_and_never_cached(
    client: Client, zones_on: Site, person: Any, path: str, permission: str | None
) -> None:
    client.force_login(person)
    if permission:
        assert client.get(path).status_code == 404
        person.user_permissions.add(Permission.objects.get(codename=permission))
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize(("path", "permission"), ZONES)
def test_a_stranger_is_sent_to_sign_in_and_back(
    client: Client, zones_on: Site, path: str, permission: str | None
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/konto/login/?next={path}")


def test_someone_locked_out_is_not_let_in(client: Client, zones_on: Site, person: Any) -> None:
    client.force_login(person)
    person.is_active = False
    person.save()
    assert client.get("/moje-konto/").status_code == 302


def test_a_nul_in_the_address_is_refused(client: Client, zones_on: Site) -> None:
    assert client.get("/moje-konto/?q=%00").status_code == 400
    assert client.get("/moje-konto/%00").status_code == 400


@pytest.mark.parametrize("path", ["/moje-konto/", "/admin/"])
def test_policies(client: Client, zones_on: Site, path: str) -> None:
    policy = client.get(path)["Content-Security-Policy"]
    assert ("'unsafe-inline'" in policy) is path.startswith("/admin/")
    assert "object-src 'none'" in policy
