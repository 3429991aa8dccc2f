"""Letters about accounts: the room below asks for them, and they go the way of every message."""

from __future__ import annotations

from typing import Any

from ebok.accounts.signals import letter_wanted
from ebok.notifications.services import send


def store_letter(sender: Any, *, kind: str, signal: Any, **letter: Any) -> None:
    """Store it in the caller's transaction; the worker sends it."""
    send(kind, **letter)


def connect() -> None:
    """Hear of letters that are wanted."""
    letter_wanted.connect(store_letter, dispatch_uid="ebok-notifications-account-letters")
