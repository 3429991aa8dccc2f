"""A trigram index for the staff's search of invoices, on PostgreSQL. Written by hand."""

from django.db import migrations

from ebok.exchange.finding_names import index_names


class Migration(migrations.Migration):
    """See the module's docstring."""

    dependencies = [("billing", "0002_partitions"), ("exchange", "0002_keys_by_bytes")]

    operations = [
        migrations.RunPython(
            index_names("invoices", "billing_invoice_trgm"), migrations.RunPython.noop, elidable=False
        )
    ]
