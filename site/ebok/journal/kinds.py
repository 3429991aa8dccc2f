"""Kinds of events: declared in `events.py` files, found through the registry."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ebok.plugins.contract import PluginConfig
from ebok.plugins.registry import registry
from ebok.ports import EventKind


class UnknownKind(LookupError):
    """Nobody declared an event kind of this name."""


def declared() -> Iterator[EventKind]:
    """Every declared kind, rooms first."""
    for _owner, kind in registry.contributions("events"):
        yield kind


def kind(key: str) -> EventKind:
    """The declared kind with this key. Raises `UnknownKind`."""
    for candidate in declared():
        if candidate.key == key:
            return candidate
    raise UnknownKind(f"No events.py declares the event kind “{key}”.")


def title_of(key: str) -> str:
    """The title for lists; a kind whose module is gone still has one that says so."""
    try:
        return str(kind(key).title)
    except UnknownKind:
        return _("%(key)s (module not installed)") % {"key": key}


def choices() -> list[tuple[str, str]]:
    """Keys and titles of the declared kinds, sorted by title, for a filter."""
    return sorted(((item.key, str(item.title)) for item in declared()), key=lambda pair: pair[1].casefold())


def groups() -> list[tuple[str, str]]:
    """Keys and titles of whoever declares kinds, sorted by title: the part before the dot of each kind."""
    found: dict[str, str] = {}
    for owner, item in registry.contributions("events"):
        title = owner.title if isinstance(owner, PluginConfig) else owner.verbose_name
        found.setdefault(item.key.partition(".")[0], str(title))
    return sorted(found.items(), key=lambda pair: pair[1].casefold())


def of_group(group: str) -> list[str]:
    """Keys of the kinds in a group."""
    return [item.key for item in declared() if item.key.partition(".")[0] == group]
