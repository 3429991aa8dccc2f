"""Switching plugins on and off for a site, and asking which are on.

There is no cache in the process: the next request in every worker sees a switch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.plugins.models import PluginActivation
from ebok.plugins.registry import UnknownPlugin, registry
from ebok.plugins.signals import module_switched

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ebok.plugins.contract import PluginConfig


@dataclass(frozen=True)
class Blocker:
    """Why a plugin cannot be switched now: a sentence, and the page where that is mended."""

    sentence: str
    mend_url: str


class SwitchRefused(Exception):
    """The plugin cannot be switched; `blockers` say why, one by one."""

    def __init__(self, blockers: list[Blocker]) -> None:
        super().__init__(" ".join(blocker.sentence for blocker in blockers))
        self.blockers = blockers


def enabled_keys(site: Site | None) -> frozenset[str]:
    """Keys of the plugins that are on for this site (one query); of loaded plugins only."""
    if site is None:
        return frozenset()
    keys = PluginActivation.objects.filter(site_id=site.pk, enabled=True).values_list("plugin", flat=True)
    loaded = {plugin.key for plugin in registry.plugins}
    return frozenset(key for key in keys if key in loaded)


def is_enabled(site: Site | None, key: str) -> bool:
    """Whether the plugin is on for this site. An unknown plugin is off."""
    return key in enabled_keys(site)


def first_site_with(key: str) -> Site | None:
    """The site in whose name a module works where nothing names one: the default one first."""
    sites = Site.objects.order_by("-is_default_site", "pk")
    return next((site for site in sites if is_enabled(site, key)), None)


def enabled_anywhere(key: str, request: HttpRequest) -> bool:
    """Whether the plugin is on for at least one site; its admin screens answer 404 otherwise.

    One query for all plugins while one request is answered: each of them asks for its menu entry.
    """
    known: frozenset[str] | None = getattr(request, "ebok_enabled_anywhere", None)
    if known is None:
        on = PluginActivation.objects.filter(enabled=True)
        known = frozenset(on.values_list("plugin", flat=True))
        request.ebok_enabled_anywhere = known  # type: ignore[attr-defined]
    return key in known


def blockers_of_enabling(site: Site, plugin: PluginConfig, on: frozenset[str] | None = None) -> list[Blocker]:
    """What must be mended before the plugin can be switched on: missing plugins, missing settings.

    `on`: the enabled keys of the site, where the caller has read them already.
    """
    found: list[Blocker] = []
    on = enabled_keys(site) if on is None else on
    for key in plugin.requires:
        try:
            title = registry.plugin(key).title
        except UnknownPlugin:
            found.append(
                Blocker(
                    _("Module “%(key)s” is required and is not installed.") % {"key": key}, _modules_url()
                )
            )
            continue
        if key not in on:
            found.append(
                Blocker(
                    _("First switch on the module “%(title)s”.") % {"title": title},
                    f"{_modules_url()}#{key}",
                )
            )
    if plugin.settings_model:
        model = apps.get_model(plugin.settings_model)
        settings = model.for_site(site)
        for setting in getattr(settings, "missing_settings", list)():
            found.append(
                Blocker(_("Fill in the setting “%(title)s”.") % {"title": setting.title}, setting.edit_url)
            )
    return found


def blockers_of_disabling(
    site: Site, plugin: PluginConfig, on: frozenset[str] | None = None
) -> list[Blocker]:
    """Enabled plugins that require this one; `on` as in `blockers_of_enabling`."""
    on = enabled_keys(site) if on is None else on
    return [
        Blocker(
            _("First switch off the module “%(title)s”, which needs this one.") % {"title": other.title},
            f"{_modules_url()}#{other.key}",
        )
        for other in registry.plugins
        if other.key in on and plugin.key in other.requires
    ]


def enable(site: Site, key: str, *, actor: Any | None = None) -> bool:
    """Switch the plugin on for the site; returns whether anything changed.

    Raises `UnknownPlugin`, or `SwitchRefused` with the blockers.
    """
    return _switch(site, registry.plugin(key), on=True, actor=actor)


def disable(site: Site, key: str, *, actor: Any | None = None) -> bool:
    """Switch the plugin off for the site; deletes nothing. Returns whether anything changed.

    Raises `UnknownPlugin`, or `SwitchRefused` while an enabled plugin requires it.
    """
    return _switch(site, registry.plugin(key), on=False, actor=actor)


def _switch(site: Site, plugin: PluginConfig, *, on: bool, actor: Any | None) -> bool:
    with transaction.atomic():
        # Two administrators at once: the site row is the lock, so blockers are judged one at a time.
        Site.objects.select_for_update().get(pk=site.pk)
        row, _created = PluginActivation.objects.get_or_create(site=site, plugin=plugin.key)
        if row.enabled is on:
            return False
        if blockers := (blockers_of_enabling if on else blockers_of_disabling)(site, plugin):
            raise SwitchRefused(blockers)
        row.enabled = on
        row.changed_by = actor
        row.save()
        (plugin.enabled if on else plugin.disabled)(site)
        module_switched.send(sender=type(plugin), site=site, plugin=plugin, enabled=on, actor=actor)
    return True


def _modules_url() -> str:
    try:
        return reverse("ebok_modules")
    except NoReverseMatch:
        # A deployment without the admin still gets its sentences.
        return ""
