"""System checks of the journal (ebok.E2xx); the switchboard checks the declared kinds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections

from ebok.journal import guards


def register_all() -> None:
    """Register every check of this room."""
    register(check_key)
    register(check_guards, Tags.database)


def check_key(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """The chain is worth as much as the secrecy of its key; an empty one is none."""
    if settings.EBOK_JOURNAL_KEY:
        return []
    return [Error("EBOK_JOURNAL_KEY is empty, so anybody could forge the journal.", id="ebok.E201")]


def check_guards(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """The triggers are there, once the tables are."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        try:
            tables = set(connections[alias].introspection.table_names())
            missing = guards.missing(alias) if set(guards.TABLES) <= tables else set()
        except DatabaseError:
            # An unreachable database is somebody else's message.
            continue
        found += [
            Error(
                f"The guard {trigger} on {table} is missing in the database “{alias}”.",
                hint="Run manage.py migrate: it puts missing guards back.",
                id="ebok.E202",
            )
            for table, trigger in sorted(missing)
        ]
    return found
