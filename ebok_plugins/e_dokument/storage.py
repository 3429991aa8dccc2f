"""Where this module keeps its files: outside the media folder, so that no address leads to them."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage


class PrivateFiles(FileSystemStorage):
    """Files under `EBOK_PRIVATE_ROOT`, or `private/` of the runtime folder. They have no address."""

    @property
    def base_location(self) -> str:
        """The folder of this module's files; read anew each time, so that settings may change."""
        return str(private_root() / "e_dokument")

    @property
    def location(self) -> str:
        """The same, absolute."""
        return str(Path(self.base_location).resolve())

    def url(self, name: str | None) -> str:
        """Only views hand these files out. Raises `ValueError`."""
        raise ValueError("Private files have no address.")


def private_root() -> Path:
    """The folder of files that only views hand out."""
    return Path(getattr(settings, "EBOK_PRIVATE_ROOT", "") or Path(settings.EBOK_RUNTIME_DIR) / "private")


_files = PrivateFiles(file_permissions_mode=0o640, directory_permissions_mode=0o750)


def storage() -> Storage:
    """The storage, as a callable so that migrations do not carry its folder."""
    return _files


def template_path(_instance: object, filename: str) -> str:
    """A random name for a document's file; the extension has been checked by then."""
    return f"dokumenty/{_random_name(filename)}"


def attachment_path(_instance: object, filename: str) -> str:
    """A random name for an attachment: what the sender called it lives in the database only."""
    return f"zalaczniki/{_random_name(filename)}"


def _random_name(filename: str) -> str:
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name}.{Path(filename).suffix.lstrip('.').lower()}"
