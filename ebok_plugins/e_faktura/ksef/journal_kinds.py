"""What happens to documents of KSeF, for the journal."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind

YEARS = timedelta(days=6 * 366)
"""Tax papers are kept five years after the end of theirs."""

KSEF_EVENTS = [
    EventKind(
        key="e_faktura.ksef_received",
        title=_("File of KSeF received"),
        erasure=Erasure.NO_PERSONAL_DATA,
        retention=YEARS,
        visible_to_customer=False,
    ),
    EventKind(
        key="e_faktura.ksef_joined",
        title=_("Invoice added from KSeF"),
        erasure=Erasure.KEEP,
        retention=YEARS,
    ),
    EventKind(
        key="e_faktura.ksef_waiting",
        title=_("Invoice of KSeF waits for a decision"),
        erasure=Erasure.KEEP,
        retention=YEARS,
        visible_to_customer=False,
    ),
    EventKind(
        key="e_faktura.ksef_refused",
        title=_("File of KSeF refused"),
        erasure=Erasure.KEEP,
        retention=YEARS,
        visible_to_customer=False,
    ),
    EventKind(
        key="e_faktura.ksef_decided",
        title=_("Decision about a file of KSeF"),
        erasure=Erasure.KEEP,
        retention=YEARS,
        visible_to_customer=False,
    ),
    EventKind(
        key="e_faktura.ksef_downloaded",
        title=_("Invoice of KSeF downloaded"),
        erasure=Erasure.KEEP,
        retention=YEARS,
    ),
]
