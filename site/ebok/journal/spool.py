"""Files in which a process gathers viewings before they reach the tables.

One file is one batch: sealed lines, an event each, appended with one `write()`. Once written, a line
survives the death of the process (`kill -9`), though not a power cut. The process holds a lock
(`flock`) on its files while it lives, so whoever gets the lock knows that the owner is gone. After
a batch is in the tables its file is removed; a batch that is shipped twice changes nothing, because
the event's identifier stands in the line.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import logging
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from ebok.journal.models import Detail, Event

ENDING = ".viewings"
DAMAGED = "damaged.txt"
"""Lines whose seal does not hold are put aside here; the status board tells."""
_SEAL = 32  # hexadecimal digits

logger = logging.getLogger(__name__)


class SpoolUnavailable(OSError):
    """The line could not be appended whole: no folder, no right, no room."""


def folder() -> Path:
    """Where the files lie."""
    return Path(settings.EBOK_RUNTIME_DIR) / "journal" / "viewings"


@dataclass
class Batch:
    """An open file whose lock this process holds."""

    path: Path
    handle: int
    size: int = 0
    """Bytes of whole lines."""
    torn: bool = False
    """Half a line stands at the end and cannot be taken away, so none may follow it."""
    tries: int = 0
    """How often it was tried to ship it; the first time nothing of it can be in the tables yet."""
    damaged: list[bytes] = field(default_factory=list)
    """Lines without a valid seal that `rows()` came upon."""

    @classmethod
    def new(cls) -> Batch:
        """A new, empty file. Raises `SpoolUnavailable`."""
        try:
            folder().mkdir(mode=0o700, parents=True, exist_ok=True)
            while True:
                path = folder() / f"{os.getpid()}-{secrets.token_hex(8)}{ENDING}"
                handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_APPEND, 0o600)
                if _lock(handle):
                    return cls(path, handle)
                # Somebody who looks for files left behind came between the two calls.
                os.close(handle)
        except OSError as error:
            raise SpoolUnavailable(error.errno, error.strerror) from error

    @classmethod
    def left_behind(cls) -> Iterator[Batch]:
        """Files whose process is gone; each is locked for the caller, who removes or closes it."""
        for path in sorted(folder().glob(f"*{ENDING}")):
            try:
                handle = os.open(path, os.O_RDWR)
            except OSError:
                continue  # its owner has just shipped it, or it is not ours to read
            if _lock(handle):
                yield cls(path, handle, tries=1)
            else:
                os.close(handle)

    def append(self, line: bytes) -> None:
        """Add a line whole. Raises `SpoolUnavailable`; then nothing of it is there."""
        if self.torn:
            raise SpoolUnavailable("half a line stands at the end of the file")
        try:
            whole = os.write(self.handle, line) == len(line)
        except OSError as error:
            raise SpoolUnavailable(error.errno, error.strerror) from error
        if not whole:
            self._cut_off()
            raise SpoolUnavailable("only a part of the line was written")
        self.size += len(line)

    def rows(self) -> Iterator[tuple[Event, Detail]]:
        """What the file holds. A last line without an end is one whose request was never answered."""
        *lines, rest = self.path.read_bytes().split(b"\n")
        if rest:
            logger.warning("%s ends in the middle of a line", self.path.name)
        self.damaged.clear()
        for line in lines:
            row = read(line)
            if row:
                yield row
            else:
                self.damaged.append(line)

    def remove(self) -> None:
        """The batch is in the tables. What could not be read is put aside first, never thrown away."""
        if self.damaged:
            logger.error("%d lines of %s are damaged and put aside", len(self.damaged), self.path.name)
            with (self.path.parent / DAMAGED).open("ab") as file:
                file.writelines(line + b"\n" for line in self.damaged)
        self.path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let go of the file; it stays where it is."""
        os.close(self.handle)

    def _cut_off(self) -> None:
        try:
            os.ftruncate(self.handle, self.size)
        except OSError:
            self.torn = True


def line(event: Event, detail: Detail) -> bytes:
    """Everything about an event on one line, sealed with the journal's key."""
    said = [
        event.id.hex,
        event.kind,
        event.moment.isoformat(),
        event.actor_id,
        event.site_id,
        event.customer_id,
        event.object_type,
        event.object_id,
        event.digest,
        event.seal,
        detail.text,
        detail.actor_label,
        detail.address,
        detail.device,
        detail.payload,
        detail.salt,
    ]
    spelled = json.dumps(said, separators=(",", ":")).encode()
    return _seal(spelled) + b" " + spelled + b"\n"


def read(line: bytes) -> tuple[Event, Detail] | None:
    """The event of a line (without its end), or None when the seal does not hold."""
    seal, _space, spelled = line.partition(b" ")
    if not hmac.compare_digest(seal, _seal(spelled)):
        return None
    said: list[Any] = json.loads(spelled)
    identifier, moment = UUID(hex=said[0]), datetime.fromisoformat(said[2])
    event: Any = (identifier, said[1], moment, *said[3:10])
    detail: Any = (identifier, moment, *said[10:16])
    return Event(*event), Detail(*detail)


def damaged() -> bool:
    """Whether a line was put aside."""
    return (folder() / DAMAGED).exists()


def oldest() -> float | None:
    """When the oldest file that still waits was begun or last written (seconds since 1970), or None."""
    times = []
    for path in folder().glob(f"*{ENDING}"):
        try:
            times.append(path.stat().st_mtime)
        except FileNotFoundError:
            continue
    return min(times, default=None)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    # A file that was removed while we waited for nothing is no place for a line.
    return os.fstat(handle).st_nlink > 0


def _seal(spelled: bytes) -> bytes:
    key = settings.EBOK_JOURNAL_KEY.encode()
    return hmac.digest(key, spelled, "sha256").hex()[:_SEAL].encode()
