"""Where the exchange keeps what it received and what it works on."""

from __future__ import annotations

from pathlib import Path

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


def staging_folder() -> Path:
    """The folder of the staging databases that SQLite attaches."""
    folder = exchange_folder() / "staging"
    folder.mkdir(exist_ok=True, mode=0o750)
    return folder
