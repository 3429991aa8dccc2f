"""Where private files are kept: outside the media folder, so that no address leads to them."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage


class PrivateFiles(FileSystemStorage):
    """Files of one room or module, under its own folder of `EBOK_PRIVATE_ROOT`. They have no address."""

    def __init__(self, folder: str) -> None:
        super().__init__(file_permissions_mode=0o640, directory_permissions_mode=0o750)
        self.folder = folder

    @property
    def base_location(self) -> str:
        """The folder; read anew each time, so that settings may change."""
        return str(private_root() / self.folder)

    @property
    def location(self) -> str:
        """The same, absolute."""
        return str(Path(self.base_location).resolve())

    def url(self, name: str | None) -> str:
        """Only views hand these files out. Raises `ValueError`."""
        raise ValueError("Private files have no address.")


def private_root() -> Path:
    """The folder of all private files: `EBOK_PRIVATE_ROOT`, or `private/` of the runtime folder."""
    return Path(getattr(settings, "EBOK_PRIVATE_ROOT", "") or Path(settings.EBOK_RUNTIME_DIR) / "private")


def random_name(filename: str) -> str:
    """A name that tells nothing, in one of 256 folders; the extension has been checked by then."""
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name}.{Path(filename).suffix.lstrip('.').lower()}"
