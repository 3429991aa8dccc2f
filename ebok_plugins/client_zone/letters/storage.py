"""Where files with letters lie: outside the media folder, so that no address leads to them."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage

FOLDER = "listy"


class LetterFiles(FileSystemStorage):
    """Files under `EBOK_PRIVATE_ROOT`; only the employee who may order letters gets them, from a view."""

    @property
    def base_location(self) -> str:
        """The folder; read anew each time, so that settings may change."""
        root = getattr(settings, "EBOK_PRIVATE_ROOT", "") or Path(settings.EBOK_RUNTIME_DIR) / "private"
        return str(Path(root) / "client_zone")

    @property
    def location(self) -> str:
        """The same, absolute."""
        return str(Path(self.base_location).resolve())

    def url(self, name: str | None) -> str:
        """Only views hand these files out. Raises `ValueError`."""
        raise ValueError("Private files have no address.")


files = LetterFiles(file_permissions_mode=0o640, directory_permissions_mode=0o750)


def new_name() -> str:
    """A random name: what is inside is known to the database only."""
    name = secrets.token_hex(20)
    return f"{FOLDER}/{name[:2]}/{name}.pdf"


def names() -> list[str]:
    """Every file that lies there."""
    if not files.exists(FOLDER):
        return []
    folders, _files = files.listdir(FOLDER)
    return [
        f"{FOLDER}/{folder}/{name}" for folder in folders for name in files.listdir(f"{FOLDER}/{folder}")[1]
    ]
