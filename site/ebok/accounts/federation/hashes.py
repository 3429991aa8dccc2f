"""The only forms in which a personal number or a provider's name of a person is ever kept."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings


def personal_number_hash(number: str) -> str:
    """HMAC-SHA-256 of a PESEL with `EBOK_PESEL_KEY`: the spelling the kartoteka keeps (`pesel_hash`)."""
    return _keyed(number) if number else ""


def subject_hash(provider: str, issuer: str, subject: str) -> str:
    """Keyed hash of who somebody is at a provider.

    Provider and issuer are hashed in, so that a link cannot be compared with the kartoteka or with another
    provider's, and another issuer under the same key is another person.
    """
    return _keyed("\x00".join(("identity", provider, issuer, subject)))


def _keyed(text: str) -> str:
    return hmac.new(settings.EBOK_PESEL_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
