"""Trigram indexes for the staff's search of accounts, contracts, points and meters, on PostgreSQL.

Written by hand; 0001 can be made anew without it.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from ebok.exchange.finding_names import index_names


def index_places(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Where a point is, as `ebok.customers.queries.find_points` asks."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX customers_point_place_trgm ON customers_servicepoint USING gin"
            " (upper((street || ' ' || house || ' ' || town || ' ' || name)::text) gin_trgm_ops)",
            params=None,
        )


def _names(dataset: str, name: str) -> migrations.RunPython:
    return migrations.RunPython(index_names(dataset, name), migrations.RunPython.noop, elidable=False)


class Migration(migrations.Migration):
    """See the module's docstring."""

    dependencies = [("customers", "0003_access"), ("exchange", "0002_keys_by_bytes")]

    operations = [
        migrations.RunPython(index_places, migrations.RunPython.noop, elidable=False),
        _names("customers.virtual_account", "customers_account_trgm"),
        _names("contracts", "customers_contract_trgm"),
        _names("service_points", "customers_point_trgm"),
        _names("meters", "customers_meter_trgm"),
    ]
