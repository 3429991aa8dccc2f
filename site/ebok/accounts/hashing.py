"""How many passwords may be hashed at once, so that a flood of sign-ins leaves other pages alone.

Hashing is slow by design. Unbounded, a flood of it would take every core, and people who only read their
bill would wait. So a hash needs one of a few places, and one more may wait for a place; whoever comes then is
told to come again (503 with Retry-After), before anything else is done for them. Whoever signs in keeps the
place until the answer is there, because drawing it takes as long as the hash. Places belong to the whole
machine: all processes together can flood it. They are locks on files in the runtime folder, which the kernel
gives back when a process dies.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from ebok.journal.origin import current_request

LONGEST_WAIT = 0.25
"""Seconds a request waits for a place; about a dozen hashes."""
PATIENCE = 60.0
"""Seconds a command or a background task waits: nobody looks at it."""
PAUSE = 0.004
RETRY_AFTER = 2
"""Seconds after which whoever was sent away should come again."""
NO_LIMIT = -1
WAITING = "hashing-waiting.lock"


class HashingBusy(Exception):
    """There was no place, and somebody waits already or the wait was too long."""


_here = threading.local()
"""A hash inside a place that is held already needs no second one."""


def places() -> int:
    """How many hashes at once on this machine: as set, otherwise half of its cores, at least one."""
    wanted: int = settings.EBOK_HASHING_PLACES
    return wanted or max(1, (os.cpu_count() or 1) // 2)


@contextmanager
def place() -> Iterator[None]:
    """Hold a place, for a hash or for all that belongs to one. Raises `HashingBusy`."""
    if places() == NO_LIMIT or getattr(_here, "inside", False):
        yield
        return
    held = _first_free()
    if held is None:
        held = _wait()
    _here.inside = True
    try:
        yield
    finally:
        _here.inside = False
        os.close(held)


def _wait() -> int:
    at_a_page = current_request.get() is not None
    waiting = _taken(WAITING) if at_a_page else None
    if at_a_page and waiting is None:
        raise HashingBusy
    try:
        deadline = time.monotonic() + (LONGEST_WAIT if at_a_page else PATIENCE)
        while time.monotonic() < deadline:
            time.sleep(PAUSE)
            held = _first_free()
            if held is not None:
                return held
        raise HashingBusy
    finally:
        if waiting is not None:
            os.close(waiting)


def _first_free() -> int | None:
    for number in range(places()):
        held = _taken(f"hashing-{number}.lock")
        if held is not None:
            return held
    return None


def _taken(name: str) -> int | None:
    """A handle that holds the lock until it is closed, or None when somebody else has it."""
    folder = Path(settings.EBOK_RUNTIME_DIR) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle
