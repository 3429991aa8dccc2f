"""Receipts of gates: stored as they came, then judged; a second time they change nothing."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ebok.notifications.channels.smsapi import Receipt as Judged
from ebok.notifications.channels.smsapi import receipts_in
from ebok.notifications.models import Channel, Message, Receipt, State
from ebok.notifications.sealing import is_sealed
from ebok.notifications.states import tell

SMSAPI = "notifications.smsapi"
FIELDS = ("MsgId", "status", "status_name", "idx", "donedate", "to", "from", "points", "mcc", "mnc")
LONGEST = 2_000
PREFIX = "ebok-"
LARGEST_ID = 2**63 - 1


@csrf_exempt
@require_http_methods(["GET", "POST"])
def sms_receipt(request: HttpRequest, seal: str) -> HttpResponse:
    """SMSAPI tells what became of messages; it wants to hear “OK”, or asks again."""
    if not is_sealed("smsapi", seal):
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    fields = {
        name: given[name].replace("\x00", "").encode("utf-8", "replace").decode()[:LONGEST]
        for name in FIELDS
        if name in given
    }
    receipt = Receipt.objects.create(gate=SMSAPI, fields=fields)
    judge(receipt)
    return HttpResponse("OK", content_type="text/plain")


@transaction.atomic
def judge(receipt: Receipt) -> int:
    """Write down what the receipt says; how many messages it changed."""
    changed = sum(_apply(one) for one in receipts_in(_texts(receipt.fields)))
    Receipt.objects.filter(pk=receipt.pk).update(judged_at=timezone.now(), changed=changed)
    return changed


def judge_waiting() -> int:
    """Receipts whose judging was interrupted; how many there were."""
    waiting = list(Receipt.objects.filter(judged_at=None).order_by("pk")[:500])
    for receipt in waiting:
        judge(receipt)
    return len(waiting)


def _texts(fields: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in fields.items()}


def _apply(receipt: Judged) -> int:
    if not (receipt.is_delivered or receipt.is_undelivered):
        return 0
    message = _message_of(receipt)
    if message is None:
        return 0
    if receipt.is_delivered:
        state, told = State.DELIVERED, "delivered"
        # Networks sometimes give up a message that arrives all the same.
        from_states = [State.SENT, State.FAILED, State.WAITING]
    else:
        state, told = State.FAILED, "failed"
        from_states = [State.SENT]
        message.error = _("The network could not deliver it (%(status)s).") % {"status": receipt.status}
    if message.state not in from_states:
        return 0
    message.state, message.settled_at, message.claimed_by = state, timezone.now(), ""
    message.sent_at = message.sent_at or message.settled_at
    message.save(update_fields=["state", "settled_at", "sent_at", "error", "claimed_by"])
    tell(message, told)
    return 1


def _message_of(receipt: Judged) -> Message | None:
    messages = Message.objects.select_for_update().filter(channel=Channel.SMS)
    if receipt.gate_reference:
        found = messages.filter(gate_reference=receipt.gate_reference).first()
        if found is not None:
            return found
    number = receipt.reference.removeprefix(PREFIX)
    if receipt.reference.startswith(PREFIX) and number.isascii() and number.isdecimal() and len(number) < 19:
        return messages.filter(pk=int(number)).first()
    return None
