"""Files of remote readings come in: stored before they are judged, read in portions, set-based.

A portion is one transaction: its states, its refused lines and how far the file was read. A process that was
killed goes on after the last portion; a state that comes again changes nothing.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.journal.services import record
from ebok_plugins.e_odczyt.models import FileState, RefusedLine, RemoteFile
from ebok_plugins.e_odczyt.telemetry import partitions, storing
from ebok_plugins.e_odczyt.telemetry.formats import Line, Reader, Refused

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ebok.accounts.models import User

PORTION = 5_000
"""Lines of one transaction."""
MOST_REFUSED = 1_000
"""Refused lines of a file that are kept; the rest are counted."""
LARGEST = 64 * 1024 * 1024
LONGEST_TAIL = 64 * 1024
"""A line longer than this is read in pieces, each of them refused."""


def keep_file(
    name: str, content: File[bytes], *, user: User | None = None, request: HttpRequest | None = None
) -> tuple[RemoteFile, bool]:
    """Store a file; the minute timer reads it. The same bytes give the file that is there, and False.

    Raises `ValidationError` with a sentence for an empty file and one that is too big.
    """
    if not content.size:
        raise ValidationError(_("The file is empty."))
    if content.size > LARGEST:
        raise ValidationError(_("The file is bigger than 64 MB. Send it in parts."))
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    known = RemoteFile.objects.filter(sha256=digest.hexdigest()).first()
    if known is not None:
        return known, False
    file = RemoteFile(
        name=name[:200],
        sha256=digest.hexdigest(),
        size=content.size,
        received_at=timezone.now(),
        received_by=user,
    )
    file.file.save("plik.txt", content, save=False)
    try:
        with transaction.atomic():
            file.save()
            record(
                "e_odczyt.remote_file_received",
                text=_("File of remote readings “%(name)s” was received.") % {"name": file.name},
                actor=user,
                request=request,
                obj=file,
                payload={"sha256": file.sha256, "size": file.size},
            )
    except IntegrityError:
        # A colleague sent the same bytes at the same moment.
        file.file.delete(save=False)
        return RemoteFile.objects.get(sha256=file.sha256), False
    return file, True


def read_waiting(until: datetime) -> int:
    """Read what waits, the oldest first, until this moment; how many portions were read."""
    portions = 0
    while timezone.now() < until:
        file = (
            RemoteFile.objects.filter(state__in=(FileState.WAITING, FileState.READING)).order_by("pk").first()
        )
        if file is None:
            break
        portions += read_file(file, until)
    return portions


def read_file(file: RemoteFile, until: datetime | None = None) -> int:
    """Read the file on from where it stands; how many portions were done."""
    portions = 0
    try:
        for lines, last in _portions(file):
            if not _store(file, lines, last):
                break
            portions += 1
            if until is not None and timezone.now() >= until:
                return portions
    except OSError:
        # The file itself is gone or unreadable: somebody must send it again.
        RemoteFile.objects.filter(pk=file.pk).update(state=FileState.FAILED)
        return portions + 1
    _finish(file)
    return portions + 1


def _portions(file: RemoteFile) -> Iterator[tuple[list[Line | Refused], int]]:
    """Portions after `lines_done`, each with the number of its last line."""
    reader = Reader()
    with file.file.open("rb") as raw:
        text = _decoded(raw)
        done, first = file.lines_done, 1
        while True:
            lines = list(islice(iter(lambda: text.readline(LONGEST_TAIL), ""), PORTION))
            if not lines:
                return
            # Lines that are done are read again, for their heading and for the hour that comes twice.
            found = list(reader.read(lines, first))
            last = first + len(lines) - 1
            first = last + 1
            if last > done:
                yield [line for line in found if line.number > done], last


def _decoded(raw: File[bytes]) -> io.TextIOWrapper:
    """The text: UTF-8, or what Windows writes in Poland."""
    encoding = "utf-8-sig"
    try:
        decoder = io.TextIOWrapper(io.BytesIO(raw.read()), encoding=encoding)
        while decoder.read(1 << 20):
            pass
    except UnicodeDecodeError:
        encoding = "cp1250"
    raw.seek(0)
    return io.TextIOWrapper(io.BytesIO(raw.read()), encoding=encoding, errors="replace", newline=None)


def _store(file: RemoteFile, lines: Sequence[Line | Refused], last: int) -> bool:
    """One portion in one transaction; False when another process has been here."""
    states = [line for line in lines if isinstance(line, Line)]
    refused = [line for line in lines if isinstance(line, Refused)]
    partitions.create_missing({line.moment for line in states if line.moment <= timezone.now()})
    with transaction.atomic():
        locked = RemoteFile.objects.select_for_update().get(pk=file.pk)
        if locked.lines_done != file.lines_done:
            return False
        stored = storing.store(states, timezone.now())
        refused = sorted([*refused, *stored.refused])
        room = max(0, MOST_REFUSED - locked.refused)
        RefusedLine.objects.bulk_create(
            [RefusedLine(file=locked, number=no, why=why, text=text) for no, why, text in refused[:room]]
        )
        locked.lines_done = last
        locked.state = FileState.READING
        locked.taken += stored.taken
        locked.known += stored.known
        locked.refused += len(refused)
        locked.save()
    file.lines_done = last
    return True


def _finish(file: RemoteFile) -> None:
    with transaction.atomic():
        locked = RemoteFile.objects.select_for_update().get(pk=file.pk)
        if locked.state in (FileState.READ, FileState.FAILED):
            return
        locked.state = FileState.READ
        locked.save()
        record(
            "e_odczyt.remote_file_read",
            text=_("File “%(name)s” was read: %(taken)d states taken, %(known)d known, %(refused)d refused.")
            % {"name": locked.name, "taken": locked.taken, "known": locked.known, "refused": locked.refused},
            actor="e_odczyt.remote",
            obj=locked,
            payload={"taken": locked.taken, "known": locked.known, "refused": locked.refused},
        )


KEPT = timedelta(days=90)
"""How long the bytes of a file are kept after it was read."""
