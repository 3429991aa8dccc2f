"""How often somebody without an account may try; nothing about them is kept but digests, for an hour."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.crypto import salted_hmac

HOUR = 3600
PER_METER = 10
"""Tries an hour for one meter, from wherever they come."""


def is_over_limit(kind: str, value: str, most: int) -> bool:
    """Count one try; True when there were too many within the hour. Unknown values count as one."""
    name = f"e_odczyt.{kind}.{salted_hmac('e_odczyt.limit', value).hexdigest()}"
    cache.add(name, 0, HOUR)
    try:
        tries = cache.incr(name)
    except ValueError:
        # It expired between the two lines.
        tries = 1
    return tries > most
