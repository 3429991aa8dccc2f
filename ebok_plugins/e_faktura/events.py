"""What this module writes into the journal, and what happens to it when somebody asks to be forgotten."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind
from ebok_plugins.e_faktura.ksef.journal_kinds import KSEF_EVENTS

CLAIMS = timedelta(days=6 * 366)
"""Evidence of delivery is needed while a bill can be claimed."""

events = [
    EventKind(
        key="e_faktura.consent_given",
        title=_("Bills by e-mail agreed to"),
        erasure=Erasure.KEEP,
        retention=CLAIMS,
    ),
    EventKind(
        key="e_faktura.consent_withdrawn",
        title=_("Bills on paper again"),
        erasure=Erasure.KEEP,
        retention=CLAIMS,
    ),
    EventKind(key="e_faktura.bill_opened", title=_("Bill opened"), erasure=Erasure.KEEP, retention=CLAIMS),
    EventKind(
        key="e_faktura.bill_downloaded", title=_("Bill downloaded"), erasure=Erasure.KEEP, retention=CLAIMS
    ),
    EventKind(
        key="e_faktura.bill_confirmed",
        title=_("Receipt of a bill confirmed"),
        erasure=Erasure.KEEP,
        retention=CLAIMS,
    ),
    EventKind(
        key="e_faktura.not_delivered",
        title=_("Bill could not be announced"),
        erasure=Erasure.KEEP,
        retention=CLAIMS,
        visible_to_customer=False,
    ),
    EventKind(
        key="e_faktura.pdf_taken",
        title=_("PDF of a bill taken"),
        erasure=Erasure.ERASE_DETAIL,
        retention=timedelta(days=2 * 366),
    ),
    EventKind(
        key="e_faktura.list_taken",
        title=_("List of bills taken"),
        erasure=Erasure.ERASE_DETAIL,
        retention=timedelta(days=2 * 366),
    ),
    EventKind(
        key="e_faktura.bill_viewed",
        title=_("Bill opened by an employee"),
        erasure=Erasure.KEEP,
        retention=CLAIMS,
    ),
    EventKind(
        key="e_faktura.evidence_printed",
        title=_("Evidence of delivery printed"),
        erasure=Erasure.KEEP,
        retention=CLAIMS,
        visible_to_customer=False,
    ),
    EventKind(
        key="e_faktura.checked",
        title=_("Bill or account checked in public"),
        erasure=Erasure.ERASE_DETAIL,
        retention=timedelta(days=366),
        visible_to_customer=False,
    ),
    *KSEF_EVENTS,
]
