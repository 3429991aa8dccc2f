"""Short seals that prove: this address, or this name, was made here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b

from django.conf import settings
from django.utils.crypto import constant_time_compare

LENGTH = 24


@lru_cache(maxsize=32)
def _sealer(purpose: str, secret: str) -> Callable[[str], str]:
    key = hashlib.sha256(f"ebok.notifications.{purpose}|{secret}".encode()).digest()
    size = LENGTH // 2

    def seal(text: str) -> str:
        return blake2b(text.encode(), key=key, digest_size=size).hexdigest()

    return seal


def sealer(purpose: str = "message") -> Callable[[str], str]:
    """Makes seals for a purpose with the present secret; for those who make very many (keyed BLAKE2)."""
    return _sealer(purpose, settings.SECRET_KEY)


def seal_of(text: str, purpose: str = "message", secret: str | None = None) -> str:
    """The seal of a text for a purpose."""
    return _sealer(purpose, settings.SECRET_KEY if secret is None else secret)(text)


def is_sealed(text: str, seal: str, purpose: str = "message") -> bool:
    """Whether the seal is ours; those of earlier secrets count while they are kept."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(seal, seal_of(text, purpose, secret)) for secret in secrets)
