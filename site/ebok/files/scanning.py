"""The hook for a virus scanner: a dotted path in the setting `EBOK_ANTIVIRUS`.

It names a function that takes the open file and returns True when it is clean. Without one,
attachments are marked "not scanned" and staff see that word beside each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from django.conf import settings
from django.utils.module_loading import import_string

Scanner = Callable[[IO[bytes]], bool]


def scanner() -> Scanner | None:
    """The configured scanner, or None. Raises `ImportError` when the path leads nowhere."""
    path = getattr(settings, "EBOK_ANTIVIRUS", "")
    return import_string(path) if path else None
