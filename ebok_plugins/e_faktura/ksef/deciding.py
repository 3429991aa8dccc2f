"""What the clerk decides about documents that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.customers.models import Customer
from ebok.journal.services import record
from ebok_plugins.e_faktura.ksef import judging
from ebok_plugins.e_faktura.models import KsefDocument, KsefState

if TYPE_CHECKING:
    from django.http import HttpRequest


def give_to(
    document: KsefDocument,
    customer: Customer,
    *,
    seen: int,
    actor: Any,
    request: HttpRequest | None = None,
) -> None:
    """The document is this customer's, whatever was doubtful.

    Raises `ValidationError` when it does not wait any more, or somebody decided meanwhile (`seen` counts).
    """
    with transaction.atomic():
        row = _locked(document, seen, KsefState.WAITING)
        row.customer, row.decided_at, row.decided_by = customer, timezone.now(), actor
        row.changes += 1
        row.save(update_fields=["customer", "decided_at", "decided_by", "changes"])
        record(
            "e_faktura.ksef_decided",
            text=_("Invoice %(number)s of KSeF given to customer %(customer)s")
            % {"number": row.invoice_number, "customer": customer.code},
            actor=actor,
            request=request,
            obj=row,
            payload={"customer": customer.pk, "reasons": row.reasons},
        )
    judging.judge(row, actor=actor, request=request)
    document.refresh_from_db()


def put_aside(
    document: KsefDocument, reason: str, *, seen: int, actor: Any, request: HttpRequest | None = None
) -> None:
    """Nobody needs it: it leaves the queue and stays kept. Raises `ValidationError` as `give_to` does."""
    with transaction.atomic():
        row = _locked(document, seen, KsefState.WAITING, KsefState.REFUSED, KsefState.RECEIVED)
        row.state, row.decided_at, row.decided_by = KsefState.PUT_ASIDE, timezone.now(), actor
        row.changes += 1
        row.save(update_fields=["state", "decided_at", "decided_by", "changes"])
        record(
            "e_faktura.ksef_decided",
            text=_("File of KSeF put aside: %(number)s") % {"number": str(row)},
            actor=actor,
            request=request,
            obj=row,
            payload={"reason": reason.strip()},
        )
    document.refresh_from_db()


def judge_again(document: KsefDocument, *, seen: int, actor: Any, request: HttpRequest | None = None) -> None:
    """Look at it once more, for more may be known now. Raises `ValidationError` as `give_to` does."""
    with transaction.atomic():
        row = _locked(document, seen, *(state for state in KsefState if state != KsefState.KEPT))
        row.changes += 1
        if row.state == KsefState.PUT_ASIDE:
            row.state, row.decided_at, row.decided_by, row.customer = KsefState.RECEIVED, None, None, None
        row.save()
        record(
            "e_faktura.ksef_decided",
            text=_("File of KSeF judged again: %(number)s") % {"number": str(row)},
            actor=actor,
            request=request,
            obj=row,
        )
    judging.judge(row, actor=actor, request=request)
    document.refresh_from_db()


def _locked(document: KsefDocument, seen: int, *states: str) -> KsefDocument:
    row = KsefDocument.objects.select_for_update().get(pk=document.pk)
    if row.changes != seen or row.state not in states:
        raise ValidationError(
            _("Somebody else has decided about this document meanwhile. Look at it as it is now."),
            code="changed",
        )
    return row
