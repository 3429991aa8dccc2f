"""What many public pages share (site, look, menu, footer), made once for a generation in each process.

After a publication every page is rendered anew; the frame around them is the same, so all but the first
find it here. The pages themselves are kept elsewhere, as ready bytes (`ebok.pagecache.store`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from django.db import connection

from ebok.pagecache import generation

Value = TypeVar("Value")

SECONDS = 60.0
"""Not kept for longer, so that a change nobody announced appears as soon as on a kept page."""
MOST = 512
"""Values at most; beyond that all are forgotten (nobody can fill memory by inventing host names)."""

_kept: dict[Hashable, tuple[int, float, object]] = {}


def kept(key: Hashable, make: Callable[[], Value]) -> Value:
    """The value of `key`, made by `make` unless this process has made it in the present generation.

    None is not kept. The value is shared by requests and threads: nobody may change it. `key` names
    everything it depends on: site, language and so on. Inside a transaction it is always made anew, since
    what a transaction has written may be taken back. Threads that ask at once may each make it.
    """
    if connection.in_atomic_block:
        return make()
    # Read before anything is made: a change meanwhile then puts the value out of date.
    sequence, now = generation.current().sequence, time.monotonic()
    found = _kept.get(key)
    if found is not None and found[0] == sequence and now < found[1]:
        return cast("Value", found[2])
    value = make()
    if value is not None:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = (sequence, now + SECONDS, value)
    return value


def forget() -> None:
    """Forget everything in this process."""
    _kept.clear()
