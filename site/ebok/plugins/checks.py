"""System checks of the plugin contract, `ebok.E001` and on: wrong declarations stop the start."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from ebok.plugins.contract import KINDS, PluginConfig
from ebok.plugins.mounting import CORE_SLUGS, mount_path
from ebok.plugins.registry import (
    KINDS_OF_CONTRIBUTION,
    ContributionError,
    has_submodule,
    registry,
    submodule,
)
from ebok.plugins.shadowing import shadowed_address
from ebok.ports import Erasure

KEY = re.compile(r"^[a-z][a-z0-9_]{1,63}$")
ZONES = ("client", "employee", "mobile", "public")
NAMED_KINDS = (
    ("events", "key"),
    ("permissions", "name"),
    ("tasks", "key"),
    ("status", "key"),
    ("search_sources", "key"),
    ("sitemap_sources", "key"),
    ("outlets", "key"),
    ("data_sources", "key"),
    ("message_channels", "key"),
    ("identity_providers", "key"),
)
"""Contributions whose names are unique in the whole portal and begin with their owner's key."""


def register_all() -> None:
    """Hand the checks to Django."""
    register(check_declarations)
    register(check_contributions)
    register(check_skipped)


def check_declarations(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """Keys, kinds, requirements, mounts and settings models of all plugins."""
    plugins = registry.plugins
    keys = {plugin.key for plugin in plugins}
    found: list[CheckMessage] = []
    for plugin in plugins:
        found += _declaration_errors(plugin, keys)
    found += _cycle_errors({plugin.key: plugin.requires for plugin in plugins})
    found += _mount_errors(plugins)
    return found


def check_contributions(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """What the files named after contributions hold."""
    try:
        contributed = {name: registry.contributions(name) for name in KINDS_OF_CONTRIBUTION}
    except ContributionError as error:
        return [Error(str(error), id="ebok.E010")]
    return [
        *_name_errors(contributed),
        *_erasure_errors(contributed["events"]),
        *_permission_errors(contributed),
    ]


def check_skipped(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """Plugins left out because they were made for another core."""
    return [
        checks.Warning(f"Plugin “{skipped.key}” is left out. {skipped.reason}", id="ebok.W020")
        for skipped in registry.skipped
    ]


def _declaration_errors(plugin: PluginConfig, keys: set[str]) -> Iterator[CheckMessage]:
    if not KEY.match(plugin.key):
        yield Error(f"{plugin.name}: key “{plugin.key}” is not a slug.", id="ebok.E001")
    if plugin.kind not in KINDS:
        yield Error(f"{plugin.name}: kind “{plugin.kind}” is not one of {', '.join(KINDS)}.", id="ebok.E002")
    if (plugin.kind == "zone") != (plugin.zone is not None):
        yield Error(f"{plugin.name}: a plugin of kind “zone”, and no other, declares a Zone.", id="ebok.E003")
    if plugin.key in (*plugin.requires, *plugin.enhances):
        yield Error(f"{plugin.name}: it names itself in requires or enhances.", id="ebok.E004")
    for other in sorted(set(plugin.requires) - keys):
        yield checks.Warning(f"{plugin.name}: requires “{other}”, which is not installed.", id="ebok.W004")
    if plugin.settings_model:
        try:
            apps.get_model(plugin.settings_model)
        except (LookupError, ValueError):
            yield Error(f"{plugin.name}: no model “{plugin.settings_model}”.", id="ebok.E005")
    for zone, mount in plugin.mounts.items():
        yield from _one_mount_errors(plugin, zone, mount)


def _one_mount_errors(plugin: PluginConfig, zone: str, mount: str) -> Iterator[CheckMessage]:
    if zone not in ZONES and zone not in registry.zones:
        yield Error(f"{plugin.name}: mounts into an unknown zone “{zone}”.", id="ebok.E006")
    if mount.startswith("/") or (mount and not mount.endswith("/")):
        yield Error(f"{plugin.name}: mount “{mount}” must not begin and must end with “/”.", id="ebok.E007")
    if not has_submodule(plugin, f"urls.{zone}"):
        yield Error(f"{plugin.name}: mounts into “{zone}” and has no urls/{zone}.py.", id="ebok.E008")


def _name_errors(contributed: dict[str, list[tuple[Any, Any]]]) -> Iterator[CheckMessage]:
    for kind, attribute in NAMED_KINDS:
        names = [(owner, getattr(item, attribute)) for owner, item in contributed[kind]]
        for name, times in Counter(name for _owner, name in names).items():
            if times > 1:
                yield Error(f"“{name}” is declared {times} times in {kind}.", id="ebok.E011")
        for owner, name in names:
            if not name.startswith(f"{owner.key}."):
                yield Error(
                    f"{owner.name}/{kind}.py: “{name}” must begin with “{owner.key}.”.", id="ebok.E012"
                )


def _erasure_errors(events: list[tuple[Any, Any]]) -> Iterator[CheckMessage]:
    for owner, event in events:
        if not isinstance(event.erasure, Erasure):
            yield Error(
                f"{owner.name}/events.py: “{event.key}” does not say how it is erased.", id="ebok.E013"
            )


def _permission_errors(contributed: dict[str, list[tuple[Any, Any]]]) -> Iterator[CheckMessage]:
    permissions = {item.name for _owner, item in contributed["permissions"]}
    for kind in ("navigation", "cards"):
        for owner, item in contributed[kind]:
            if item.permission and item.permission not in permissions:
                yield Error(
                    f"{owner.name}/{kind}.py: unknown permission “{item.permission}”.", id="ebok.E014"
                )


def _cycle_errors(requires: dict[str, tuple[str, ...]]) -> Iterator[CheckMessage]:
    for start, needed in requires.items():
        seen: set[str] = set()
        queue = list(needed)
        while queue:
            key = queue.pop()
            if key == start:
                yield Error(f"Plugin “{start}” requires itself through others.", id="ebok.E009")
                break
            if key not in seen:
                seen.add(key)
                queue += requires.get(key, ())


def _mount_errors(plugins: tuple[PluginConfig, ...]) -> Iterator[CheckMessage]:
    for zone in dict.fromkeys((*ZONES, *registry.zones)):
        mounted = [
            (mount_path(plugin, zone), plugin) for plugin in plugins if has_submodule(plugin, f"urls.{zone}")
        ]
        for (outer, one), (inner, other) in itertools.permutations(mounted, 2):
            if outer == inner and plugins.index(one) < plugins.index(other):
                yield Error(
                    f"“{one.key}” and “{other.key}” both mount at {inner!r} in {zone}.", id="ebok.E015"
                )
            elif outer != inner and inner.startswith(outer):
                yield from _shadow_errors(zone, one, other, inner.removeprefix(outer))
        for mount, plugin in mounted:
            if zone == "public" and mount.split("/")[0] in CORE_SLUGS | {""}:
                yield Error(f"{plugin.name}: the public path {mount!r} belongs to the core.", id="ebok.E016")


def _shadow_errors(zone: str, outer: PluginConfig, inner: PluginConfig, below: str) -> Iterator[CheckMessage]:
    above, under = (
        getattr(submodule(plugin, f"urls.{zone}"), "urlpatterns", []) for plugin in (outer, inner)
    )
    if address := shadowed_address(above, below, under):
        full = mount_path(outer, zone) + address
        yield Error(f"“{outer.key}” and “{inner.key}” both answer at {full!r} in {zone}.", id="ebok.E015")
