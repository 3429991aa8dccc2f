"""How long a session lives, and how it ends."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest

SINCE = "ebok_since"
"""Session key: when the person signed in (seconds since 1970)."""
SEEN = "ebok_seen"
"""Session key: last activity, to the minute."""
WRITE_EVERY = 60
"""Seconds between writes of `SEEN`: a write for each request would make readers wait for each other."""

MANUAL = "manual"
IDLE = "idle"
TOO_OLD = "too-old"
REVOKED = "revoked"
"""Ended from another session, by staff, or by a new password."""

_QUIET = ("/admin/editing-sessions/",)
"""Addresses an open page asks by itself; they are no sign of a person."""


def start(request: HttpRequest) -> None:
    """Start the clock of a session that has just been signed into."""
    now = int(time.time())
    request.session[SINCE] = now
    request.session[SEEN] = now


def expiry(request: HttpRequest) -> str:
    """Why the request's session is over (`IDLE` or `TOO_OLD`), or an empty string while it lives.

    A session without a clock was made before there was one, or by hand: it is over.
    """
    now = int(time.time())
    since, seen = _seconds(request, SINCE), _seconds(request, SEEN)
    if now - since >= settings.EBOK_SESSION_ABSOLUTE.total_seconds():
        return TOO_OLD
    if now - seen >= settings.EBOK_SESSION_IDLE.total_seconds():
        return IDLE
    return ""


def touch(request: HttpRequest) -> bool:
    """Remember that the person is there; writes at most once a minute, and says whether it did."""
    now = int(time.time())
    if now - _seconds(request, SEEN) < WRITE_EVERY or request.path.startswith(_QUIET):
        return False
    request.session[SEEN] = now
    return True


def end(request: HttpRequest, manner: str) -> None:
    """Sign the person out; the journal tells the manner."""
    request.ebok_sign_out_manner = manner  # type: ignore[attr-defined]
    logout(request)


def manner_of(request: HttpRequest | None) -> str:
    """How the session ends: what `end()` said, otherwise by the person's own wish."""
    return str(getattr(request, "ebok_sign_out_manner", MANUAL))


def methods_of(request: HttpRequest) -> list[str]:
    """With which proofs the person signed in, e.g. ["password", "mfa"], as allauth notes them."""
    noted: Any = request.session.get("account_authentication_methods", [])
    return [str(proof.get("method", "")) for proof in noted if isinstance(proof, dict)]


def _seconds(request: HttpRequest, key: str) -> int:
    value = request.session.get(key, 0)
    return value if isinstance(value, int) else 0
