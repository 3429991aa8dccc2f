"""The promise of the same bytes: kept by headers, and enforced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory, override_settings

from ebok.pagecache.headers import is_public, make_private, make_public
from ebok.pagecache.middleware import PromiseBroken, PublicBytesMiddleware
from ebok.pagecache.policy import Policy, read_policy

View = Callable[[HttpRequest], HttpResponse]


class _Match:
    def __init__(self, *namespaces: str) -> None:
        self.namespaces = list(namespaces)


def _answer(view: View, *, strict: bool = True, cookies: dict[str, str] | None = None) -> HttpResponse:
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.COOKIES.update(cookies or {})
    with override_settings(EBOK_STRICT_PUBLIC=strict):
        response: Any = PublicBytesMiddleware(view)(request)
    return response


def _public(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("page")
    response.set_cookie("a", "b")
    response["Vary"] = "Cookie, Accept-Language"
    return make_public(response)


def _with_session(request: HttpRequest) -> HttpResponse:
    request.session.get("basket")
    return make_public(HttpResponse("page"))


def _with_token(request: HttpRequest) -> HttpResponse:
    return make_public(HttpResponse(get_token(request)))


def test_make_public_says_all_lifetimes_and_the_names_of_queries() -> None:
    response = HttpResponse()
    response["Vary"] = "Cookie"
    assert make_public(response, seconds=5, stale=6, if_error=7, queries=("q", "b")) is response
    assert response["Cache-Control"] == (
        "public, max-age=0, s-maxage=5, stale-while-revalidate=6, stale-if-error=7"
    )
    assert not response.has_header("Vary")
    assert read_policy("200 OK", list(response.items())) == Policy(5, 6, 7, frozenset({"q", "b"}), True)


def test_make_private_takes_a_promise_back() -> None:
    response = make_private(make_public(HttpResponse(), queries=("q",)))
    assert dict(response.items()) == {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    assert not is_public(response)


def test_lifetimes_are_bounded() -> None:
    policy = read_policy("200 OK", [("Cache-Control", "public, s-maxage=999999999, stale-if-error=-5")])
    assert policy == Policy(7 * 86400, 0, 0, frozenset(), True)


def test_a_public_response_loses_what_differs_between_visitors() -> None:
    response = _answer(_public, cookies={"sessionid": "x"})
    assert not response.cookies
    assert not response.has_header("Vary")
    assert is_public(response)
    assert not response.has_header("X-Accel-Expires")


@pytest.mark.parametrize(("view", "what"), [(_with_session, "the session"), (_with_token, "a CSRF token")])
def test_a_broken_promise_is_an_error_for_developers(view: View, what: str) -> None:
    with pytest.raises(PromiseBroken, match=f"/ is said to be public, but rendering it used {what}"):
        _answer(view)


@pytest.mark.parametrize("view", [_with_session, _with_token])
def test_a_broken_promise_is_private_in_production(view: View, caplog: pytest.LogCaptureFixture) -> None:
    response = _answer(view, strict=False)
    assert response["Cache-Control"] == "no-store"
    assert "said to be public" in caplog.text


def test_a_plugins_pages_stay_out_of_proxies() -> None:
    def plugin(request: HttpRequest) -> HttpResponse:
        request.resolver_match = _Match("public", "e_dokument")  # type: ignore[assignment]
        return make_public(HttpResponse())

    def page(request: HttpRequest) -> HttpResponse:
        request.resolver_match = _Match("public")  # type: ignore[assignment]
        return make_public(HttpResponse())

    assert _answer(plugin)["X-Accel-Expires"] == "0"
    assert not _answer(page).has_header("X-Accel-Expires")


def test_what_says_nothing_is_kept_by_nobody(settings: Any) -> None:
    signed_in = {settings.SESSION_COOKIE_NAME: "x"}
    assert _answer(lambda request: HttpResponse())["Cache-Control"] == "private, no-cache"
    assert _answer(lambda request: HttpResponse(), cookies=signed_in)["Cache-Control"] == "no-store"


def test_what_a_view_says_itself_stays() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "max-age=31536000, immutable", "Vary": "Cookie"})

    response = _answer(view)
    assert (response["Cache-Control"], response["Vary"]) == ("max-age=31536000, immutable", "Cookie")


def test_it_stands_first(settings: Any) -> None:
    assert settings.MIDDLEWARE[0] == "ebok.pagecache.middleware.PublicBytesMiddleware"
    assert not settings.SESSION_SAVE_EVERY_REQUEST
