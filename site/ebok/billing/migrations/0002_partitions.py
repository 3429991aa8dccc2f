"""Splits the readings by year on PostgreSQL. Written by hand; 0001 can be made anew without it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from ebok.billing import partitions


def split_by_year(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Replace the empty table by a partitioned one, with this year's partition and the next."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        partitions.split_by_year(cursor)
    partitions.create_missing(using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    """See the module's docstring."""

    dependencies = [("billing", "0001_initial")]

    operations = [migrations.RunPython(split_by_year, migrations.RunPython.noop, elidable=False)]
