"""System checks: every icon that navigation names must exist."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from ebok.look.icons import exists
from ebok.plugins.registry import registry


@register
def navigation_icons(**kwargs: Any) -> list[CheckMessage]:
    """Report navigation items whose icon is no file of `templates/icons/`."""
    return [
        Error(
            f"Navigation item {item.view!r} of {owner.key!r} names a missing icon: {item.icon!r}.",
            hint="Use a file name from templates/icons/ without its ending, or bring the file.",
            id="ebok.E060",
        )
        for owner, item in registry.contributions("navigation")
        if not exists(item.icon)
    ]
