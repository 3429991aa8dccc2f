"""What the frame of a zone page costs, with no module on but the zone.

Client: session, user, for whom the person acts, site with its look, what is on, and the pages that help and
footer lead to.
Employee and field zone: what the person may do besides. Nothing is kept between requests here, since a
test runs inside a transaction; in operation site and pages are asked once after each publication.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from wagtail.models import Page, Site

from ebok.plugins.activation import enable
from ebok.plugins.models import PluginActivation

pytestmark = pytest.mark.django_db

CLIENT_FRAME = 6
STAFF_FRAME = 6
OWN_CARDS = 3
"""The notice board, the outages, and how the person arranged the cards."""

ZONES = [
    ("/moje-konto/", "client_zone", None, CLIENT_FRAME + OWN_CARDS),
    ("/pracownik/", "employee_zone", "employee_zone.enter", STAFF_FRAME),
    ("/teren/", "mobile_zone", "mobile_zone.enter", STAFF_FRAME),
]


@pytest.mark.parametrize(("path", "zone", "permission", "queries"), ZONES)
def test_the_frame_takes_few_queries(
    client: Client,
    django_user_model: Any,
    assert_queries: Callable[[int], Any],
    path: str,
    zone: str,
    permission: str | None,
    queries: int,
) -> None:
    PluginActivation.objects.all().delete()
    site = Site.objects.first() or Site.objects.create(
        hostname="localhost", root_page=Page.objects.get(depth=1), is_default_site=True
    )
    enable(site, zone)
    person = django_user_model.objects.create_user(email="ewa@lipowo.example", password="x" * 12)
    if permission:
        person.user_permissions.add(Permission.objects.get(codename=permission))
    client.force_login(person)
    # Settings of the site are made when they are first read; content types are kept in memory.
    assert client.get(path).status_code == 200
    with assert_queries(queries):
        assert client.get(path).status_code == 200
