"""Where this module keeps its files: outside the media folder, so that no address leads to them."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from django.utils.functional import LazyObject, empty


class PrivateFiles(LazyObject):
    """Storage under `EBOK_PRIVATE_ROOT`, or `private/` of the runtime folder; it gives no URLs."""

    def _setup(self) -> None:
        self._wrapped = FileSystemStorage(
            location=private_root() / "e_dokument", base_url=None, file_permissions_mode=0o640
        )

    def forget(self) -> None:
        """Read the settings again on next use; only tests that change them need this."""
        self._wrapped = empty


def private_root() -> Path:
    """The folder of files that only views hand out."""
    return Path(getattr(settings, "EBOK_PRIVATE_ROOT", "") or Path(settings.EBOK_RUNTIME_DIR) / "private")


private_files: Any = PrivateFiles()


def storage() -> Storage:
    """The storage, as a callable so that migrations do not carry its folder."""
    return private_files  # type: ignore[no-any-return]


def template_path(_instance: object, filename: str) -> str:
    """A random name for a document's file; the extension has been checked by then."""
    return f"dokumenty/{_random_name(filename)}"


def attachment_path(_instance: object, filename: str) -> str:
    """A random name for an attachment: what the sender called it lives in the database only."""
    return f"zalaczniki/{_random_name(filename)}"


def _random_name(filename: str) -> str:
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name}.{Path(filename).suffix.lstrip('.').lower()}"
