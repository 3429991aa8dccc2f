"""What the corridors write into the journal: which page about a customer was looked at, and by whom."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind

events = [
    EventKind(
        key="zones.viewed",
        title=_("Page about a customer viewed"),
        erasure=Erasure.ERASE_DETAIL,
        retention=timedelta(days=365),
    )
]
