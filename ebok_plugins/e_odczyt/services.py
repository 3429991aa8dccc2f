"""Writes: readings are sent, withdrawn, accepted, rejected and corrected."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.customers.models import Customer, Meter, ServicePoint
from ebok.files.checking import CheckedFile
from ebok.journal.services import record
from ebok.look.templatetags.eb import decimal
from ebok_plugins.e_odczyt import telling
from ebok_plugins.e_odczyt.models import DEAD, WITHDRAWABLE, Channel, SentReading, SentState

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ebok_plugins.e_odczyt.sheet import Field, Sheet


class Refused(Exception):
    """This cannot be done with the reading as it stands; the message says so to a person."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One reading to store."""

    point: ServicePoint
    meter: Meter | None = None
    register: int = 1
    value: Decimal | None = None
    usage: Decimal | None = None
    cost: Decimal | None = None
    previous_value: Decimal | None = None
    previous_on: date | None = None
    doubts: Sequence[str] = ()
    remark: str = ""
    photo: CheckedFile | None = None


@dataclass(frozen=True)
class Sending:
    """What was stored, now or the first time the same form was sent."""

    rows: list[SentReading]
    is_new: bool


def items_of(sheet: Sheet) -> list[Item]:
    """What a judged sheet without faults sends; the photograph goes with the first register of a meter."""
    items = []
    for card in sheet.cards:
        photo = card.photo
        for found in card.fields:
            if found.is_filled:
                items.append(_item(found, photo))
                photo = None
    return items


def _item(found: Field, photo: CheckedFile | None) -> Item:
    last = found.last
    return Item(
        point=found.meter.point,
        meter=found.meter,
        register=found.number,
        value=found.judgement.value,
        usage=found.judgement.usage,
        cost=found.cost,
        previous_value=last.value if last else None,
        previous_on=last.on if last else None,
        doubts=[finding.rule.value for finding in found.judgement.findings],
        remark=found.remark,
        photo=photo,
    )


def send(
    customer: Customer,
    items: Sequence[Item],
    *,
    on: date,
    key: uuid.UUID,
    site: Site,
    channel: str = Channel.ACCOUNT,
    by: User | None = None,
    request: HttpRequest | None = None,
) -> Sending:
    """Store readings of one day and confirm them by e-mail (F09); those with doubts wait for an employee.

    The same key again changes nothing and gives what was stored the first time. Raises `Refused` when
    somebody else sent a reading of the same register for that day.
    """
    now = timezone.now()
    rows = [_row(customer, item, on=on, key=key, channel=channel, by=by, now=now) for item in items]
    with transaction.atomic():
        before = list(sent_with(customer, key))
        if before:
            return Sending(before, is_new=False)
        try:
            with transaction.atomic():
                SentReading.objects.bulk_create(rows)
        except IntegrityError:
            before = list(sent_with(customer, key))
            if before:
                return Sending(before, is_new=False)
            raise Refused(_already_sent(customer, rows, on)) from None
        for row, item in zip(rows, items, strict=True):
            if item.photo is not None:
                row.photo.save(f"licznik.{item.photo.extension}", ContentFile(item.photo.content))
        _record_sent(customer, rows, by, request)
        telling.tell_received(customer, rows, site=site, user=by)
    return Sending(rows, is_new=True)


def sent_with(customer: Customer, key: uuid.UUID) -> Iterable[SentReading]:
    """What was sent with this key."""
    found = SentReading.objects.filter(customer=customer, client_key=key)
    return found.select_related("point", "meter").order_by("id")


def _row(
    customer: Customer, item: Item, *, on: date, key: uuid.UUID, channel: str, by: User | None, now: Any
) -> SentReading:
    return SentReading(
        customer=customer,
        point=item.point,
        meter=item.meter,
        register=item.register,
        read_on=on,
        value=item.value,
        usage=item.usage,
        expected_cost=item.cost,
        previous_value=item.previous_value,
        previous_on=item.previous_on,
        state=SentState.DOUBTFUL if item.doubts else SentState.ACCEPTED,
        doubts=list(item.doubts),
        remark=item.remark,
        channel=channel,
        client_key=key,
        sent_at=now,
        sent_by=by,
    )


def _already_sent(customer: Customer, rows: Sequence[SentReading], on: date) -> str:
    alive = SentReading.objects.filter(customer=customer, read_on=on).exclude(state__in=DEAD)
    wanted = {(row.point_id, row.meter_id, row.register) for row in rows}
    for other in alive.select_related("meter", "point", "sent_by").order_by("id"):
        if (other.point_id, other.meter_id, other.register) in wanted:
            return _(
                "A reading of %(meter)s for this day has been sent already, at %(hour)s: %(value)s."
                " Withdraw it first if yours is the right one."
            ) % {
                "meter": other.meter or other.point,
                "hour": f"{timezone.localtime(other.sent_at):%H:%M}",
                "value": said(other),
            }
    return _("Somebody sent a reading at the same moment. Look at the list and try again.")


def said(row: SentReading) -> str:
    """The reading, or the declared usage, with its unit."""
    places = row.meter.decimals if row.meter else 3
    unit = row.meter.unit if row.meter else "m³"
    return f"{decimal(row.value if row.value is not None else row.usage, places)} {unit}"


def _record_sent(
    customer: Customer, rows: Sequence[SentReading], by: User | None, request: HttpRequest | None
) -> None:
    listed = ", ".join(f"{row.meter or row.point}: {said(row)}" for row in rows)
    record(
        "e_odczyt.readings_sent",
        text=_("Readings sent for %(day)s: %(readings)s")
        % {"day": f"{rows[0].read_on:%d.%m.%Y}", "readings": listed},
        actor=by,
        request=request,
        customer_id=customer.pk,
        obj=rows[0],
        payload={"readings": [row.pk for row in rows], "channel": rows[0].channel},
    )


def withdraw(row: SentReading, *, by: User, request: HttpRequest | None = None) -> None:
    """Take a reading back before the billing system was told. Raises `Refused`."""
    with transaction.atomic():
        found = _locked(row, WITHDRAWABLE)
        found.state = SentState.WITHDRAWN
        found.decided_at, found.decided_by = timezone.now(), by
        found.save(update_fields=["state", "decided_at", "decided_by"])
        _tell("reading_withdrawn", _("Reading withdrawn: %(reading)s"), found, by, request)


def accept(rows: Iterable[SentReading], *, by: User, request: HttpRequest | None = None) -> int:
    """Let doubtful readings go to the billing system; how many. Those decided meanwhile stay as they are."""
    return _decide(rows, SentState.ACCEPTED, "", by, request)


def reject(rows: Iterable[SentReading], reason: str, *, by: User, request: HttpRequest | None = None) -> int:
    """Reject doubtful readings; the customer is told why. Raises `Refused` without a reason."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Refused(_("Write why; the customer will read it."))
    return _decide(rows, SentState.REJECTED, reason, by, request)


def _decide(
    rows: Iterable[SentReading], state: str, reason: str, by: User, request: HttpRequest | None
) -> int:
    count = 0
    with transaction.atomic():
        wanted = sorted(row.pk for row in rows)
        found = SentReading.objects.select_for_update(of=("self",)).filter(
            pk__in=wanted, state=SentState.DOUBTFUL
        )
        for row in found.select_related("meter", "point", "customer").order_by("pk"):
            row.state, row.reason = state, reason
            row.decided_at, row.decided_by = timezone.now(), by
            row.save(update_fields=["state", "reason", "decided_at", "decided_by"])
            if state == SentState.REJECTED:
                text = _("Reading rejected: %(reading)s. %(reason)s")
                _tell("reading_rejected", text, row, by, request)
                telling.tell_rejected(row)
            else:
                _tell("reading_accepted", _("Reading accepted: %(reading)s"), row, by, request)
            count += 1
    return count


def correct(
    row: SentReading, value: Decimal, reason: str, *, by: User, request: HttpRequest | None = None
) -> SentReading:
    """Put another state in place of the one that was sent, and accept it; what was sent is kept beside.

    Raises `Refused` without a reason, and when somebody has decided meanwhile.
    """
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Refused(_("Write why; the customer will read it."))
    with transaction.atomic():
        found = _locked(row, WITHDRAWABLE)
        if found.meter is None:
            before, found.usage = found.usage, value
        else:
            before, found.value = found.value, value
            grown = None if found.previous_value is None else value - found.previous_value
            found.usage = grown if grown is not None and grown >= 0 else None
        found.original_value = before if found.original_value is None else found.original_value
        # A cost that was told for another usage would be wrong.
        found.state, found.reason, found.expected_cost = SentState.ACCEPTED, reason, None
        found.decided_at, found.decided_by = timezone.now(), by
        found.save()
        text = _("Reading corrected: %(reading)s instead of %(before)s. %(reason)s")
        _tell("reading_corrected", text, found, by, request, before=before)
        telling.tell_corrected(found)
    return found


def _locked(row: SentReading, states: Sequence[str]) -> SentReading:
    found = (
        SentReading.objects.select_for_update(of=("self",))
        .select_related("meter", "point", "customer")
        .get(pk=row.pk, customer_id=row.customer_id)
    )
    if found.state not in states:
        raise Refused(
            _("This reading is “%(state)s” by now. Nothing was changed.")
            % {"state": found.get_state_display()}
        )
    return found


def _tell(
    what: str, text: str, row: SentReading, by: User, request: HttpRequest | None, **more: object
) -> None:
    record(
        f"e_odczyt.{what}",
        text=text % {"reading": f"{row.meter or row.point}: {said(row)}", "reason": row.reason, **more},
        actor=by,
        request=request,
        customer_id=row.customer_id,
        obj=row,
    )


def said_count(count: int) -> str:
    """How many readings, in words for a notice."""
    return ngettext("%(count)d reading", "%(count)d readings", count) % {"count": count}
