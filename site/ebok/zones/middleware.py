"""What every request passes before a view sees it: clean input, and the page's policies."""

from __future__ import annotations

from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

ADMIN = "/admin/"
"""The Wagtail admin's date widgets and rich text bring inline scripts and styles (wagtail#1288)."""


class CleanInputMiddleware:
    """Answers 400 when the path or the query holds a NUL character.

    PostgreSQL cannot store it and says so with an exception; no person ever types it. Form
    fields already refuse it in POST bodies.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponse(
                _("This address holds a character that cannot be read."),
                status=400,
                content_type="text/plain; charset=utf-8",
            )
        return self.get_response(request)


class PoliciesMiddleware(CSPMiddleware):
    """Content Security Policy by path, and Permissions-Policy.

    Everywhere only our own files; under /admin/, whose people are staff, inline scripts and
    styles are allowed because Wagtail's editor needs them.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the headers."""
        if request.path.startswith(ADMIN):
            response._csp_update = {  # type: ignore[attr-defined]  # read by django-csp
                "script-src": ["'unsafe-inline'"],
                "style-src": ["'unsafe-inline'"],
                "img-src": ["blob:"],
            }
        response.headers.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=(self)"
        )
        return super().process_response(request, response)
