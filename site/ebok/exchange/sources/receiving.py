"""Takes a delivery in: copies and hashes it in one go, before anybody judges what is in it.

What is kept is a folder of plain members; ZIP archives are unpacked into it under limits.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from ebok.exchange.sources.interface import BLOCK, Member, Received, SourceRefused
from ebok.exchange.sources.zip_archives import is_archive, is_attached, unpack

MANIFEST = "manifest.json"
SUFFIXES = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".jsonl", ".ndjson", ".json"})
UNFINISHED = frozenset({".part", ".partial", ".tmp", ".filepart", ".crdownload", ".download", ".lock"})
MOST_MEMBERS = 200
FREE_SPACE = 256 << 20
"""Bytes that must stay free on the disk after a delivery was kept."""

_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")


def receive(paths: Sequence[Path], folder: Path) -> Received:
    """Copy files, folders and ZIP archives into `folder` (made when missing, must be empty).

    Refuses what is still being written, empty deliveries and anything that is no file of a known kind.
    When it raises `SourceRefused`, the folder is as empty as before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ValueError(f"{folder} is not empty")
    try:
        files = _files(paths)
        members: list[Member] = []
        for path in files:
            members += _take(path, folder)
            _refuse_too_many(members)
        return received(_name(paths), members)
    except BaseException:
        _empty(folder)
        raise


def received(name: str, members: Iterable[Member]) -> Received:
    """The delivery that consists of these kept members. Raises `SourceRefused` when there is nothing."""
    found = tuple(sorted(members, key=lambda member: member.name))
    if not any(member.name != MANIFEST and not is_attached(member.name) for member in found):
        raise SourceRefused(_("Nothing was delivered: there is no file to read."))
    if len(found) == 1:
        return Received(name, found[0].sha256, found[0].size, found)
    whole = hashlib.sha256()
    for line in sorted(f"{member.sha256} {member.name}\n" for member in found):
        whole.update(line.encode())
    return Received(name, whole.hexdigest(), sum(member.size for member in found), found)


def copy(path: Path, target: Path, name: str) -> Member:
    """Copy one file while hashing it.

    Raises `SourceRefused` when the file changed meanwhile: then somebody is still writing it.
    """
    digest, size = hashlib.sha256(), 0
    try:
        before = path.stat()
        _refuse_full_disk(target.parent, before.st_size)
        with path.open("rb") as source, target.open("xb") as kept:
            while block := source.read(BLOCK):
                digest.update(block)
                kept.write(block)
                size += len(block)
            kept.flush()
            os.fsync(kept.fileno())
        after = path.stat()
    except OSError as error:
        raise SourceRefused(
            _("%(name)s cannot be read: %(error)s.") % {"name": name, "error": error.strerror or error}
        ) from error
    seen = (before.st_size, before.st_mtime_ns, before.st_ino)
    if size != before.st_size or seen != (after.st_size, after.st_mtime_ns, after.st_ino):
        raise SourceRefused(
            _("%(name)s is still being written; send it again when it is finished.") % {"name": name}
        )
    return Member(name, digest.hexdigest(), size)


def _take(path: Path, folder: Path) -> list[Member]:
    name = path.name
    if is_archive(path):
        kept = folder / ".archive"
        copy(path, kept, name)
        try:
            return unpack(kept, folder, name, accepts=_refuse_kind)
        finally:
            kept.unlink(missing_ok=True)
    _refuse_kind(name)
    if (folder / name).exists():
        raise SourceRefused(_("%(name)s was delivered twice.") % {"name": name})
    return [copy(path, folder / name, name)]


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(
                child for child in path.iterdir() if child.is_file() and not _is_hidden(child.name)
            )
        elif path.is_file():
            found.append(path)
        else:
            raise SourceRefused(_("%(name)s does not exist or is no file.") % {"name": path.name})
    if not found:
        raise SourceRefused(_("Nothing was delivered: there is no file to read."))
    return found


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name in {"Thumbs.db", "desktop.ini"}


def _refuse_kind(name: str) -> None:
    """Raises `SourceRefused` unless the name is one of a file that can be read."""
    suffix = Path(name).suffix.lower()
    if suffix in UNFINISHED or name.endswith("~"):
        raise SourceRefused(
            _("%(name)s is still being written; send it again when it is finished.") % {"name": name}
        )
    if _UNSAFE.search(name) or len(name.encode()) > 200:
        raise SourceRefused(
            _("“%(name)s” is no name for a file here.") % {"name": _UNSAFE.sub("�", name)[:80]}
        )
    if suffix == ".xls":
        raise SourceRefused(
            _("%(name)s is an Excel file of the old kind; save it as XLSX or CSV.") % {"name": name}
        )
    if suffix in {".xlsm", ".xlsb", ".xltm"}:
        raise SourceRefused(
            _("%(name)s may hold macros, which are not accepted; save it as XLSX or CSV.") % {"name": name}
        )
    if suffix not in SUFFIXES:
        raise SourceRefused(
            _(
                "%(name)s is of a kind that cannot be read;"
                " expected are CSV, XLSX, JSON Lines or a ZIP of these."
            )
            % {"name": name}
        )


def _refuse_too_many(members: Sequence[Member]) -> None:
    if sum(not is_attached(member.name) for member in members) > MOST_MEMBERS:
        raise SourceRefused(
            _("The delivery holds more than %(most)d files, which cannot be meant.") % {"most": MOST_MEMBERS}
        )


def _refuse_full_disk(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < size + FREE_SPACE:
        raise SourceRefused(_("There is not enough room on the disk to keep the delivery."))


def _name(paths: Sequence[Path]) -> str:
    first = paths[0].name or paths[0].resolve().name
    return first[:255] if len(paths) == 1 else f"{first[:240]} (+{len(paths) - 1})"


def _empty(folder: Path) -> None:
    for child in folder.iterdir():
        if child.is_dir():
            shutil.rmtree(child, ignore_errors=True)
        else:
            child.unlink(missing_ok=True)
