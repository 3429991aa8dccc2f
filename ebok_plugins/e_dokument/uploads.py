"""Which files this module takes: documents the utility hands out, and what visitors send."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile

from ebok.files.checking import CONTENT_TYPES, DOCUMENTS, MEGABYTE, CheckedFile, check

TEMPLATE_LIMIT = 20 * MEGABYTE


def check_template(upload: UploadedFile) -> CheckedFile:
    """A document the utility hands out: PDF, DOCX or ODT. Raises `ValidationError` with a sentence."""
    return check(upload, DOCUMENTS, TEMPLATE_LIMIT)


def check_attachment(upload: UploadedFile, limit: int) -> CheckedFile:
    """A file a visitor sends: a document or a picture up to `limit` bytes. Raises `ValidationError`."""
    return check(upload, CONTENT_TYPES, limit)
