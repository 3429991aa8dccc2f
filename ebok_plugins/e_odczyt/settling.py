"""What the billing system did with the readings that were handed over: answered, settled, rejected (F07)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast
from django.utils.translation import ngettext

from ebok.billing.models import InvoiceLine, LineKind, Reading, ReadingKind, ReadingState
from ebok.customers.models import ServicePoint
from ebok.exchange.models import Delivery, ExportBatch, ExportedRow, ExportState
from ebok.journal.services import record
from ebok_plugins.e_odczyt.models import SentReading, SentState
from ebok_plugins.e_odczyt.outlets import KEY

OPEN = (SentState.ACCEPTED, SentState.EXPORTED, SentState.TAKEN, SentState.UNSETTLED)
"""Readings of which more may be heard."""
HANDED_OVER = (SentState.EXPORTED, SentState.TAKEN, SentState.UNSETTLED)
"""What the billing system knows of and has not settled."""
STATES = {
    ReadingState.PENDING: SentState.TAKEN,
    ReadingState.SETTLED: SentState.SETTLED,
    ReadingState.UNSETTLED: SentState.UNSETTLED,
    ReadingState.REJECTED: SentState.REJECTED,
}


def match(delivery: Delivery | None = None) -> int:
    """Give sent readings the state, reason and bill of those that came back in the mirror; how many changed.

    One statement whatever their number. The same again changes nothing.
    """
    newest = mirrored().order_by("-state")
    with transaction.atomic():
        came_back = SentReading.objects.filter(state__in=OPEN, meter__isnull=False).annotate(
            new_state=_state_of(newest)
        )
        changed = came_back.filter(new_state__isnull=False).exclude(new_state=F("state"))
        count = SentReading.objects.filter(pk__in=changed.values("pk")).update(
            state=_state_of(newest),
            reason=Subquery(newest.values("reason")[:1]),
            invoice_id=Subquery(newest.values("invoice_id")[:1]),
            invoice_position=Subquery(newest.values("invoice_position")[:1]),
        )
        _tell(count, delivery)
    return count


def match_declared(delivery: Delivery | None = None) -> int:
    """Settle declared usages (F02) by the first bill that charges them; how many changed.

    Nothing in the mirror stands for one, so the bill must say it: a line for usage at the point, without a
    meter, of that very quantity, on a bill that covers the day. Another quantity settles nothing.
    """
    charged = _charged().order_by("invoice__issued_on", "invoice_id", "position")
    with transaction.atomic():
        waiting = SentReading.objects.filter(state__in=HANDED_OVER, meter=None, usage__gt=0)
        settled = waiting.filter(Exists(_charged())).values("pk")
        count = SentReading.objects.filter(pk__in=settled).update(
            state=SentState.SETTLED,
            reason="",
            invoice_id=Subquery(charged.values("invoice_id")[:1]),
            invoice_position=Subquery(charged.values("position")[:1]),
        )
        _tell(count, delivery)
    return count


def _charged() -> QuerySet[InvoiceLine]:
    """Lines that charge the declared usage of the outer query."""
    codes = ServicePoint.objects.filter(pk=OuterRef(OuterRef("point_id"))).values("code")
    from_then = Q(invoice__period_from=None) | Q(invoice__period_from__lte=OuterRef("read_on"))
    return InvoiceLine.objects.filter(
        from_then,
        customer_id=OuterRef("customer_id"),
        kind=LineKind.USAGE,
        point_code__in=codes,
        meter_number="",
        quantity=OuterRef("usage"),
        invoice__issued_on__gte=OuterRef("read_on"),
        invoice__is_cancelled=False,
    )


def _tell(count: int, delivery: Delivery | None) -> None:
    if not count:
        return
    record(
        "e_odczyt.readings_settled",
        text=ngettext(
            "%(count)d sent reading came back from the billing system",
            "%(count)d sent readings came back from the billing system",
            count,
        )
        % {"count": count},
        actor="e_odczyt",
        obj=delivery,
    )


def mirrored() -> QuerySet[Reading]:
    """The reading of the mirror that a sent one became; for a subquery over sent readings."""
    return Reading.objects.filter(
        customer_id=OuterRef("customer_id"),
        meter_id=OuterRef("meter_id"),
        register=OuterRef("register"),
        read_on=OuterRef("read_on"),
        kind=ReadingKind.CUSTOMER,
    )


def _state_of(newest: QuerySet[Reading]) -> Subquery:
    words = Case(
        *(When(state=known, then=Value(ours.value)) for known, ours in STATES.items()),
        output_field=CharField(),
    )
    return Subquery(newest.annotate(word=words).values("word")[:1])


def take_answer(batch: ExportBatch) -> int:
    """Give the readings of a batch the answer of their rows; how many changed. Others' are left alone."""
    if batch.outlet != KEY:
        return 0
    rows = ExportedRow.objects.filter(batch=batch, row_key=OuterRef("key"))
    waiting = SentReading.objects.filter(state=SentState.EXPORTED).annotate(
        key=Cast("pk", CharField(max_length=64))
    )
    taken = waiting.filter(Exists(rows.filter(state=ExportState.TAKEN_OVER))).values("pk")
    count = SentReading.objects.filter(pk__in=taken).update(state=SentState.TAKEN)
    refused = rows.filter(state=ExportState.REJECTED)
    rejected = waiting.filter(Exists(refused)).annotate(why=Subquery(refused.values("reason")[:1]))
    for pk, why in rejected.values_list("pk", "why"):
        count += SentReading.objects.filter(pk=pk).update(state=SentState.REJECTED, reason=why[:300])
    return count
