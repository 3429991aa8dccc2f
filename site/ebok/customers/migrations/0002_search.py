"""Trigram indexes for the staff's search on PostgreSQL. Written by hand; 0001 can be made anew without it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SEARCHED = ("name", "code")


def index_for_search(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """`ILIKE '%…%'` over a million customers through an index; the extension is a trusted one."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for column in SEARCHED:
            cursor.execute(
                f"CREATE INDEX customers_customer_{column}_trgm ON customers_customer"
                f" USING gin (upper({column}) gin_trgm_ops)"
            )


class Migration(migrations.Migration):
    """See the module's docstring."""

    dependencies = [("customers", "0001_initial")]

    operations = [migrations.RunPython(index_for_search, migrations.RunPython.noop, elidable=False)]
