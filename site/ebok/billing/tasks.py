"""Periodic work of the billing mirror."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.billing import partitions
from ebok.ports import PeriodicTask


def _partitions() -> str | None:
    created = partitions.create_missing()
    return _("Partitions made: %(names)s.") % {"names": ", ".join(created)} if created else None


tasks = [
    PeriodicTask(
        key="billing.partitions",
        title=gettext_lazy("Yearly partitions of readings"),
        run=_partitions,
        every=timedelta(days=1),
    )
]
