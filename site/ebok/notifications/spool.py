"""What a worker was just doing, in a file that survives `kill -9`, so that nobody gets a letter twice.

A worker holds the lock of its own file while it lives. Before a letter goes to the server it writes its
number, and after the answer what was said; the database learns of a whole batch at once. Who gets the lock of
a file knows that its worker is dead, and settles what it left: letters the server had taken are sent, the one
in the middle is given up, because nobody can know whether it went out, and the rest goes back to the queue.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

BEGUN, TAKEN, REFUSED = "b", "t", "r"


@dataclass
class Left:
    """What a dead worker's file says: numbers of messages the server took, and of those nobody knows of."""

    worker: str
    taken: set[int] = field(default_factory=set)
    unsure: set[int] = field(default_factory=set)


class Spool:
    """The file of one worker; use it as a context."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self.path = folder() / worker.replace("/", "_")
        self._file = -1

    def __enter__(self) -> Spool:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self.path, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        return self

    def __exit__(self, *_error: object) -> None:
        # A batch that ended in an exception stays for whoever comes next.
        if os.fstat(self._file).st_size == 0:
            self.path.unlink(missing_ok=True)
        os.close(self._file)

    def begin(self, number: int) -> None:
        """The letter goes to the server now."""
        self._write(BEGUN, number)

    def end(self, number: int, *, is_taken: bool) -> None:
        """The server has answered."""
        self._write(TAKEN if is_taken else REFUSED, number)

    def clear(self) -> None:
        """The database knows everything."""
        os.ftruncate(self._file, 0)

    def _write(self, word: str, number: int) -> None:
        # One write: a killed process leaves whole lines, since the page cache outlives it.
        os.write(self._file, f"{word}{number}\n".encode())


def folder() -> Path:
    """Where the files of workers lie."""
    return Path(settings.EBOK_RUNTIME_DIR) / "outbox"


def left_behind() -> Iterator[Left]:
    """What dead workers left on this machine; each file is gone once the caller has settled it."""
    place = folder()
    if not place.is_dir():
        return
    for path in sorted(place.iterdir()):
        try:
            file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                # Its worker lives.
                continue
            yield _read(path)
            path.unlink(missing_ok=True)
        finally:
            os.close(file)


def _read(path: Path) -> Left:
    left = Left(worker=path.name)
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        word, number = line[:1], line[1:]
        if not number.isdecimal():
            continue
        key = int(number)
        if word == BEGUN:
            left.unsure.add(key)
        else:
            left.unsure.discard(key)
            (left.taken.add if word == TAKEN else left.taken.discard)(key)
    return left
