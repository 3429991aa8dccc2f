"""Short seals that prove: this address, or this name, was made here."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import constant_time_compare

LENGTH = 24


@lru_cache(maxsize=16)
def _begun(purpose: str, secret: str) -> hmac.HMAC:
    # A mailing seals two names for every letter, so the keyed beginning is made once.
    key = hashlib.sha256(f"ebok.notifications.{purpose}|{secret}".encode()).digest()
    return hmac.new(key, digestmod=hashlib.sha256)


def seal_of(text: str, purpose: str = "message", secret: str | None = None) -> str:
    """The seal of a text for a purpose."""
    sealed = _begun(purpose, settings.SECRET_KEY if secret is None else secret).copy()
    sealed.update(text.encode())
    return sealed.hexdigest()[:LENGTH]


def is_sealed(text: str, seal: str, purpose: str = "message") -> bool:
    """Whether the seal is ours; those of earlier secrets count while they are kept."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(seal, seal_of(text, purpose, secret)) for secret in secrets)
