"""Where this module keeps its files: outside the media folder, so that no address leads to them."""

from __future__ import annotations

from django.core.files.storage import Storage

from ebok.files.keeping import PrivateFiles, random_name

_files = PrivateFiles("e_dokument")


def storage() -> Storage:
    """The storage, as a callable so that migrations do not carry its folder."""
    return _files


def template_path(_instance: object, filename: str) -> str:
    """A random name for a document's file; the extension has been checked by then."""
    return f"dokumenty/{random_name(filename)}"


def attachment_path(_instance: object, filename: str) -> str:
    """A random name for an attachment: what the sender called it lives in the database only."""
    return f"zalaczniki/{random_name(filename)}"
