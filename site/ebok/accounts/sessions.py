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

PROOFS = "account_authentication_methods"
"""Session key: with which proofs the person signed in, as allauth notes them."""
SECOND_STEP = "mfa"
OWN_STEPS = ("totp", "webauthn", "recovery_codes")

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
    """With which proofs the person signed in, e.g. ["password", "totp"]; each once, in their order.

    A second step of ours goes by its type ("totp", "webauthn", "recovery_codes"), one that an identity
    provider asked for is "mfa".
    """
    names = [_name_of(proof) for proof in _proofs(request)]
    return list(dict.fromkeys(name for name in names if name))


def has_second_step(request: HttpRequest) -> bool:
    """Whether this session was proven by a second step, here or at an identity provider."""
    return any(proof.get("method") == SECOND_STEP for proof in _proofs(request))


def note_second_step(request: HttpRequest, kind: str) -> None:
    """The person has just shown that a new second step works, so this session has it too."""
    proof = {"method": SECOND_STEP, "at": time.time(), "type": kind}
    request.session[PROOFS] = [*_proofs(request), proof]


def forget_second_step(request: HttpRequest) -> None:
    """The person has no second step any more."""
    request.session[PROOFS] = [proof for proof in _proofs(request) if proof.get("method") != SECOND_STEP]


def _proofs(request: HttpRequest) -> list[dict[str, Any]]:
    noted: Any = request.session.get(PROOFS, [])
    return [proof for proof in noted if isinstance(proof, dict)]


def _name_of(proof: dict[str, Any]) -> str:
    method, kind = str(proof.get("method", "")), str(proof.get("type", ""))
    return kind if method == SECOND_STEP and kind in OWN_STEPS else method


def _seconds(request: HttpRequest, key: str) -> int:
    value = request.session.get(key, 0)
    return value if isinstance(value, int) else 0
