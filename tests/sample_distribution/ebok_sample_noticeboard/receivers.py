"""What the plugin hears from the core."""

from __future__ import annotations

from typing import Any

from ebok.plugins.signals import module_switched

heard: list[tuple[str, bool]] = []
"""What was switched, in order; a real plugin would do something about it."""


def connect() -> None:
    """Start listening; called when Django is ready."""
    module_switched.connect(remember, dispatch_uid="noticeboard-remember")


def remember(plugin: Any, *, enabled: bool, **_kwargs: object) -> None:
    """Note a switch of this plugin."""
    if plugin.key == "noticeboard":
        heard.append((plugin.key, enabled))
