"""Where photographs of meters lie: outside the media folder, so that no address leads to them."""

from __future__ import annotations

from django.core.files.storage import Storage

from ebok.files.keeping import PrivateFiles, random_name

_photos = PrivateFiles("e_odczyt")


def photo_storage() -> Storage:
    """The storage, as a callable so that migrations do not carry its folder."""
    return _photos


def photo_path(_reading: object, filename: str) -> str:
    """A random name: the database alone knows whose meter it shows."""
    return random_name(filename)


_remote = PrivateFiles("e_odczyt_remote")


def remote_storage() -> Storage:
    """Where files of remote readings lie as they came."""
    return _remote


def remote_path(_file: object, filename: str) -> str:
    """A random name: what the sender called it lives in the database only."""
    return random_name(filename)
