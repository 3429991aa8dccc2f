"""Splits remote states by month on PostgreSQL. Written by hand; 0002 can be made anew without it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from ebok_plugins.e_odczyt.telemetry import partitions


def split_by_month(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Replace the empty table by a partitioned one, with this month's partition and the next."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        partitions.split_by_month(cursor)
    partitions.create_missing(using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    """See the module's docstring."""

    dependencies = [("e_odczyt", "0002_telemetry")]

    operations = [migrations.RunPython(split_by_month, migrations.RunPython.noop, elidable=False)]
