"""The sealed key of one sending: proves where a form came from, and when.

It is signed, so that nobody chooses keys, and dated, so that a form sent two seconds after it was
opened is known for a machine's.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.utils import timezone

from ebok.plugins import limiting

FIELD = "klucz"
SALT = "e_dokument.sending"
LONGEST = timedelta(hours=12)
SHORTEST = timedelta(seconds=3)
TRIES_PER_SENDING = 4
"""Wrong answers and files one by one are tries too; a person needs a few of them."""


@dataclass(frozen=True)
class SendingKey:
    """The key, and how long ago the form was opened."""

    key: uuid.UUID
    age: timedelta

    @property
    def is_too_quick(self) -> bool:
        """Whether no person could have filled the form in that quickly."""
        return self.age < SHORTEST

    @property
    def sealed(self) -> str:
        """The key as the form carries it, with the moment of opening kept."""
        opened = (timezone.now() - self.age).timestamp()
        return signing.dumps([self.key.hex, opened], salt=SALT)


def new_key() -> SendingKey:
    """A key for a form that is opened now."""
    return SendingKey(uuid.uuid4(), timedelta(0))


def read_key(sealed: str) -> SendingKey | None:
    """The key of a form that came back; None when it is forged, broken or too old."""
    try:
        hexadecimal, opened = signing.loads(sealed, salt=SALT, max_age=LONGEST)
        age = timedelta(seconds=timezone.now().timestamp() - float(opened))
        key = uuid.UUID(hexadecimal)
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    return SendingKey(key, age) if timedelta(0) <= age <= LONGEST else None


def is_over_limit(address: str | None, sends_per_hour: int) -> bool:
    """Count one try from this address; True when there were too many within the hour."""
    return limiting.is_over_limit("e_dokument.sends", address or "", sends_per_hour * TRIES_PER_SENDING)
