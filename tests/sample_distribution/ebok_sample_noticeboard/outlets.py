"""Public notices go to the board's owner, who prints them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ebok.ports import Outlet, OutletColumn, Value
from ebok_sample_noticeboard.models import Notice


def printed() -> QuerySet[Notice]:
    """What everyone may read; a notice does not change once it hangs."""
    return Notice.objects.filter(is_public=True, taken_down_at__isnull=True)


def cells(notice: Notice) -> tuple[Value, ...]:
    """One notice, in the order of the columns."""
    return (str(notice.public_id), notice.title, notice.pinned_at)


outlets = [
    Outlet(
        key="noticeboard.notices",
        title=_("Notices to print"),
        columns=(
            OutletColumn(name="notice", title=_("notice")),
            OutletColumn(name="title", title=_("title")),
            OutletColumn(name="pinned_at", title=_("pinned")),
        ),
        records=printed,
        cells=cells,
    )
]
