"""Finds plugins through the entry-point group `ebok.plugins`, before Django is set up.

A plugin made for another core version is left out and reported, so the portal stays up. A
plugin that cannot be imported stops the start: half a plugin is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from packaging.specifiers import InvalidSpecifier, SpecifierSet

import ebok
from ebok.plugins.contract import PluginConfig

GROUP = "ebok.plugins"


@dataclass(frozen=True)
class SkippedPlugin:
    """A plugin that was found and left out, with the reason in a sentence."""

    key: str
    title: Any
    """Translated when it is shown: settings are read before translations can be."""
    version: str
    reason: str


@dataclass(frozen=True)
class Discovery:
    """What was found: dotted paths for `INSTALLED_APPS`, and what was left out."""

    apps: tuple[str, ...] = ()
    skipped: tuple[SkippedPlugin, ...] = ()


def discover(only: Iterable[str] = ()) -> Discovery:
    """Find the installed plugins; `only`, when given, narrows them to these keys.

    Raises `ImproperlyConfigured` with the plugin's name when one cannot be imported, when a
    name in `only` is not installed, or when two distributions claim the same key.
    """
    wanted = set(only)
    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=GROUP):
        if entry.name in found and found[entry.name].value != entry.value:
            raise ImproperlyConfigured(
                f"Two distributions offer the plugin “{entry.name}”: "
                f"{found[entry.name].value} and {entry.value}."
            )
        found[entry.name] = entry
    if missing := wanted - set(found):
        raise ImproperlyConfigured(
            f"EBOK_PLUGINS names plugins that are not installed: {', '.join(sorted(missing))}."
        )
    apps: list[str] = []
    skipped: list[SkippedPlugin] = []
    for key in sorted(found):
        if wanted and key not in wanted:
            continue
        config = _load(found[key])
        if reason := core_mismatch(config):
            skipped.append(SkippedPlugin(key, config.title, config.version, reason))
        else:
            apps.append(f"{config.__module__}.{config.__qualname__}")
    return Discovery(tuple(apps), tuple(skipped))


def core_mismatch(config: type[PluginConfig]) -> str:
    """Why this core is not one the plugin accepts, or an empty string when it is."""
    try:
        accepted = SpecifierSet(config.core)
    except InvalidSpecifier:
        return f"Its list of accepted core versions, “{config.core}”, cannot be read."
    if accepted.contains(ebok.__version__, prereleases=True):
        return ""
    return f"It was made for core {config.core}; this is {ebok.__version__}."


def _load(entry: EntryPoint) -> type[PluginConfig]:
    try:
        config = entry.load()
    except Exception as error:
        raise ImproperlyConfigured(
            f"The plugin “{entry.name}” ({entry.value}) cannot be imported: {type(error).__name__}: {error}"
        ) from error
    if not (isinstance(config, type) and issubclass(config, PluginConfig)):
        raise ImproperlyConfigured(f"The plugin “{entry.name}” ({entry.value}) is not a PluginConfig.")
    if config.key != entry.name:
        raise ImproperlyConfigured(
            f"The plugin “{entry.name}” calls itself “{config.key}”; key and entry-point name must be equal."
        )
    return config
