"""The gate: a plugin that is off answers 404 everywhere, before anybody is asked to sign in."""

from __future__ import annotations

import pytest
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve
from wagtail.models import Site

from ebok.plugins.activation import disable, enable
from ebok.plugins.gate import EnabledPlugins, GateMiddleware, leads_somewhere

pytestmark = pytest.mark.django_db

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


@pytest.mark.feature("M11")
@pytest.mark.feature("M17")
@pytest.mark.parametrize("path", ["/moje-konto/", "/pracownik/", "/teren/", "/en/moje-konto/"])
@pytest.mark.parametrize("method", METHODS)
def test_a_zone_that_is_off_is_not_there(client: Client, utility: Site, path: str, method: str) -> None:
    assert getattr(client, method)(path).status_code == 404


def test_a_zone_that_is_on_asks_for_sign_in(client: Client, utility: Site) -> None:
    enable(utility, "client_zone")
    answer = client.get("/moje-konto/")
    assert (answer.status_code, answer["Location"]) == (302, "/konto/login/?next=/moje-konto/")
    disable(utility, "client_zone")
    assert client.get("/moje-konto/").status_code == 404


def test_a_module_needs_its_zone_too(utility: Site) -> None:
    request = RequestFactory().get("/moje-konto/")
    request.resolver_match = resolve("/moje-konto/")
    gate = GateMiddleware(lambda request: HttpResponse())
    setattr(request, "ebok_enabled", frozenset({"e_dokument"}))
    with pytest.raises(Http404):
        gate.process_view(request, HttpResponse, (), {})
    setattr(request, "ebok_enabled", frozenset({"client_zone"}))
    assert gate.process_view(request, HttpResponse, (), {}) is None


def test_the_switches_are_read_once_a_request(utility: Site, django_assert_num_queries: object) -> None:
    request = RequestFactory().get("/")
    Site.find_for_request(request)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert EnabledPlugins.of(request) == EnabledPlugins.of(request) == frozenset()


def test_nothing_is_kept_between_requests(client: Client, utility: Site) -> None:
    for _round in range(2):
        enable(utility, "client_zone")
        assert client.get("/moje-konto/").status_code == 302
        disable(utility, "client_zone")
        assert client.get("/moje-konto/").status_code == 404


@pytest.mark.parametrize(
    ("address", "needed"),
    [
        ("/dokumenty/", {"e_dokument"}),
        ("/dokumenty/?q=umowa#tresc", {"e_dokument"}),
        ("/en/dokumenty/", {"e_dokument"}),
        ("/moje-konto/", {"client_zone"}),
        ("/pracownik/wnioski/", {"employee_zone", "e_dokument"}),
        ("/konto/login/", set()),
        ("/nie-ma-takiej/", set()),
        ("/zdrowie/%00", set()),
        ("//dokumenty/", set()),
        ("https://lipowo.example/dokumenty/", set()),
        ("tel:994", set()),
        ("", set()),
    ],
)
def test_a_link_needs_the_modules_behind_it(address: str, needed: set[str]) -> None:
    request = RequestFactory().get("/")
    setattr(request, "ebok_enabled", frozenset(needed))
    assert leads_somewhere(request, address)
    for missing in needed:
        setattr(request, "ebok_enabled", frozenset(needed - {missing}))
        assert not leads_somewhere(request, address), missing
