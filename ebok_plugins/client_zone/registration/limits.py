"""Counting tries in the shared cache, so that limits hold across processes and machines.

Each try takes a numbered place. Taking is atomic (`cache.add`), so two tries at once never share one, and
nothing personal is kept: names of places are keyed digests.
"""

from __future__ import annotations

import math
import time

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from ebok_plugins.client_zone.registration.rules import Limit

SALT = "client_zone.limits"
ROUNDS = 3


def wait_of(*counted: tuple[Limit, str]) -> int:
    """Count one try for each limit; 0 when it may go on, else the seconds to wait for the strictest."""
    return max(_take(limit, who) for limit, who in counted)


def _take(limit: Limit, who: str) -> int:
    digest = salted_hmac(SALT, f"{limit.name}\n{who}", algorithm="sha256").hexdigest()[:32]
    places = [f"{SALT}.{digest}.{number}" for number in range(limit.most)]
    wait = 1
    for _round in range(ROUNDS):
        now = time.time()
        taken = cache.get_many(places)
        tries = next((number for number, place in enumerate(places) if place not in taken), limit.most)
        ends = taken.get(places[0], now) + limit.window
        if tries == limit.most:
            return max(1, math.ceil(ends - now))
        # Clocks of several machines differ a little: where no pause is due, none is read from them.
        pause = limit.pause(tries)
        if pause and (wait := math.ceil(taken[places[tries - 1]] + pause - now)) > 0:
            return wait
        if cache.add(places[tries], now, max(1, math.ceil(ends - now))):
            return 0
        # Somebody took the place in between: look again.
        wait = 1
    return wait
