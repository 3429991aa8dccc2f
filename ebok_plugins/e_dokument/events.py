"""What this module writes into the journal, and what happens to it when somebody asks to be forgotten."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind

YEARS = timedelta(days=5 * 365)

events = [
    EventKind(
        key="e_dokument.downloaded",
        title=_("Document downloaded"),
        erasure=Erasure.ERASE_DETAIL,
        retention=timedelta(days=365),
    ),
    EventKind(
        key="e_dokument.application_sent",
        title=_("Application sent"),
        erasure=Erasure.KEEP,
        retention=YEARS,
    ),
    EventKind(
        key="e_dokument.application_viewed",
        title=_("Application opened by an employee"),
        erasure=Erasure.KEEP,
        retention=YEARS,
        visible_to_customer=False,
    ),
    EventKind(
        key="e_dokument.application_taken",
        title=_("Application taken over"),
        erasure=Erasure.KEEP,
        retention=YEARS,
    ),
    EventKind(
        key="e_dokument.application_state_changed",
        title=_("Application put into another state"),
        erasure=Erasure.KEEP,
        retention=YEARS,
    ),
    EventKind(
        key="e_dokument.application_noted",
        title=_("Note added to an application"),
        erasure=Erasure.KEEP,
        retention=YEARS,
        visible_to_customer=False,
    ),
    EventKind(
        key="e_dokument.application_replied",
        title=_("Application answered"),
        erasure=Erasure.KEEP,
        retention=YEARS,
    ),
    EventKind(
        key="e_dokument.attachment_downloaded",
        title=_("Attachment downloaded by an employee"),
        erasure=Erasure.KEEP,
        retention=YEARS,
        visible_to_customer=False,
    ),
    EventKind(
        key="e_dokument.application_deleted",
        title=_("Application deleted after its retention"),
        erasure=Erasure.NO_PERSONAL_DATA,
    ),
]
