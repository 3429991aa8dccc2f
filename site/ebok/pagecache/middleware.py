"""Holds public responses to their promise: the same bytes for everyone."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ebok.pagecache.headers import is_public


class PersonalPublicPage(AssertionError):
    """A page that promised to be the same for everyone used something personal."""


class PublicBytesMiddleware:
    """Outermost middleware.

    1. A public response leaves without Set-Cookie and Vary, which would keep caches from using it.
    2. Under DEBUG and in tests (`EBOK_STRICT_PUBLIC`) it raises `PersonalPublicPage` when the session
       was read or a CSRF token was made while the page was rendered.
    3. Every other HTML response that says nothing about caching is not stored by anybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.strict = bool(getattr(settings, "EBOK_STRICT_PUBLIC", settings.DEBUG))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_public(response) and response.status_code == 200:
            if self.strict:
                self._check(request)
            response.cookies.clear()
            response.headers.pop("Vary", None)
        elif not response.has_header("Cache-Control") and "text/html" in response.get("Content-Type", ""):
            response["Cache-Control"] = "no-store"
        return response

    def _check(self, request: HttpRequest) -> None:
        session = getattr(request, "session", None)
        if session is not None and session.accessed:
            raise PersonalPublicPage(f"{request.path} read the session and yet is a public page.")
        if request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
            raise PersonalPublicPage(f"{request.path} made a CSRF token and yet is a public page.")
