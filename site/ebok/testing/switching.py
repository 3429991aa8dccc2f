"""Switching plugins on and off in tests, with everything they need."""

from __future__ import annotations

from wagtail.models import Site

from ebok.plugins.activation import disable, enable, enabled_keys
from ebok.plugins.contract import PluginConfig
from ebok.plugins.registry import registry, submodule


def switch_on(site: Site, key: str) -> PluginConfig:
    """Switch on a plugin, what it requires, and the zones it has pages in; returns the plugin.

    Settings must be filled in before (`samples.configure`). Raises `SwitchRefused` otherwise.
    """
    plugin = registry.plugin(key)
    for required in plugin.requires:
        switch_on(site, required)
    for zone, (_zone, opener) in registry.zones.items():
        if opener.key != key and submodule(plugin, f"urls.{zone}"):
            switch_on(site, opener.key)
    enable(site, key)
    return plugin


def switch_off(site: Site, key: str) -> None:
    """Switch off a plugin, and before it those that require it."""
    on = enabled_keys(site)
    for other in registry.plugins:
        if key in other.requires and other.key in on:
            switch_off(site, other.key)
    disable(site, key)
