"""The one place that knows which plugins are loaded and what they contribute.

Contributions are found by file name when Django is ready. What is wrong with one is said at
once: `ContributionError` names the file, and nothing half-declared gets through.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.utils.module_loading import module_has_submodule

from ebok.plugins.contract import PluginConfig, RoomConfig
from ebok.plugins.discovery import SkippedPlugin
from ebok.ports import (
    CustomerSection,
    DashboardCard,
    Dataset,
    DataSource,
    EventKind,
    IdentityProvider,
    Inset,
    MessageChannel,
    NavItem,
    Outlet,
    PeriodicTask,
    Permission,
    SearchSource,
    SitemapSource,
    StatusCheck,
    Zone,
)

KINDS_OF_CONTRIBUTION: dict[str, type] = {
    "navigation": NavItem,
    "cards": DashboardCard,
    "customer_sections": CustomerSection,
    "permissions": Permission,
    "events": EventKind,
    "status": StatusCheck,
    "tasks": PeriodicTask,
    "insets": Inset,
    "datasets": Dataset,
    "outlets": Outlet,
    "data_sources": DataSource,
    "message_channels": MessageChannel,
    "identity_providers": IdentityProvider,
    "search_sources": SearchSource,
    "sitemap_sources": SitemapSource,
}
"""File name (and name of the list in it) to the declaration it holds."""


class ContributionError(Exception):
    """A plugin's file does not hold what its name promises."""


class UnknownPlugin(LookupError):
    """No loaded plugin has this key."""


Owner = RoomConfig | PluginConfig


class Registry:
    """Read-only view of the loaded plugins and rooms, filled on first use."""

    @functools.cached_property
    def owners(self) -> tuple[Owner, ...]:
        """Rooms first, then plugins by key: the order in which contributions appear."""
        rooms = [app for app in apps.get_app_configs() if isinstance(app, RoomConfig)]
        return (*reversed(rooms), *self.plugins)

    @functools.cached_property
    def plugins(self) -> tuple[PluginConfig, ...]:
        """Loaded plugins in the order of their keys."""
        found = [app for app in apps.get_app_configs() if isinstance(app, PluginConfig)]
        return tuple(sorted(found, key=lambda plugin: plugin.key))

    @property
    def skipped(self) -> tuple[SkippedPlugin, ...]:
        """Plugins that were found and left out, with reasons."""
        return tuple(settings.EBOK_PLUGINS.skipped)

    def plugin(self, key: str) -> PluginConfig:
        """The loaded plugin with this key. Raises `UnknownPlugin`."""
        try:
            return self._by_key[key]
        except KeyError:
            raise UnknownPlugin(key) from None

    @functools.cached_property
    def _by_key(self) -> dict[str, PluginConfig]:
        return {plugin.key: plugin for plugin in self.plugins}

    @functools.cached_property
    def zones(self) -> dict[str, tuple[Zone, PluginConfig]]:
        """Zone key to the zone and the plugin that opens it."""
        return {plugin.zone.key: (plugin.zone, plugin) for plugin in self.plugins if plugin.zone}

    def contributions(self, name: str) -> list[tuple[Owner, Any]]:
        """All contributions of one kind as (owner, declaration), rooms first."""
        return self._contributions[name]

    @functools.cached_property
    def _contributions(self) -> dict[str, list[tuple[Owner, Any]]]:
        return {
            name: [(owner, item) for owner in self.owners for item in _declared(owner, name, kind)]
            for name, kind in KINDS_OF_CONTRIBUTION.items()
        }

    def forget(self) -> None:
        """Collect again on next use; only tests that change the installed apps need this."""
        for name in ("owners", "plugins", "_by_key", "zones", "_contributions"):
            self.__dict__.pop(name, None)


def submodule(owner: AppConfig, name: str) -> Any | None:
    """The owner's module of that name (`urls.client`, `demo`), or None when it has no such file."""
    parts = name.split(".")
    package = owner.module
    for part in parts[:-1]:
        if package is None or not module_has_submodule(package, part):
            return None
        package = import_module(f"{package.__name__}.{part}")
    if package is None or not module_has_submodule(package, parts[-1]):
        return None
    return import_module(f"{package.__name__}.{parts[-1]}")


def has_submodule(owner: AppConfig, name: str) -> bool:
    """Whether the owner has this file, without importing it."""
    try:
        return find_spec(f"{owner.name}.{name}") is not None
    except ModuleNotFoundError:
        return False


def _declared(owner: Owner, name: str, kind: type) -> Iterator[Any]:
    module = submodule(owner, name)
    if module is None:
        return
    place = f"{owner.name}/{name}.py"
    items = getattr(module, name, None)
    if not isinstance(items, list | tuple):
        raise ContributionError(f"{place} must hold a list named “{name}”.")
    for item in items:
        if not isinstance(item, kind):
            raise ContributionError(f"{place} holds {item!r}, which is not a {kind.__name__}.")
        yield item


registry = Registry()
