"""Files as an employee adds them: XML one by one, or a ZIP archive unpacked by our own count."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from ebok_plugins.e_faktura.ksef.receiving import MOST_KEPT

MOST_MEMBERS = 1000
MOST_TOGETHER = 200_000_000
HIGHEST_RATIO = 250
"""How many times larger than its packed form a member may be; invoices reach some 30."""
UNSUSPICIOUS = 1 << 20
BLOCK = 64 * 1024
ENCRYPTED = 0x1
_ARCHIVE = b"PK\x03\x04"


def documents_in(upload: File[bytes]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each document of an uploaded file.

    Raises `ValidationError` with a sentence for what is too big, and for an archive that cannot be trusted;
    documents handed out before that have been handed out.
    """
    name = upload.name or "plik.xml"
    if (upload.size or 0) > MOST_TOGETHER:
        raise ValidationError(_("“%(name)s” is too big.") % {"name": name}, code="size")
    if upload.read(len(_ARCHIVE)) == _ARCHIVE:
        upload.seek(0)
        yield from _unpacked(upload, name)
        return
    upload.seek(0)
    content = upload.read(MOST_KEPT + 1)
    if len(content) > MOST_KEPT:
        raise ValidationError(_("“%(name)s” is too big.") % {"name": name}, code="size")
    yield name, content


def _unpacked(upload: File[bytes], name: str) -> Iterator[tuple[str, bytes]]:
    told = {"name": name}
    try:
        with zipfile.ZipFile(io.BytesIO(upload.read())) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_litter(entry)]
            if len(entries) > MOST_MEMBERS:
                sentence = _("The archive “%(name)s” holds more than %(most)s files. Split it.")
                raise ValidationError(sentence % {**told, "most": MOST_MEMBERS}, code="archive")
            left = MOST_TOGETHER
            for entry in entries:
                content = _member(archive, entry, left, told)
                left -= len(content)
                yield PurePosixPath(entry.filename.replace("\\", "/")).name, content
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        sentence = _("The archive “%(name)s” is damaged or cut off.") % told
        raise ValidationError(sentence, code="archive") from error


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, told: dict[str, str]) -> bytes:
    if entry.flag_bits & ENCRYPTED:
        sentence = _("The archive “%(name)s” is protected by a password. Send it without one.")
        raise ValidationError(sentence % told, code="archive")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ValidationError(_("The archive “%(name)s” holds a link.") % told, code="archive")
    limit = min(max(entry.compress_size * HIGHEST_RATIO, UNSUSPICIOUS), MOST_KEPT, left)
    out = bytearray()
    with archive.open(entry) as source:
        while block := source.read(BLOCK):
            out += block
            if len(out) > limit:
                sentence = _("The archive “%(name)s” grows beyond all measure when it is unpacked.")
                raise ValidationError(sentence % told, code="archive")
    return bytes(out)


def _is_litter(entry: zipfile.ZipInfo) -> bool:
    """What operating systems add to archives of their own accord."""
    place = PurePosixPath(entry.filename.replace("\\", "/"))
    return "__MACOSX" in place.parts or place.name in {".DS_Store", "Thumbs.db", "desktop.ini"}
