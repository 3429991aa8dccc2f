"""Requests about the account (B13, B14): sent by the client, decided by an employee, taken to billing.

An approved change never goes into the mirror from here: it is exported (`outlets.py`), and shows as
"waiting for the billing system" until a delivery brings the new value.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.accounts.models import User
from ebok.customers.models import Customer
from ebok.customers.signals import e_invoices_decided
from ebok.exchange import entering
from ebok.journal.services import record
from ebok.plugins.site import site_of
from ebok_plugins.client_zone.models import AccountRequest, RequestKind, RequestState
from ebok_plugins.client_zone.telling import tell_decision

if TYPE_CHECKING:
    from django.http import HttpRequest

CHANGEABLE = (
    "phone",
    "email",
    "e_delivery",
    "nip",
    "correspondence_name",
    "correspondence_street",
    "correspondence_house",
    "correspondence_flat",
    "correspondence_postcode",
    "correspondence_town",
)
"""Fields of the customer a client may ask to change; the rest needs a document, and a remark."""


class RequestRefused(Exception):
    """This cannot be done with the request as it stands; the message says so."""


def requests_of(customer: Customer) -> QuerySet[AccountRequest]:
    """The customer's requests, the newest first."""
    return AccountRequest.objects.filter(customer=customer).order_by("-id")


def queue(state: str = RequestState.WAITING, words: str = "") -> QuerySet[AccountRequest]:
    """Requests of all customers for staff, those sent first at the head while they wait."""
    found = AccountRequest.objects.select_related("customer", "sent_by")
    if state:
        found = found.filter(state=state)
    for word in words.split():
        found = found.filter(Q(customer__name__icontains=word) | Q(customer__code__icontains=word))
    return found.order_by("id" if state == RequestState.WAITING else "-id")


def undecided_change(customer: Customer) -> AccountRequest | None:
    """The change of data that waits for the office: there is one at most."""
    return requests_of(customer).filter(kind=RequestKind.CHANGE, state=RequestState.WAITING).first()


def waiting_changes(customer: Customer) -> dict[str, str]:
    """Field to the value that was asked for or approved and is not in the mirror yet; one query."""
    found: dict[str, str] = {}
    pending = requests_of(customer).filter(
        kind=RequestKind.CHANGE, state__in=(RequestState.WAITING, RequestState.APPROVED)
    )
    for request in reversed(pending[:20]):
        found.update({name: pair[1] for name, pair in request.changes.items()})
    return {name: value for name, value in found.items() if getattr(customer, name, value) != value}


def matches(words: str) -> Q:
    """The condition that a service point's code, name, address or a meter's number holds every word."""
    condition = Q()
    for word in words.split():
        meters = Q(meters__number__icontains=word)
        places = Q(street__icontains=word) | Q(house__iexact=word) | Q(town__icontains=word)
        condition &= Q(code__icontains=word) | Q(name__icontains=word) | places | meters
    return condition


def send_change(
    customer: Customer,
    wanted: Mapping[str, str],
    *,
    remark: str = "",
    by: User,
    request: HttpRequest | None = None,
) -> AccountRequest:
    """Ask for other data. The row is judged as a delivery's would be.

    Raises `ValidationError` by the names of fields, also when nothing differs and nothing is remarked,
    and when an earlier change still waits.
    """
    changes = {
        name: [getattr(customer, name), value]
        for name, value in _judged(customer, wanted).items()
        if getattr(customer, name) != value
    }
    if not changes and not remark.strip():
        raise ValidationError(_("Nothing differs from what we have. Change a field or write a remark."))
    return _send(
        AccountRequest(customer=customer, kind=RequestKind.CHANGE, changes=changes, remark=remark.strip()),
        by=by,
        request=request,
    )


def send_request(
    customer: Customer,
    kind: str,
    *,
    remark: str = "",
    wanted_on: date | None = None,
    by: User,
    request: HttpRequest | None = None,
) -> AccountRequest:
    """Ask for something else than a change of data.

    Raises `ValidationError` when the same is waiting already, or the day has passed.
    """
    if wanted_on is not None and wanted_on < timezone.localdate():
        raise ValidationError({"wanted_on": _("The day cannot lie in the past.")})
    made = AccountRequest(customer=customer, kind=kind, remark=remark.strip(), wanted_on=wanted_on)
    return _send(made, by=by, request=request)


def withdraw(request_: AccountRequest, *, by: User, request: HttpRequest | None = None) -> None:
    """Take a request back while nobody has decided. Raises `RequestRefused`."""
    with transaction.atomic():
        row = _locked(request_)
        row.state, row.decided_at, row.decided_by = RequestState.WITHDRAWN, timezone.now(), by
        row.save(update_fields=["state", "decided_at", "decided_by"])
        _tell(row, "request_withdrawn", _("Request %(number)s was withdrawn."), actor=by, request=request)


def decide(
    request_: AccountRequest,
    *,
    approve: bool,
    answer: str = "",
    by: User,
    request: HttpRequest | None = None,
) -> AccountRequest:
    """Approve or refuse; the client is told by a letter after it has held.

    Raises `RequestRefused` when somebody has decided meanwhile, or a refusal gives no reason.
    """
    answer = answer.strip()
    if not approve and not answer:
        raise RequestRefused(_("Write why; the client will read it."))
    with transaction.atomic():
        row = _locked(request_)
        row.state = RequestState.APPROVED if approve else RequestState.REFUSED
        row.answer, row.decided_at, row.decided_by = answer, timezone.now(), by
        row.save(update_fields=["state", "answer", "decided_at", "decided_by"])
        text = _("Request %(number)s was approved.") if approve else _("Request %(number)s was refused.")
        _tell(
            row,
            "request_approved" if approve else "request_refused",
            text,
            actor=by,
            request=request,
            payload={"answer": answer, "changes": row.changes},
        )
        if approve and row.kind in (RequestKind.E_INVOICE_ON, RequestKind.E_INVOICE_OFF):
            e_invoices_decided.send(
                AccountRequest,
                customer=row.customer,
                wanted=row.kind == RequestKind.E_INVOICE_ON,
                asked_by=row.sent_by,
                decided_by=by,
            )
        tell_decision(row, site_of(request) if request is not None else None)
    return row


def _judged(customer: Customer, wanted: Mapping[str, str]) -> dict[str, str]:
    copy = Customer.objects.get(pk=customer.pk)
    for name in CHANGEABLE:
        if name in wanted:
            setattr(copy, name, wanted[name].strip())
    entering.check(entering.dataset_of(Customer), copy)
    return {name: getattr(copy, name) for name in CHANGEABLE if name in wanted}


def _send(row: AccountRequest, *, by: User, request: HttpRequest | None) -> AccountRequest:
    row.sent_at, row.sent_by = timezone.now(), by
    with transaction.atomic():
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise ValidationError(_("You have sent this already; the office will answer soon.")) from None
        _tell(
            row,
            "request_sent",
            _("Request %(number)s was sent: %(kind)s."),
            actor=by,
            request=request,
            payload={"changes": row.changes, "remark": row.remark},
        )
    return row


def _locked(request_: AccountRequest) -> AccountRequest:
    row = AccountRequest.objects.select_for_update().get(pk=request_.pk, customer_id=request_.customer_id)
    if not row.is_waiting:
        raise RequestRefused(
            _("This request is already “%(state)s”. Look at it once more.")
            % {"state": row.get_state_display()}
        )
    return row


def _tell(
    row: AccountRequest,
    what: str,
    text: str,
    *,
    actor: User,
    request: HttpRequest | None,
    payload: Mapping[str, Any] | None = None,
) -> None:
    record(
        f"client_zone.{what}",
        text=text % {"number": row.number, "kind": row.get_kind_display()},
        actor=actor,
        request=request,
        customer_id=row.customer_id,
        obj=row,
        payload=payload,
    )
