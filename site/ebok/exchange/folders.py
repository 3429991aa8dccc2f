"""Where the exchange keeps what it received and what it works on."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from django.conf import settings


def exchange_folder() -> Path:
    """The folder of the exchange; made when it is missing, for nobody else to read."""
    folder = Path(settings.EBOK_RUNTIME_DIR) / "exchange"
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    return folder


def received_folder() -> Path:
    """The folder under which each delivery has one of its own."""
    folder = exchange_folder() / "received"
    folder.mkdir(exist_ok=True, mode=0o750)
    return folder


ATTACHED = frozenset({".pdf", ".jpg", ".jpeg", ".png"})
"""Files an archive may hold beside its tables; rows of tables name them."""
ATTACHED_FOLDER = ".attached"
"""Where they lie in a kept delivery: hidden, so that nobody takes them for tables."""


def attached_file(stored_as: str, name: str) -> Path | None:
    """The file a row of the kept delivery names, or None when the delivery does not hold it."""
    plain = PurePosixPath(name.replace("\\", "/")).name
    if not plain or plain.startswith(".") or PurePosixPath(plain).suffix.lower() not in ATTACHED:
        return None
    found = received_folder() / stored_as / ATTACHED_FOLDER / plain
    return found if found.is_file() else None


def staging_folder() -> Path:
    """The folder of the staging databases that SQLite attaches."""
    folder = exchange_folder() / "staging"
    folder.mkdir(exist_ok=True, mode=0o750)
    return folder
