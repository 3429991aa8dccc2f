"""Holds views to the promise that a public page has the same bytes for everybody."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from ebok.pagecache.headers import is_public, keep_out_of_proxies, make_private

logger = logging.getLogger(__name__)

# Public pages of a plugin live in this URL namespace, the plugin's own inside it.
_PLUGIN_PAGES = "public"


class PromiseBroken(RuntimeError):
    """A response said to be public was rendered from a session, a user or a CSRF token."""


class PublicBytesMiddleware:
    """Makes public responses really public, and everything else private. Stands first in MIDDLEWARE.

    1. A public response (`headers.make_public`) for which the session was read or a CSRF token made:
       raises `PromiseBroken` in development and tests (`EBOK_STRICT_PUBLIC`, by default DEBUG); in
       production it is logged and the response goes out as no-store.
    2. Other public responses lose Set-Cookie and Vary; those of a plugin are kept out of proxies, so
       that the page is gone when the plugin is switched off.
    3. A response that says nothing about caching is `no-store` for somebody with a session and
       `private, no-cache` for everybody else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._strict = bool(getattr(settings, "EBOK_STRICT_PUBLIC", settings.DEBUG))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and correct the headers."""
        response = self.get_response(request)
        if is_public(response):
            personal = _personal(request)
            if personal and response.status_code < 400:
                return self._refuse(request, response, personal)
            _make_same(request, response)
        elif not response.has_header("Cache-Control"):
            signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
            response["Cache-Control"] = "no-store" if signed_in else "private, no-cache"
        return response

    def _refuse(self, request: HttpRequest, response: HttpResponseBase, personal: str) -> HttpResponseBase:
        sentence = f"{request.path} is said to be public, but rendering it used {personal}."
        if self._strict:
            raise PromiseBroken(sentence)
        logger.error(sentence)
        return make_private(response)


def _personal(request: HttpRequest) -> str:
    """What of the visitor went into the response, in words; empty when nothing did."""
    session = getattr(request, "session", None)
    if session is not None and (session.accessed or session.modified):
        return "the session"
    # Set by django.middleware.csrf.get_token, and only there.
    if request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        return "a CSRF token"
    return ""


def _make_same(request: HttpRequest, response: HttpResponseBase) -> None:
    response.cookies.clear()
    if response.has_header("Vary"):
        del response["Vary"]
    match = getattr(request, "resolver_match", None)
    if match is not None and len(match.namespaces) > 1 and match.namespaces[0] == _PLUGIN_PAGES:
        keep_out_of_proxies(response)
