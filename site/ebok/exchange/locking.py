"""One import at a time: a lock that dies with its holder, on PostgreSQL and on a shared disk."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from ebok.exchange.folders import exchange_folder

_NUMBER = 0x65426F6B_494D50  # "eBokIMP"
_PAUSE_SECONDS = 0.2


class Busy(Exception):
    """Another import is running; `sentence` says so to people."""

    def __init__(self) -> None:
        self.sentence = _("Another import is running. Wait until it has finished and try again.")
        super().__init__(self.sentence)


@contextmanager
def import_lock(*, wait: bool = False) -> Iterator[None]:
    """Be the only import. Raises `Busy` when there is another, or waits for its end.

    PostgreSQL is asked where there is one, because imports may start on several machines; with SQLite
    everybody shares a disk, and a locked file does.
    """
    lock = _advisory_lock if connection.vendor == "postgresql" else _file_lock
    with lock(wait=wait):
        yield


@contextmanager
def _advisory_lock(*, wait: bool) -> Iterator[None]:
    with session_lock(_NUMBER, wait=wait) as is_ours:
        if not is_ours:
            raise Busy
        yield


@contextmanager
def session_lock(number: int, *, wait: bool = False) -> Iterator[bool]:
    """Hold PostgreSQL's advisory lock of this number; says whether it was got, and waits for it if told to.

    It dies with the process, and is free at once for the next one when it is given back.
    """
    # A connection of its own: the caller's may be in a transaction, and the pool may close it.
    holder = connections.create_connection(DEFAULT_DB_ALIAS)
    options = {name: value for name, value in holder.settings_dict["OPTIONS"].items() if name != "pool"}
    holder.settings_dict = {**holder.settings_dict, "CONN_MAX_AGE": None, "OPTIONS": options}
    try:
        with holder.cursor() as cursor:
            # Polled, because a waiting statement would hold back VACUUM and notice no dead client.
            while not (is_ours := _taken(cursor, number)) and wait:
                time.sleep(_PAUSE_SECONDS)
        try:
            yield is_ours
        finally:
            if is_ours:
                _give_back(holder, number)
    finally:
        holder.close()


def _taken(cursor: object, number: int) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])  # type: ignore[attr-defined]
    row = cursor.fetchone()  # type: ignore[attr-defined]
    return bool(row and row[0])


def _give_back(holder: BaseDatabaseWrapper, number: int) -> None:
    """Closing alone is not enough: the server notices a while later, and the next one would find it busy."""
    with suppress(Error), holder.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


@contextmanager
def _file_lock(*, wait: bool) -> Iterator[None]:
    path: Path = exchange_folder() / "import.lock"
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Busy from None
        yield
