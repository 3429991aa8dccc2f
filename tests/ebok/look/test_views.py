"""Choosing text size and contrast, and the site's colours as a stylesheet."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.models import Site

from ebok.look.models import ThemeSettings

pytestmark = pytest.mark.django_db


@pytest.mark.feature("A12")
def test_contrast_and_text_size_are_remembered_one_after_the_other(client: Client) -> None:
    response = client.get("/wyglad/", {"kontrast": "1", "wroc": "/kontakt/?x=1"})
    assert (response.status_code, response["Location"]) == (302, "/kontakt/?x=1")
    assert response.cookies["ebok_look"].value == "contrast-100"
    client.get("/wyglad/", {"tekst": "150", "wroc": "/"})
    assert client.cookies["ebok_look"].value == "contrast-150"
    client.get("/wyglad/", {"kontrast": "0"})
    assert client.cookies["ebok_look"].value == "light-150"


@pytest.mark.feature("A12")
def test_the_page_is_drawn_in_the_chosen_variant(client: Client) -> None:
    client.get("/wyglad/", {"kontrast": "1", "tekst": "120"})
    content = client.get("/wyglad/").content.decode()
    assert 'data-theme="contrast" data-text="120"' in content


def test_the_cookie_is_ours_alone_and_lasts(client: Client) -> None:
    cookie = client.get("/wyglad/", {"kontrast": "1"}).cookies["ebok_look"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == 365 * 24 * 60 * 60


def test_the_answer_is_never_kept(client: Client) -> None:
    assert "no-store" in client.get("/wyglad/", {"kontrast": "1"})["Cache-Control"]


@pytest.mark.parametrize(
    "foreign",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "///evil.example/",
        "javascript:alert(1)",
        "evil",
        "/\t/evil.example/",
        "/a\r\nSet-Cookie: x=1",
        "",
    ],
)
def test_foreign_return_addresses_lead_home(client: Client, foreign: str) -> None:
    response = client.get("/wyglad/", {"kontrast": "1", "wroc": foreign})
    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.parametrize("name", ["tekst", "kontrast"])
@pytest.mark.parametrize("value", ["", "zzz", "9" * 5000, "-1", "120.0"])
def test_unknown_values_change_nothing(client: Client, name: str, value: str) -> None:
    response = client.get("/wyglad/", {name: value})
    assert response.status_code == 302
    assert response.cookies["ebok_look"].value == "light-100"


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/wyglad/", {"kontrast": "1"}).status_code == 405
    assert client.post("/wyglad/motyw.css").status_code == 405


# Colours --------------------------------------------------------------------------------


@pytest.fixture
def purple(db: None) -> ThemeSettings:
    """A site in purple."""
    theme = ThemeSettings.for_site(Site.objects.get(is_default_site=True))
    theme.brand, theme.brand_strong, theme.brand_soft = "#6b2f8a", "#3c1450", "#f3e9f8"
    theme.full_clean()
    theme.save()
    return theme


@pytest.mark.feature("J02")
def test_the_site_s_colours_are_a_stylesheet(client: Client, purple: ThemeSettings) -> None:
    response = client.get("/wyglad/motyw.css", {"v": purple.css_version})
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response.content.decode() == (
        ":root {\n"
        "  --eb-brand: #6b2f8a;\n"
        "  --eb-brand-strong: #3c1450;\n"
        "  --eb-brand-soft: #f3e9f8;\n"
        "  --eb-on-brand: #ffffff;\n"
        "  --eb-sun: #ffb938;\n"
        "}\n"
    )


def test_named_by_its_digest_it_is_kept_for_a_year(client: Client, purple: ThemeSettings) -> None:
    response = client.get("/wyglad/motyw.css", {"v": purple.css_version})
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("version", ["", "old", "\x01"])
def test_under_any_other_name_only_for_a_minute(client: Client, purple: ThemeSettings, version: str) -> None:
    assert client.get("/wyglad/motyw.css", {"v": version})["Cache-Control"] == "public, max-age=60"


@pytest.mark.feature("J02")
def test_pages_load_the_stylesheet_only_where_colours_differ(client: Client, purple: ThemeSettings) -> None:
    link = f'<link rel="stylesheet" href="/wyglad/motyw.css?v={purple.css_version}">'
    assert link in client.get("/wyglad/").content.decode()
    ThemeSettings.objects.all().delete()
    assert "motyw.css" not in client.get("/wyglad/").content.decode()


def test_a_changed_colour_changes_the_address(purple: ThemeSettings) -> None:
    before = purple.css_version
    again = ThemeSettings.objects.get(pk=purple.pk)
    again.brand = "#0b6070"
    assert again.css_version != before
