"""`manage.py ebok_plugins list|enable|disable|removal-report`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Site

from ebok.plugins import activation
from ebok.plugins.contract import PluginConfig
from ebok.plugins.registry import UnknownPlugin, registry
from ebok.plugins.removal import removal_report


class Command(BaseCommand):
    """Lists the plugins and moves their switches from the command line."""

    help = "List plugins, switch them on or off for a site, or report what removing one would leave."

    def add_arguments(self, parser: CommandParser) -> None:
        """The four verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="every plugin with its version and the sites where it is on")
        for verb in ("enable", "disable"):
            one = verbs.add_parser(verb, help=f"{verb} a plugin (with --all-sites: everywhere)")
            one.add_argument("key")
            one.add_argument("--site", help="host name of the site; the default site when left out")
            one.add_argument("--all-sites", action="store_true")
        report = verbs.add_parser("removal-report", help="what uninstalling a plugin would leave behind")
        report.add_argument("key")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one verb."""
        match options["verb"]:
            case "list":
                self._list()
            case "enable" | "disable":
                self._switch(options)
            case "removal-report":
                self._report(options["key"])

    def _list(self) -> None:
        sites = list(Site.objects.order_by("hostname"))
        on = {site: activation.enabled_keys(site) for site in sites}
        for plugin in registry.plugins:
            where = ", ".join(site.hostname for site in sites if plugin.key in on[site]) or "off"
            self.stdout.write(f"{plugin.key:<20} {plugin.version or '-':<10} {plugin.kind:<10} {where}")
        for skipped in registry.skipped:
            self.stdout.write(
                self.style.ERROR(f"{skipped.key:<20} {skipped.version or '-':<10} left out: {skipped.reason}")
            )

    def _switch(self, options: dict[str, Any]) -> None:
        on = options["verb"] == "enable"
        plugin = _plugin(options["key"])
        for site in _sites(options["site"], everywhere=options["all_sites"]):
            try:
                changed = (activation.enable if on else activation.disable)(site, plugin.key)
            except activation.SwitchRefused as refusal:
                raise CommandError(f"{site.hostname}: {refusal}") from None
            state = "on" if on else "off"
            note = "" if changed else " (it already was)"
            self.stdout.write(f"{plugin.key} is {state} for {site.hostname}{note}.")

    def _report(self, key: str) -> None:
        plugin = _plugin(key)
        report = removal_report(plugin)
        self.stdout.write(f"Removing {plugin.key} would leave behind:")
        for table, rows in report.tables.items():
            self.stdout.write(f"  table {table}: {rows} rows (kept until you drop it)")
        for inset, uses in report.insets.items():
            self.stdout.write(
                f"  inset {inset}: used in {uses} pages, snippets and drafts (kept, shown as nothing)"
            )
        for site in report.sites:
            self.stdout.write(f"  it is on for {site}: switch it off first")
        for other in report.dependants:
            self.stdout.write(f"  {other} requires it")
        if not (report.tables or report.insets or report.sites or report.dependants):
            self.stdout.write("  nothing.")


def _plugin(key: str) -> PluginConfig:
    try:
        return registry.plugin(key)
    except UnknownPlugin:
        known = ", ".join(plugin.key for plugin in registry.plugins)
        raise CommandError(f"No plugin “{key}”. Installed: {known}.") from None


def _sites(hostname: str | None, *, everywhere: bool) -> list[Site]:
    if everywhere:
        return list(Site.objects.order_by("pk"))
    sites = Site.objects.filter(hostname=hostname) if hostname else Site.objects.filter(is_default_site=True)
    if not sites:
        raise CommandError(f"No site “{hostname or 'default'}”.")
    return list(sites)
