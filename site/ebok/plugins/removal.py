"""What removing a plugin's distribution would leave behind, so that nobody has to guess."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection
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
    # Drafts keep streams as text inside their JSON, so there the name stands between escaped quotes.
    return {
        name: sum(_rows_holding(table, column, f'"{name}"') for table, column in _inset_columns())
        + Revision.objects.filter(content__icontains=name).count()
        for name in names
    }


def _rows_holding(table: str, column: str, needle: str) -> int:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {quote(table)} WHERE CAST({quote(column)} AS text) LIKE %s",  # noqa: S608 (names of our own models)
            [f"%{needle}%"],
        )
        count: int = cursor.fetchone()[0]
        return count


def _inset_columns() -> list[tuple[str, str]]:
    return [
        (model._meta.db_table, str(field.column))
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, InsetStreamField)
    ]
