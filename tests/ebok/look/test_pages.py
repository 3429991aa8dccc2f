"""Frames and error pages: drawn in both languages, safe under the content security policy."""

from __future__ import annotations

import re

import pytest
from django.http import HttpRequest
from django.template import loader
from django.test import Client, RequestFactory
from django.utils import translation

from ebok.look import icons
from ebok.look.templatetags.eb import language_links

TEMPLATES = icons.OUR_TEMPLATES

PAGES = sorted(
    path.relative_to(TEMPLATES).as_posix()
    for path in TEMPLATES.rglob("*.html")
    if not {"theme", "mail"} & set(path.relative_to(TEMPLATES).parts)
)


@pytest.mark.parametrize("name", PAGES)
def test_no_template_has_inline_code_or_style(name: str) -> None:
    source = (TEMPLATES / name).read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", source)
    for opening in re.findall(r"<script[^>]*>", source):
        assert "src=" in opening or 'type="application/json"' in opening


@pytest.mark.parametrize("name", PAGES)
def test_every_template_can_be_read(name: str) -> None:
    loader.get_template(name)


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_pages_for_bad_days_need_nothing(name: str) -> None:
    html = loader.get_template(name).render()
    assert '<html lang="pl"' in html
    assert html.count("<h1") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "429.html"])
@pytest.mark.parametrize("language", ["pl", "en"])
def test_error_pages_are_drawn_in_both_languages(rf: RequestFactory, name: str, language: str) -> None:
    with translation.override(language):
        html = loader.render_to_string(name, {}, rf.get("/nie-ma/"))
    assert f'<html lang="{language}"' in html
    assert html.count("<h1") == 1
    assert "csrfmiddlewaretoken" not in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/konto/login/", "/konto/signup/", "/konto/password/reset/", "/en/konto/login/"]
)
def test_sign_in_pages_wear_our_look(client: Client, path: str) -> None:
    html = client.get(path).content.decode()
    assert '<body class="eb">' in html
    assert html.count("<h1") == 1
    assert 'id="tresc"' in html


@pytest.mark.django_db
def test_a_wrong_password_is_said_at_the_top_in_words(client: Client) -> None:
    html = client.post(
        "/konto/login/", {"login": "kto@lipowo.example", "password": "zle-haslo-2026"}
    ).content.decode()
    assert "govuk-error-summary" in html
    assert "Adres e-mail lub hasło się nie zgadza." in html
    assert "<title>Błąd: " in html


@pytest.mark.django_db
def test_the_other_language_is_the_same_address_or_that_language_s_front(rf: RequestFactory) -> None:
    def link(path: str) -> str:
        request: HttpRequest = rf.get(path)
        with translation.override("pl"):
            [other] = language_links({"request": request})  # type: ignore[arg-type]
        assert (other.code, other.name) == ("en", "English")
        return other.url

    assert link("/wyglad/") == "/en/wyglad/"
    assert link("/admin/style/") == "/en/"
