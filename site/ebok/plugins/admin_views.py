"""The "Moduły" screen: every module, its state on every site, and the switches."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from markdown_it import MarkdownIt
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site

from ebok.plugins import activation
from ebok.plugins.contract import PluginConfig
from ebok.plugins.models import PluginActivation
from ebok.plugins.permissions import allowed
from ebok.plugins.registry import UnknownPlugin, registry

KIND_TITLES: dict[str, str | Promise] = {
    "zone": gettext_lazy("Zone"),
    "module": gettext_lazy("Module"),
    "gateway": gettext_lazy("Gateway"),
    "connector": gettext_lazy("Connector"),
}


def may_switch(user: Any) -> bool:
    """Whether this person may see and use the switches; a permission of its own."""
    return allowed(user, "plugins.switch")


@dataclass(frozen=True)
class SiteSwitch:
    """One switch as drawn: where, whether it is on, and what keeps it from being moved."""

    site: Site
    on: bool
    blockers: list[activation.Blocker]
    settings_url: str
    changed: PluginActivation | None


@dataclass(frozen=True)
class ModuleRow:
    """One module as drawn."""

    plugin: PluginConfig
    kind: str | Promise
    switches: list[SiteSwitch]
    requires: list[str]
    enhances: list[str]
    guide_url: str


class SwitchingMixin(WagtailAdminTemplateMixin, View):
    """Admin pages about modules: only for those who may switch them."""

    header_icon = "grip"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse people without the permission."""
        if not may_switch(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ModulesView(SwitchingMixin):
    """Lists the modules; a POST moves one switch."""

    template_name = "plugins/modules.html"
    page_title = gettext_lazy("Modules")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, then here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the screen."""
        return self.render_to_response(self.get_context_data(rows=module_rows(), skipped=registry.skipped))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Move one switch: `site` (id), `plugin` (key), `to` ("on" or "off")."""
        site_id = request.POST.get("site", "")
        key = request.POST.get("plugin", "")
        if not site_id.isdecimal() or len(site_id) > 9 or request.POST.get("to") not in {"on", "off"}:
            raise Http404
        site = get_object_or_404(Site, pk=int(site_id))
        on = request.POST["to"] == "on"
        try:
            plugin = registry.plugin(key)
            switch = activation.enable if on else activation.disable
            switch(site, key, actor=request.user if request.user.is_authenticated else None)
        except UnknownPlugin:
            raise Http404 from None
        except activation.SwitchRefused as refusal:
            messages.error(request, str(refusal))
        else:
            sentence = _("“%(module)s” is on for %(site)s.") if on else _("“%(module)s” is off for %(site)s.")
            messages.success(request, sentence % {"module": plugin.title, "site": site})
        return HttpResponseRedirect(f"{reverse('ebok_modules')}#{key}")


class ModuleGuideView(SwitchingMixin):
    """The README of a module, for the administrator who decides about it."""

    template_name = "plugins/module_guide.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, Modules, then here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("ebok_modules"), "label": _("Modules")},
            {"url": "", "label": self.page_title},
        ]

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """Draw the README."""
        try:
            plugin = registry.plugin(key)
        except UnknownPlugin:
            raise Http404 from None
        self.page_title = plugin.title
        # The text comes from the installed distribution; raw HTML in it is still not let through.
        html = MarkdownIt("js-default").render(guide_text(plugin))
        return self.render_to_response(self.get_context_data(plugin=plugin, guide=mark_safe(html)))  # noqa: S308


def guide_text(plugin: PluginConfig) -> str:
    """The plugin's README.md, or its description when it has none."""
    readme = Path(plugin.path) / "README.md"
    return readme.read_text(encoding="utf-8") if readme.is_file() else str(plugin.description)


def module_rows() -> list[ModuleRow]:
    """All loaded modules with their switches; the number of queries does not grow with modules."""
    sites = list(Site.objects.order_by("-is_default_site", "hostname"))
    rows = {(row.site_id, row.plugin): row for row in PluginActivation.objects.select_related("changed_by")}
    on = {site.pk: activation.enabled_keys(site) for site in sites}
    titles = {plugin.key: str(plugin.title) for plugin in registry.plugins}
    return [
        ModuleRow(
            plugin=plugin,
            kind=KIND_TITLES[plugin.kind],
            switches=[_switch(site, plugin, on[site.pk], rows.get((site.pk, plugin.key))) for site in sites],
            requires=[titles.get(key, key) for key in plugin.requires],
            enhances=[titles[key] for key in plugin.enhances if key in titles],
            guide_url=plugin.documentation or reverse("ebok_module_guide", args=[plugin.key]),
        )
        for plugin in sorted(registry.plugins, key=lambda plugin: (plugin.kind != "zone", titles[plugin.key]))
    ]


def _switch(
    site: Site, plugin: PluginConfig, keys: frozenset[str], row: PluginActivation | None
) -> SiteSwitch:
    on = plugin.key in keys
    find = activation.blockers_of_disabling if on else activation.blockers_of_enabling
    blockers = find(site, plugin, keys)
    return SiteSwitch(site, on, blockers, _settings_url(plugin, site), row)


def _settings_url(plugin: PluginConfig, site: Site) -> str:
    if not plugin.settings_model:
        return ""
    model = apps.get_model(plugin.settings_model)
    try:
        return reverse("wagtailsettings:edit", args=[model._meta.app_label, model._meta.model_name, site.pk])
    except NoReverseMatch:
        # The model is not registered as a setting screen; the module brings its own.
        return ""
