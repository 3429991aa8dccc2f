"""Public pages that a setting opens: in menu, tiles and sitemap while they are there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from ebok.look.models import ThemeSettings
from ebok.plugins.activation import disable
from ebok_plugins.e_odczyt.models import ReadingSettings
from tests.page_types.conftest import Town
from tests.page_types.test_serving import _stored

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F01")]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_sending_readings_without_an_account(
    client: Client,
    town: Town,
    enable: Callable[..., None],
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
    prefix: str,
) -> None:
    """A visitor finds it on the front page while the setting and the module are on, and nowhere else."""
    enable("client_zone", "e_odczyt")
    theme = ThemeSettings.for_site(town.site)
    tile = {"title": "Podaj", "title_en": "Send", "page": None, "address": "/odczyt/", "icon": "meter"}
    theme.tiles = _stored("tile", [tile])
    theme.save()
    address = f"{prefix}/odczyt/"
    menu, tiles = "Podaj odczyt licznika" if not prefix else "Send a meter reading", "eb-quick"

    def offer(allowed: bool) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            settings = ReadingSettings.for_site(town.site)
            settings.public_sending = allowed
            settings.save()

    def seen() -> tuple[bool, int, bool, int]:
        front = client.get(f"{prefix}/").text
        sitemap = client.get("/sitemap.xml").text
        links = front.count(f'href="{address}"')
        return (
            menu in front,
            links,
            f"<loc>http://testserver{address}</loc>" in sitemap,
            client.get(address).status_code,
        )

    offer(False)
    assert seen() == (False, 0, False, 404)
    offer(True)
    assert seen() == (True, 2, True, 200)
    assert tiles in client.get(f"{prefix}/").text
    offer(False)
    assert seen() == (False, 0, False, 404)
    offer(True)
    with django_capture_on_commit_callbacks(execute=True):
        disable(town.site, "e_odczyt")
    assert seen() == (False, 0, False, 404)


def test_search_engines_may_know_the_form_and_nothing_behind_it(
    client: Client, town: Town, enable: Callable[..., None]
) -> None:
    """What somebody typed is nobody's business."""
    enable("client_zone", "e_odczyt")
    settings = ReadingSettings.for_site(town.site)
    settings.public_sending = True
    settings.save()
    assert "X-Robots-Tag" not in client.get("/odczyt/")
    assert client.post("/odczyt/", {"code": "K"})["X-Robots-Tag"] == "noindex"
