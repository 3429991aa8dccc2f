"""What proves that a bill came: each first moment is written once and journalled once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.billing.models import Invoice
from ebok.journal.services import record
from ebok.notifications.models import Message, State
from ebok_plugins.e_faktura.delivery.announcing import CALLED_OFF, ISSUED, OWNER
from ebok_plugins.e_faktura.models import Delivery

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ebok.accounts.models import User
    from ebok.notifications.models import Mailing


def delivery_of(invoice: Invoice) -> Delivery | None:
    """How the bill was delivered; None for one from before the module was on."""
    found = Delivery.objects.filter(customer_id=invoice.customer_id, invoice=invoice)
    return found.select_related("opened_by", "downloaded_by", "confirmed_by").first()


def opened(delivery: Delivery, invoice: Invoice, *, by: User, request: HttpRequest) -> None:
    """Somebody of the customer opened the bill; nothing happens after the first time."""
    _first(
        delivery,
        "opened",
        invoice,
        by=by,
        request=request,
        text=_("Bill %(number)s opened for the first time"),
    )


def downloaded(delivery: Delivery, invoice: Invoice, *, by: User, request: HttpRequest) -> None:
    """Somebody of the customer took the PDF; nothing happens after the first time."""
    _first(
        delivery,
        "downloaded",
        invoice,
        by=by,
        request=request,
        text=_("Bill %(number)s downloaded for the first time"),
    )


def confirm(delivery: Delivery, invoice: Invoice, *, by: User, request: HttpRequest) -> bool:
    """Somebody of the customer says that the bill came; False when somebody has said so before."""
    return _first(
        delivery, "confirmed", invoice, by=by, request=request, text=_("Receipt of bill %(number)s confirmed")
    )


def _first(
    delivery: Delivery, what: str, invoice: Invoice, *, by: User, request: HttpRequest, text: str
) -> bool:
    moment, person = f"{what}_at", f"{what}_by"
    if getattr(delivery, moment) is not None:
        return False
    now = timezone.now()
    with transaction.atomic():
        # Two at once: the update of the first one holds.
        rows = Delivery.objects.filter(pk=delivery.pk, **{f"{moment}__isnull": True})
        if not rows.update(**{moment: now, person: by}):
            return False
        record(
            f"e_faktura.bill_{what}",
            text=text % {"number": invoice.number},
            request=request,
            actor=by,
            customer_id=invoice.customer_id,
            obj=invoice,
            payload={"number": invoice.number},
        )
    setattr(delivery, moment, now)
    setattr(delivery, person, by)
    return True


def message_changed(message: Message, state: str, **_more: Any) -> None:
    """Take over what became of the announcement: the first sending, the first receipt, a failure.

    A failure counts only while nothing else has come through: one of two readers is enough.
    """
    if message.owner_label != OWNER or message.owner_id is None or message.channel == "portal":
        return
    now = timezone.now()
    rows = Delivery.objects.filter(pk=message.owner_id)
    address = message.address[:254]
    if state == "sent":
        rows.filter(sent_at__isnull=True).update(sent_at=now, sent_to=address)
    elif state == "delivered":
        rows.update(delivered_at=Coalesce(F("delivered_at"), now), sent_at=Coalesce(F("sent_at"), now))
        rows.filter(sent_to="").update(sent_to=address)
    elif state in ("failed", "bounced"):
        rows.filter(failed_at__isnull=True, delivered_at__isnull=True).update(
            failed_at=now, failure=message.error[:255]
        )


def called_off(mailing: Mailing) -> None:
    """Announcements of bills that were called off reached nobody, and the office sees of which."""
    if mailing.kind != ISSUED:
        return
    stopped = Message.objects.filter(mailing=mailing, state=State.CANCELLED, owner_label=OWNER)
    Delivery.objects.filter(
        pk__in=stopped.values("owner_id"), sent_at__isnull=True, failed_at__isnull=True
    ).update(failed_at=timezone.now(), failure=CALLED_OFF)
