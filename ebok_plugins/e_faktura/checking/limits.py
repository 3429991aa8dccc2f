"""Counting checks in the shared cache: machines that guess are stopped, nothing personal is kept."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.crypto import salted_hmac

HOUR = 3600
SALT = "e_faktura.checks"
MOST_FOR_ONE_BILL = 60
"""Checks of one number within an hour, from wherever they come."""


def is_over(name: str, who: str, most: int) -> bool:
    """Count one check; True when there were too many within the hour."""
    digest = salted_hmac(SALT, f"{name}\n{who}", algorithm="sha256").hexdigest()[:32]
    place = f"{SALT}.{digest}"
    cache.add(place, 0, HOUR)
    try:
        count = cache.incr(place)
    except ValueError:
        # It expired between the two lines.
        count = 1
    return bool(count > most)
