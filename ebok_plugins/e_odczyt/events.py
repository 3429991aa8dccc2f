"""What this module writes into the journal, and what happens to it when somebody asks to be forgotten."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind
from ebok_plugins.e_odczyt.telemetry.declared import EVENTS

YEARS = timedelta(days=5 * 365)
"""A bill can be disputed that long, so who sent what is kept."""

events = [
    *(
        EventKind(
            key=f"e_odczyt.{name}",
            title=title,
            erasure=Erasure.KEEP,
            retention=YEARS,
            visible_to_customer=shown,
        )
        for name, title, shown in (
            ("readings_sent", _("Readings sent"), True),
            ("reading_withdrawn", _("Reading withdrawn"), True),
            ("reading_accepted", _("Reading accepted"), True),
            ("reading_rejected", _("Reading rejected"), True),
            ("reading_corrected", _("Reading corrected"), True),
            ("photo_viewed", _("Photograph of a meter looked at"), False),
        )
    ),
    *EVENTS,
]
