"""An identity that was proven a moment ago and belongs to no account yet; kept in the session."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import Any

from django.http import HttpRequest

from ebok.accounts.federation.hashes import personal_number_hash, subject_hash
from ebok.accounts.federation.ways import Way
from ebok.ports import ProvenIdentity

KEY = "ebok_pending_identity"
LIVES = 15 * 60
"""Seconds a person has to sign in by password, or to agree."""


@dataclass(frozen=True)
class Pending:
    """What is left of a proven identity once the request is over: hashes, and a name to show."""

    provider: str
    subject_hash: str
    personal_number_hash: str
    name: str
    email: str
    at: int
    next_url: str = ""
    ticket: dict[str, str] = field(default_factory=dict)


def pending_of(way: Way, identity: ProvenIdentity, next_url: str) -> Pending:
    """The identity without anything that must not be kept."""
    return Pending(
        provider=way.key,
        subject_hash=subject_hash(way.key, way.issuer, identity.subject),
        personal_number_hash=personal_number_hash(identity.personal_number),
        name=identity.name,
        email=identity.email,
        at=int(time.time()),
        next_url=next_url,
        ticket=dict(identity.ticket),
    )


def keep(request: HttpRequest, pending: Pending) -> None:
    """Remember the identity until the person has signed in and agreed."""
    request.session[KEY] = asdict(pending)


def kept(request: HttpRequest) -> Pending | None:
    """The identity that waits, or None; one that waited too long is forgotten."""
    stored: Any = request.session.get(KEY)
    if not isinstance(stored, dict):
        return None
    pending = Pending(**stored)
    if time.time() - pending.at > LIVES:
        forget(request)
        return None
    return pending


def forget(request: HttpRequest) -> None:
    """The person has agreed, refused or waited too long."""
    request.session.pop(KEY, None)
