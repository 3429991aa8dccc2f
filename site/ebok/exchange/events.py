"""Event kinds of the exchange: who let data in, who let them out, who decided what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text


def _office(name: str, title: Text, erasure: Erasure = Erasure.KEEP) -> EventKind:
    """What staff or the timer did with whole deliveries: kept, and nothing for a customer to see."""
    return EventKind(key=f"exchange.{name}", title=title, erasure=erasure, visible_to_customer=False)


events = [
    _office("delivery_received", _("Delivery received")),
    _office("delivery_approved", _("Delivery approved")),
    _office("delivery_refused", _("Delivery refused")),
    _office("delivery_taken_over", _("Delivery taken over")),
    _office("delivery_failed", _("Delivery stopped by an error")),
    # These name a row, and a row may be a person.
    _office("conflict_decided", _("Conflict of an import decided"), Erasure.ERASE_DETAIL),
    _office("vanished_reviewed", _("Row missing from a delivery reviewed"), Erasure.ERASE_DETAIL),
    _office("rejects_downloaded", _("Rejected rows downloaded")),
    _office("customer_refreshed", _("Customer's data renewed on demand"), Erasure.ERASE_DETAIL),
    _office("dataset_exported", _("Dataset exported")),
    _office("batch_exported", _("Batch exported")),
    _office("batch_downloaded", _("Exported batch downloaded")),
    _office("batch_answered", _("Answer to an exported batch")),
    _office("rows_released", _("Rejected rows released to be exported again")),
]
