"""What an uploaded file really is: extension, size and content must tell the same story.

Two detectors look at the content: `filetype` by its signature, and a reader of the named format
(Pillow for pictures, the archive's parts for DOCX and ODT, the trailer for PDF). Pictures are
drawn anew, which drops their place and camera and whatever else was hidden in them.
"""

from __future__ import annotations

import hashlib
import io
import warnings
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath

import filetype
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MEGABYTE = 1024 * 1024

DOCUMENTS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}
PICTURES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
CONTENT_TYPES = {**DOCUMENTS, **PICTURES}

_PILLOW = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
_MOST_PIXELS = 60_000_000
_LONGEST_SIDE = 3000
_MOST_PARTS = 5000
_MOST_UNPACKED = 300 * MEGABYTE


@dataclass(frozen=True)
class CheckedFile:
    """A file that passed: its bytes as they are to be kept, and what was found out about them."""

    name: str
    extension: str
    content: bytes

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """Hexadecimal digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


def check(upload: File[bytes], kinds: Collection[str], limit: int) -> CheckedFile:
    """A file of one of these kinds (extensions of `CONTENT_TYPES`), up to `limit` bytes.

    Raises `ValidationError` with a sentence, code kind, size, empty or content.
    """
    name = upload.name or ""
    extension = PurePath(name).suffix.lstrip(".").lower()
    extension = "jpg" if extension == "jpeg" else extension
    if extension not in kinds:
        raise ValidationError(
            _("“%(name)s” is of a kind we do not take. Choose one of: %(kinds)s."),
            code="kind",
            params={"name": name, "kinds": ", ".join(kind.upper() for kind in kinds)},
        )
    if (upload.size or 0) > limit:
        raise ValidationError(
            _("“%(name)s” is too big. A file may have up to %(limit)s MB."),
            code="size",
            params={"name": name, "limit": limit // MEGABYTE},
        )
    content = upload.read(limit + 1)
    if not content:
        raise ValidationError(_("“%(name)s” is empty."), code="empty", params={"name": name})
    found = filetype.guess(content)
    if found is None or found.extension != extension:
        raise _not_what_it_says(name, extension)
    return CheckedFile(name=name, extension=extension, content=_read_as(extension, name, content))


def _read_as(extension: str, name: str, content: bytes) -> bytes:
    """The content after the format's own reader has seen it. Raises `ValidationError`."""
    if extension in _PILLOW:
        return _drawn_anew(extension, name, content)
    if extension == "pdf":
        if b"%%EOF" not in content[-4096:]:
            raise _not_what_it_says(name, extension)
    elif not _is_office_document(extension, content):
        raise _not_what_it_says(name, extension)
    return content


def _drawn_anew(extension: str, name: str, content: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            # Pillow only warns about bombs below twice its limit; for us that is an error.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=[_PILLOW[extension]])
            if picture.width * picture.height > _MOST_PIXELS:
                raise _not_what_it_says(name, extension)
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _not_what_it_says(name, extension) from None
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    has_alpha = extension != "jpg" and "A" in upright.getbands()
    clean = upright.convert("RGBA" if has_alpha else "RGB")
    clean.info = {}
    out = io.BytesIO()
    clean.save(out, _PILLOW[extension], **({"quality": 85} if extension != "png" else {}))
    return out.getvalue()


def _is_office_document(extension: str, content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                return False
            # Macros have no place in a form to fill in, neither Word's nor LibreOffice's.
            if any("vbaproject" in name.lower() or name.startswith("Basic/") for name in names):
                return False
            if extension == "docx":
                return {"[Content_Types].xml", "word/document.xml"} <= names
            return "content.xml" in names and archive.read("mimetype").strip() == DOCUMENTS["odt"].encode()
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, RuntimeError, NotImplementedError):
        return False


def _not_what_it_says(name: str, extension: str) -> ValidationError:
    return ValidationError(
        _("“%(name)s” cannot be read as %(kind)s. Open it, save it again and choose it once more."),
        code="content",
        params={"name": name, "kind": extension.upper()},
    )
