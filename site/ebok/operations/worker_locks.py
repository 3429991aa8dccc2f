"""One worker for one id: a lock that the operating system or PostgreSQL frees when the holder dies."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from ebok.exchange.locking import session_lock


class AlreadyRunning(Exception):
    """Another living worker has this id."""


@contextmanager
def exclusive(worker_id: str) -> Iterator[None]:
    """Hold the lock of this id. Raises `AlreadyRunning` at once when somebody else has it.

    PostgreSQL is asked where there is one, because workers may be on several machines; with
    SQLite everybody shares a disk, and a locked file does.
    """
    if connection.vendor == "postgresql":
        with session_lock(_number(worker_id)) as is_ours:
            if not is_ours:
                raise AlreadyRunning(worker_id)
            yield
    else:
        with _file_lock(Path(settings.EBOK_RUNTIME_DIR) / "locks" / f"worker-{_number(worker_id):x}.lock"):
            yield


def _number(worker_id: str) -> int:
    """A 63-bit number for an id."""
    digest = hashlib.sha256(f"ebok-worker:{worker_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(path.name) from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)
