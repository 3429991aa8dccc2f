"""ZIP archives: unpacked by our own hand and count, never by what they say of themselves."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from ebok.exchange.folders import ATTACHED, ATTACHED_FOLDER
from ebok.exchange.sources.interface import BLOCK, Member, SourceRefused

MOST_MEMBERS = 200
MOST_ATTACHED = 20_000
"""Scans beside the tables are counted apart."""
MOST_BYTES = 64 << 30
HIGHEST_RATIO = 250
"""How many times larger than its packed form a member may be; tables reach some 30."""
UNSUSPICIOUS = 8 << 20
"""Members up to this size are not asked for their ratio."""
FREE_SPACE = 256 << 20
LONGEST_NAME = 200
ENCRYPTED = 0x1


def is_archive(path: Path) -> bool:
    """Whether the name says ZIP; an XLSX file is one inside, and is not meant."""
    return path.suffix.lower() == ".zip"


def unpack(archive: Path, folder: Path, name: str, *, accepts: Callable[[str], None]) -> list[Member]:
    """Unpack the members into the folder while hashing them.

    Folders inside the archive are dropped, so that names cannot lead anywhere. `accepts` raises for names
    that are of no use. Raises `SourceRefused` for anything encrypted, nested, linked, doubled or too large.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir() and not _is_litter(entry)]
            tables = [entry for entry in entries if not is_attached(entry.filename)]
            if len(tables) > MOST_MEMBERS or len(entries) > MOST_ATTACHED:
                raise SourceRefused(
                    _("The archive %(name)s holds more than %(most)d files, which cannot be meant.")
                    % {"name": name, "most": MOST_MEMBERS if len(tables) > MOST_MEMBERS else MOST_ATTACHED}
                )
            return [_unpack_one(opened, entry, folder, name, accepts) for entry in entries]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise SourceRefused(
            _("The archive %(name)s is damaged or cut off and cannot be unpacked.") % {"name": name}
        ) from error


def _unpack_one(
    opened: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    folder: Path,
    archive: str,
    accepts: Callable[[str], None],
) -> Member:
    place = PurePosixPath(entry.filename.replace("\\", "/"))
    said = {"name": archive, "member": place.name}
    if place.is_absolute() or ".." in place.parts or ":" in place.parts[0] or "\0" in entry.orig_filename:
        raise SourceRefused(_("The archive %(name)s wants to write outside its folder.") % said)
    if entry.flag_bits & ENCRYPTED:
        raise SourceRefused(_("The archive %(name)s is protected by a password; send it without one.") % said)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise SourceRefused(_("The archive %(name)s holds a link, which is no table.") % said)
    if place.suffix.lower() in {".zip", ".7z", ".rar", ".gz", ".tar"}:
        raise SourceRefused(_("The archive %(name)s holds another archive: %(member)s.") % said)
    if is_attached(place.name):
        target = folder / ATTACHED_FOLDER / _attached_name(place.name, said)
        target.parent.mkdir(exist_ok=True, mode=0o750)
    else:
        accepts(place.name)
        target = folder / place.name
    if target.exists():
        raise SourceRefused(_("%(member)s stands twice in the archive %(name)s.") % said)
    if shutil.disk_usage(folder).free < entry.file_size + FREE_SPACE:
        raise SourceRefused(_("There is not enough room on the disk to keep the delivery."))
    return _copy(opened, entry, target, archive)


def is_attached(name: str) -> bool:
    """Whether it is no table, but a file that rows of tables name: a scan."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower() in ATTACHED


def _attached_name(name: str, said: dict[str, str]) -> str:
    if name.startswith(".") or len(name.encode()) > LONGEST_NAME or any(ord(sign) < 32 for sign in name):
        raise SourceRefused(_("The archive %(name)s holds a file with a name that cannot be kept.") % said)
    return name


def _copy(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, archive: str) -> Member:
    limit = min(max(entry.compress_size * HIGHEST_RATIO, UNSUSPICIOUS), MOST_BYTES)
    digest, size = hashlib.sha256(), 0
    with opened.open(entry) as source, target.open("xb") as kept:
        while block := source.read(BLOCK):
            size += len(block)
            if size > limit:
                raise SourceRefused(
                    _("The archive %(name)s grows beyond all measure when it is unpacked.")
                    % {"name": archive}
                )
            digest.update(block)
            kept.write(block)
        kept.flush()
        os.fsync(kept.fileno())
    attached = target.parent.name == ATTACHED_FOLDER
    return Member(f"{ATTACHED_FOLDER}/{target.name}" if attached else target.name, digest.hexdigest(), size)


def _is_litter(entry: zipfile.ZipInfo) -> bool:
    """What operating systems add to archives of their own accord."""
    place = PurePosixPath(entry.filename.replace("\\", "/"))
    return "__MACOSX" in place.parts or place.name in {".DS_Store", "Thumbs.db", "desktop.ini"}
