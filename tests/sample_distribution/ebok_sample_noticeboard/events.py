"""What the journal remembers."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind

events = [
    EventKind(
        key="noticeboard.pinned",
        title=_("Notice pinned"),
        erasure=Erasure.ERASE_DETAIL,
        retention=timedelta(days=3 * 365),
    ),
    EventKind(key="noticeboard.taken_down", title=_("Notice taken down"), erasure=Erasure.KEEP),
]
