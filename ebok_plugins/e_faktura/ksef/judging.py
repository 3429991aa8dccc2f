"""What a kept file is worth: in order and somebody's, waiting for the clerk, or refused with reasons.

Judging is repeatable: a file is judged anew when more is known, and comes out the same otherwise. What a
person has decided stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ebok.journal.services import record
from ebok_plugins.e_faktura.ksef import codes, knowledge, numbers, reading, upo
from ebok_plugins.e_faktura.ksef.documents import Document
from ebok_plugins.e_faktura.ksef.matching import match
from ebok_plugins.e_faktura.ksef.modes import OFFLINE24, ONLINE, OUTSIDE
from ebok_plugins.e_faktura.ksef.problems import Problem, Refused
from ebok_plugins.e_faktura.models import KsefConfirmation, KsefDocument, KsefReceipt, KsefState
from ebok_plugins.e_faktura.models.ksef import STANDING

if TYPE_CHECKING:
    from django.http import HttpRequest

_BLOCK = 500


def judge(
    row: KsefDocument | KsefConfirmation, *, actor: Any = None, request: HttpRequest | None = None
) -> None:
    """Judge a kept file and write the verdict down. One that was put aside stays there."""
    if row.state == KsefState.PUT_ASIDE:
        return
    if isinstance(row, KsefConfirmation):
        _judge_confirmation(row, actor=actor, request=request)
    else:
        _judge_document(row, actor=actor, request=request)


def bytes_of(row: KsefDocument | KsefConfirmation) -> bytes:
    """The kept bytes. Raises `Refused` when the disk has lost them."""
    try:
        with row.file.open("rb") as kept:
            return bytes(kept.read())
    except OSError:
        raise Refused(Problem("lost")) from None


def _judge_document(row: KsefDocument, *, actor: Any, request: HttpRequest | None) -> None:
    try:
        document = reading.read(bytes_of(row))
    except Refused as refused:
        _settle(row, KsefState.REFUSED, refused.problems, actor=actor, request=request)
        return
    _copy(row, document)
    receipt = _add_receipt(row)
    known = knowledge.about(document)
    found = match(document, known)
    is_decided = row.decided_at is not None and row.customer_id is not None
    if not is_decided:
        row.customer_id = found.customer_id
    row.invoice_id = found.invoice_id if found.customer_id == row.customer_id else None
    invoice = next((one for one in known.invoices if one.id == row.invoice_id), None)
    if invoice is not None:
        knowledge.add_of_mirror(row, invoice.id)
    fatal = [*_faults_of_number(row), *_doubles(row)]
    if invoice is not None and invoice.sha256 and invoice.sha256.lower() != row.sha256:
        fatal.append(Problem("other-hash"))
    if receipt is None and row.number and KsefReceipt.objects.filter(number=row.number).exists():
        fatal.append(Problem("upo-hash"))
    doubtful = [] if is_decided else [*found.problems, *_conflicts(row, receipt, invoice)]
    remarks = _remarks(row)
    state = KsefState.REFUSED if fatal else KsefState.WAITING if doubtful else KsefState.KEPT
    _settle(row, state, [*(fatal or doubtful), *remarks], actor=actor, request=request)


def _copy(row: KsefDocument, document: Document) -> None:
    """What lists and joining need, beside the bytes."""
    due = document.payment.due_on if document.payment is not None else ()
    row.kind = document.kind
    row.invoice_number = document.number
    row.issued_on = document.issued_on
    row.due_on = due[0] if due else None
    row.seller_nip = document.seller.nip
    row.buyer_nip = document.buyer.nip
    row.buyer_name = document.buyer.name
    row.customer_number = ", ".join(document.customer_numbers)[:256]
    row.currency = document.currency
    row.gross = document.gross
    row.to_pay = document.to_pay
    row.has_attachment = bool(document.attachment)


def _add_receipt(row: KsefDocument) -> KsefReceipt | None:
    """The confirmation of these very bytes tells the number, when it was given, and whether later."""
    receipt = KsefReceipt.objects.filter(sha256=row.sha256).select_related("confirmation").first()
    if receipt is not None:
        row.confirmation = receipt.confirmation
        row.number = row.number or receipt.number
        row.accepted_at = row.accepted_at or receipt.accepted_at
        if receipt.is_offline and row.mode in (ONLINE, OUTSIDE):
            row.mode = OFFLINE24
    return receipt


def _faults_of_number(row: KsefDocument) -> list[Problem]:
    if not row.number:
        return []
    fault = numbers.fault_of(row.number)
    if fault:
        return [Problem(fault, {"number": row.number})]
    number = numbers.read(row.number)
    if number is None or row.issued_on is None:
        return []
    found = []
    if number.seller_nip != row.seller_nip:
        found.append(Problem("number-seller", {"found": number.seller_nip, "seller": row.seller_nip}))
    if number.accepted_on < row.issued_on:
        told = {"accepted": number.accepted_on.isoformat(), "issued": row.issued_on.isoformat()}
        found.append(Problem("number-too-early", told))
    return found


def _doubles(row: KsefDocument) -> list[Problem]:
    """Another file that stands for the same invoice: its bytes were changed on the way."""
    others = KsefDocument.objects.filter(state__in=STANDING).exclude(pk=row.pk)
    if row.number and others.filter(number=row.number).exists():
        return [Problem("resaved", {"number": row.number})]
    same = others.filter(seller_nip=row.seller_nip, kind=row.kind, invoice_number=row.invoice_number).first()
    if same is None:
        return []
    is_one = (same.issued_on, same.gross, same.number or row.number) == (
        row.issued_on,
        row.gross,
        row.number or same.number,
    )
    return [Problem("resaved" if is_one else "same-document", {"number": row.invoice_number})]


def _conflicts(row: KsefDocument, receipt: KsefReceipt | None, invoice: Any) -> list[Problem]:
    """Numbers that are told by the file's name, the confirmation and the billing system must be one."""
    told = [
        numbers.named_in(row.file_name),
        receipt.number if receipt else "",
        getattr(invoice, "ksef_number", ""),
    ]
    other = next((number for number in told if number and number != row.number), "")
    return [Problem("number-conflict", {"number": row.number, "other": other})] if other else []


def _remarks(row: KsefDocument) -> list[Problem]:
    """What does not keep a document from being shown."""
    digest = bytes.fromhex(row.sha256)
    if row.code_ii_url and not codes.is_code_ii_of(row.code_ii_url, digest, row.seller_nip):
        row.code_ii_url = ""
        return [Problem("code-ii")]
    return []


def _settle(
    row: KsefDocument,
    state: str,
    problems: Iterable[Problem],
    *,
    actor: Any,
    request: HttpRequest | None,
) -> None:
    """Write the verdict down; a double that came in at the same moment loses."""
    before = KsefDocument.objects.values_list("state", "customer_id").get(pk=row.pk)
    row.state, row.reasons = state, [problem.as_json() for problem in problems]
    try:
        with transaction.atomic():
            row.save()
            if before != (row.state, row.customer_id):
                _tell(row, actor=actor, request=request)
    except IntegrityError:
        double = Problem("resaved", {"number": row.number or row.invoice_number})
        row.state, row.reasons = KsefState.REFUSED, [double.as_json()]
        with transaction.atomic():
            row.save()
            _tell(row, actor=actor, request=request)


def _tell(row: KsefDocument, *, actor: Any, request: HttpRequest | None) -> None:
    texts = {
        KsefState.KEPT: ("e_faktura.ksef_joined", _("Invoice %(number)s added from KSeF")),
        KsefState.WAITING: ("e_faktura.ksef_waiting", _("Invoice %(number)s of KSeF waits for a decision")),
        KsefState.REFUSED: ("e_faktura.ksef_refused", _("File of KSeF refused: %(number)s")),
    }
    kind, text = texts[KsefState(row.state)]
    record(
        kind,
        text=text % {"number": row.invoice_number or row.file_name},
        actor=actor,
        request=request,
        customer_id=row.customer_id if row.state == KsefState.KEPT else None,
        obj=row,
        payload={
            "sha256": row.sha256,
            "number": row.number,
            "reasons": [code for code, _told in row.reasons],
        },
    )


def _judge_confirmation(row: KsefConfirmation, *, actor: Any, request: HttpRequest | None) -> None:
    try:
        confirmation = _confirmation_that_counts(bytes_of(row))
    except Refused as refused:
        row.state = KsefState.REFUSED
        row.reasons = [problem.as_json() for problem in refused.problems]
        row.save()
        return
    row.state, row.reasons = KsefState.KEPT, []
    row.environment = confirmation.environment[:120]
    row.session, row.is_signed = confirmation.session[:60], confirmation.is_signed
    with transaction.atomic():
        row.save()
        KsefReceipt.objects.bulk_create(
            [
                KsefReceipt(
                    confirmation=row,
                    sha256=one.sha256.hex(),
                    number=one.number,
                    seller_nip=one.seller_nip,
                    accepted_at=one.accepted_at,
                    is_offline=one.way == upo.OFFLINE,
                )
                for one in confirmation.documents
            ],
            batch_size=_BLOCK,
            ignore_conflicts=True,
        )
    _judge_confirmed(confirmation, actor=actor, request=request)


def _confirmation_that_counts(content: bytes) -> upo.Confirmation:
    confirmation = upo.read(content)
    if confirmation.environment and codes.environment() == "production":
        raise Refused(Problem("upo-environment", {"environment": confirmation.environment}))
    return confirmation


def _judge_confirmed(confirmation: upo.Confirmation, *, actor: Any, request: HttpRequest | None) -> None:
    """Documents that are here already learn their numbers; those with the number but other bytes fall."""
    documents = confirmation.documents
    for start in range(0, len(documents), _BLOCK):
        block = documents[start : start + _BLOCK]
        hashes, named = [one.sha256.hex() for one in block], [one.number for one in block]
        found = KsefDocument.objects.filter(sha256__in=hashes) | KsefDocument.objects.filter(
            number__in=named, state__in=STANDING
        )
        for document in found.distinct():
            judge(document, actor=actor, request=request)
