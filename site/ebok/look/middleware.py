"""Puts the reader's text size and contrast on the request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ebok.look.variants import COOKIE, parse


class LookMiddleware:
    """Sets `request.look` (`ebok.look.variants.Look`) from the cookie.

    It sets no `Vary`: the page cache, the ETag and the proxy's map work with the six variants, and
    `Vary: Cookie` would keep a copy for every visitor.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.look = parse(request.COOKIES.get(COOKIE))  # type: ignore[attr-defined]
        return self.get_response(request)
