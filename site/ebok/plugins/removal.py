"""What removing a plugin's distribution would leave behind, so that nobody has to guess."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection, models
from wagtail.models import Revision

from ebok.plugins.contract import PluginConfig
from ebok.plugins.insets import InsetStreamField, stored_name
from ebok.plugins.models import PluginActivation
from ebok.plugins.registry import registry


@dataclass(frozen=True)
class RemovalReport:
    """Tables with their numbers of rows, insets in use, sites where it is on, dependants."""

    tables: dict[str, int] = field(default_factory=dict)
    insets: dict[str, int] = field(default_factory=dict)
    sites: list[str] = field(default_factory=list)
    dependants: list[str] = field(default_factory=list)


def removal_report(plugin: PluginConfig) -> RemovalReport:
    """Count what the plugin has in the database; changes nothing."""
    existing = set(connection.introspection.table_names())
    tables = {
        model._meta.db_table: model._default_manager.count()
        for model in plugin.get_models()
        if model._meta.db_table in existing
    }
    sites = PluginActivation.objects.filter(plugin=plugin.key, enabled=True).select_related("site")
    return RemovalReport(
        tables=tables,
        insets=_insets_in_use(plugin),
        sites=[str(row.site) for row in sites],
        dependants=[other.key for other in registry.plugins if plugin.key in other.requires],
    )


def _insets_in_use(plugin: PluginConfig) -> dict[str, int]:
    """Number of records (pages, snippets, drafts) whose stream holds each of the plugin's insets."""
    names = [
        stored_name(owner.key, inset.name)
        for owner, inset in registry.contributions("insets")
        if owner.key == plugin.key
    ]
    found = dict.fromkeys(names, 0)
    for name in names:
        needle = f'"{name}"'
        for model, field_name in _inset_fields():
            table, column = model._meta.db_table, model._meta.get_field(field_name).column
            quote = connection.ops.quote_name
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT count(*) FROM {quote(table)} WHERE CAST({quote(column)} AS text) LIKE %s",  # noqa: S608
                    [f"%{needle}%"],
                )
                found[name] += cursor.fetchone()[0]
        # Drafts keep streams as text inside their JSON, so the quotes are escaped there.
        found[name] += Revision.objects.filter(content__icontains=name).count()
    return found


def _inset_fields() -> list[tuple[type[models.Model], str]]:
    return [
        (model, column.name)
        for model in apps.get_models()
        for column in model._meta.local_fields
        if isinstance(column, InsetStreamField)
    ]
