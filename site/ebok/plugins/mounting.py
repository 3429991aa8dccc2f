"""Builds the URL patterns of all plugins: `<zone>:<plugin>:<view>`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from ebok.plugins.contract import PluginConfig
from ebok.plugins.registry import registry, submodule


def zone_patterns() -> list[URLPattern | URLResolver]:
    """One include for each zone, with every plugin that has `urls/<zone>.py` inside it."""
    return [
        path(zone.path, include((_patterns_of(zone.key), key), namespace=key))
        for key, (zone, _plugin) in sorted(registry.zones.items())
    ]


def public_patterns() -> list[URLPattern | URLResolver]:
    """The public zone as a fourth mount: plugins' own paths beside the page tree."""
    return [path("", include((_patterns_of("public"), "public"), namespace="public"))]


def webhook_patterns() -> list[URLPattern | URLResolver]:
    """Addresses other systems call; they answer even when the plugin is off."""
    patterns: list[URLPattern | URLResolver] = []
    for plugin in registry.plugins:
        if urls := submodule(plugin, "urls.webhooks"):
            patterns.append(
                path(f"{plugin.key}/", include((urls.urlpatterns, plugin.key), namespace=plugin.key))
            )
    return [path("webhooks/", include((patterns, "webhooks"), namespace="webhooks"))]


def reserved_slugs() -> frozenset[str]:
    """First path segments that plugins and zones own; no page below the home page may take one."""
    paths = [zone.path for zone, _plugin in registry.zones.values()]
    paths += [plugin.mounts["public"] for plugin in registry.plugins if "public" in plugin.mounts]
    return frozenset(path.split("/")[0] for path in paths if path) | CORE_SLUGS


CORE_SLUGS = frozenset(
    {
        "admin",
        "en",
        "konto",
        "media",
        "static",
        "webhooks",
        "skrzynka",
        "wyglad",
        "zdrowie",
        "dokument",
        "sitemap.xml",
    }
)
"""First path segments of the core itself."""


def mount_path(plugin: PluginConfig, zone: str) -> str:
    """The path of the plugin inside the zone; its key when it declares none."""
    return plugin.mounts.get(zone, f"{plugin.key}/")


def _patterns_of(zone: str) -> list[URLPattern | URLResolver]:
    patterns: list[URLPattern | URLResolver] = []
    for plugin in registry.plugins:
        if urls := submodule(plugin, f"urls.{zone}"):
            patterns.append(
                path(
                    mount_path(plugin, zone),
                    include((urls.urlpatterns, plugin.key), namespace=plugin.key),
                )
            )
    return patterns
