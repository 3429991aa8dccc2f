"""Ends sessions that lasted too long, and tells the browser's scripts whether somebody is signed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ebok.accounts import duties, hashing, live_sessions, sessions

FLAG_COOKIE = "ebok_signed_in"
"""Readable by scripts, holds no data: public pages ask for "signed in as" only when it is there."""

HASHES = re.compile(r"^(?:/[a-z]{2})?/konto/(?:login|password|reauthenticate)/")
"""Addresses of pages that hash a password when a form is sent to them."""

Answer = Callable[[HttpRequest], HttpResponse]


class SessionLimitsMiddleware:
    """Idle and absolute limit of a session, judged when a page first asks who the user is.

    A page that never asks (every public page) costs nothing and stays the same for everybody. Must
    stand after Django's AuthenticationMiddleware.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with a user whose session is still alive, or with nobody."""
        found = request.user
        request.user = SimpleLazyObject(lambda: _alive(request, found))  # type: ignore[assignment]
        return self.get_response(request)


class BusyHashingMiddleware:
    """Sends away for a moment whoever came when every place for hashing passwords was taken.

    Stands early, so that sending away costs next to nothing: the session and the database are not asked.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, unless it is one of those that hash and there is no place."""
        if request.method != "POST" or not HASHES.match(request.path):
            return self.get_response(request)
        # Read first: who sends a form one letter a second must not hold a place meanwhile.
        try:
            request.POST.keys()
        except UnreadablePostError:
            return HttpResponse(status=400)
        try:
            with hashing.place():
                return self.get_response(request)
        except hashing.HashingBusy:
            return _come_again()

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Somewhere else a password is hashed, and there was no place."""
        return _come_again() if isinstance(error, hashing.HashingBusy) else None


def _come_again() -> HttpResponse:
    headers = {"Retry-After": str(hashing.RETRY_AFTER), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("accounts/busy.html"), status=503, headers=headers)


class SignedInFlagMiddleware:
    """Sets the flag cookie on sign-in; removes it and clears the browser's cache on sign-out."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then tell the browser if somebody came or went meanwhile."""
        response = self.get_response(request)
        came = getattr(request, "ebok_signed_in", None)
        if came:
            response.set_cookie(
                FLAG_COOKIE,
                "1",
                max_age=None
                if request.session.get_expire_at_browser_close()
                else settings.SESSION_COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        elif came is False:
            response.delete_cookie(FLAG_COOKIE, samesite="Lax")
            response["Clear-Site-Data"] = settings.EBOK_CLEAR_SITE_DATA
        return response


def _alive(request: HttpRequest, user: Any) -> Any:
    if not user.is_authenticated:
        return user
    if manner := sessions.expiry(request):
        # `logout` asks for the user again; it must find the one whose session ends, not this function.
        request.user = user
        sessions.end(request, manner)
        messages.info(request, _over(manner))
        return AnonymousUser()
    if sessions.touch(request):
        live_sessions.seen(request)
        duties.judge(request, user)
    return user


def _over(manner: str) -> str:
    if manner == sessions.IDLE:
        minutes = int(settings.EBOK_SESSION_IDLE.total_seconds() // 60)
        return ngettext(
            "%(minutes)d minute has passed. Sign in once more.",
            "%(minutes)d minutes have passed. Sign in once more.",
            minutes,
        ) % {"minutes": minutes}
    return _("You have been signed in for a long time. Sign in once more.")
