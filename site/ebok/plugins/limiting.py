"""How often somebody without an account may try: counted in the shared cache, by digests, for an hour."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.crypto import salted_hmac

HOUR = 3600


def is_over_limit(counter: str, value: str, most: int) -> bool:
    """Count one try; True when there were more than `most` within the hour.

    `counter` is `<plugin>.<what>`. The value (an address, a number) is not kept, only a digest of it; an
    empty one counts as one value.
    """
    name = f"{counter}.{salted_hmac('ebok.plugins.limiting', value, algorithm='sha256').hexdigest()}"
    cache.add(name, 0, HOUR)
    try:
        tries = cache.incr(name)
    except ValueError:
        # It expired between the two lines.
        tries = 1
    return bool(tries > most)
