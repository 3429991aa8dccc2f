"""Splits events and details by month (PostgreSQL) and puts the guards up (everywhere).

Written by hand; 0001 can be made anew without it. The tables are empty here, so they are replaced by
partitioned ones of the same columns and index names; what Django knows about them stays true.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from ebok.journal import guards, partitions

KEYS = {"journal_event": "id", "journal_detail": "event_id"}


def split_by_month(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Replace the two empty tables by partitioned ones."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table, key in KEYS.items():
            cursor.execute(
                "SELECT indexdef FROM pg_indexes WHERE tablename = %s AND indexname <> %s",
                [table, f"{table}_pkey"],
            )
            indexes = [definition for (definition,) in cursor.fetchall()]
            cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_plain")
            cursor.execute(
                f"CREATE TABLE {table} (LIKE {table}_plain INCLUDING DEFAULTS) PARTITION BY RANGE (moment)"
            )
            cursor.execute(f"DROP TABLE {table}_plain")
            # A partitioned table's key must hold the column it is split by.
            cursor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY ({key}, moment)")
            for definition in indexes:
                cursor.execute(definition)


def put_guards_up(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Install the triggers, then the DEFAULT partition and the months to come."""
    alias = schema_editor.connection.alias
    guards.install(alias)
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            for table in partitions.PARTITIONED:
                partitions.create_default(cursor, table)
        partitions.create_missing(alias)


class Migration(migrations.Migration):
    """See the module's docstring."""

    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.RunPython(split_by_month, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(put_guards_up, migrations.RunPython.noop, elidable=False),
    ]
