"""System checks of accounts (ebok.W3xx)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 (Django's name)


def register_all() -> None:
    """Register every check of this room."""
    register(check_second_step, Tags.security, deploy=True)


def check_second_step(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """Whoever sees other people's data should need more than a password."""
    if settings.EBOK_STAFF_SECOND_FACTOR:
        return []
    return [
        Warning(
            "EBOK_STAFF_SECOND_FACTOR is off: a stolen password opens every customer's data.",
            hint="Remove it from the environment; staff are led to set up a second step at their next visit.",
            id="ebok.W301",
        )
    ]
