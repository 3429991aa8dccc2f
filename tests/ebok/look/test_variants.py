"""The reader's cookie: six variants, whatever is in it."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from ebok.look.middleware import LookMiddleware
from ebok.look.variants import VARIANTS, Look, parse


def test_there_are_exactly_six_variants() -> None:
    assert [variant.key for variant in VARIANTS] == [
        "light-100",
        "light-120",
        "light-150",
        "contrast-100",
        "contrast-120",
        "contrast-150",
    ]


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_survives_the_cookie(variant: Look) -> None:
    assert parse(variant.key) == variant


@pytest.mark.parametrize(
    "cookie",
    [None, "", "contrast", "contrast-", "contrast-130", "dark-100", "CONTRAST-120", "\x00", "x" * 10_000],
)
def test_anything_else_is_the_plain_page(cookie: str | None) -> None:
    assert parse(cookie) == Look("light", "100")


def test_changing_one_keeps_the_other() -> None:
    assert Look("contrast", "100").with_text("150") == Look("contrast", "150")
    assert Look("light", "150").with_theme("contrast") == Look("contrast", "150")
    assert Look("contrast", "150").with_theme("").with_text("9999") == Look("contrast", "150")


def test_the_middleware_puts_the_variant_on_the_request_without_varying_on_cookies(
    rf: RequestFactory,
) -> None:
    seen: list[Look] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.look)  # type: ignore[attr-defined]
        return HttpResponse()

    request = rf.get("/", headers={"cookie": "ebok_look=contrast-120"})
    response = LookMiddleware(view)(request)
    assert seen == [Look("contrast", "120")]
    assert "Vary" not in response
