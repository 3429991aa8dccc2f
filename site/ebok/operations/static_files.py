"""Collects static files, but only when something in them changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command


def collect_when_changed() -> int:
    """Run collectstatic unless the same files were collected before; how many files were found."""
    target = Path(settings.STATIC_ROOT)
    # Beside the folder and not in it: everything in it is served.
    stamp = target.parent / f".{target.name}.collected"
    fingerprint, count = _fingerprint()
    if target.is_dir() and stamp.is_file() and stamp.read_text() == fingerprint:
        return 0
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    _open_to_proxy(target)
    stamp.write_text(fingerprint)
    return count


def _open_to_proxy(target: Path) -> None:
    """Uploaded files are closed to other users of the machine; these are public, and nginx reads them."""
    target.chmod(0o755)
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _fingerprint() -> tuple[str, int]:
    """A word that changes with the name, size or time of any file, and their number."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    count = 0
    for finder in finders.get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
            count += 1
    return digest.hexdigest(), count
