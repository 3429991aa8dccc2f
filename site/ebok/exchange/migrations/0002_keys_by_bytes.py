"""Natural keys are compared byte by byte: names given by a machine know no language (PostgreSQL).

Written by hand; 0001 can be made anew without it. Joins and indexes on them are several times quicker so.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def compare_bytes(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the two columns the collation "C"."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            'ALTER TABLE exchange_naturalkey ALTER dataset TYPE varchar(60) COLLATE "C",'
            ' ALTER key TYPE varchar(200) COLLATE "C"'
        )


class Migration(migrations.Migration):
    """See the module's docstring."""

    dependencies = [("exchange", "0001_initial")]

    operations = [migrations.RunPython(compare_bytes, migrations.RunPython.noop, elidable=False)]
