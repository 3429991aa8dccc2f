"""Handing out documents of KSeF: the very bytes, and what is shown of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext as _

from ebok.billing.models import Invoice, KsefMode
from ebok.files.serving import file_response, is_whole_get
from ebok.journal.services import record
from ebok_plugins.e_faktura.codes.images import inline_svg
from ebok_plugins.e_faktura.ksef import judging, queries, reading
from ebok_plugins.e_faktura.ksef.documents import Document
from ebok_plugins.e_faktura.ksef.modes import Status, status_of
from ebok_plugins.e_faktura.ksef.problems import Problem, Refused
from ebok_plugins.e_faktura.ksef.view import View, view_of
from ebok_plugins.e_faktura.models import KsefConfirmation, KsefDocument

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

XML = "application/xml"


@dataclass(frozen=True)
class Shown:
    """A document with its view; `problems` say why there is none."""

    record: KsefDocument
    document: Document | None
    view: View | None
    problems: tuple[Problem, ...] = ()

    @property
    def code_picture(self) -> str:
        """KOD I as a picture; "" for a document of which there is none."""
        url = self.record.code_i_url
        return inline_svg(url) if url and self.document is not None else ""

    @property
    def code_ii_picture(self) -> str:
        """KOD II as a picture, where one was received."""
        return inline_svg(self.record.code_ii_url) if self.record.code_ii_url else ""


@dataclass(frozen=True)
class PartOfBill:
    """What the page of a bill says about KSeF; `is_told` where there is anything to say."""

    document: KsefDocument | None
    shown: Shown | None
    status: Status
    is_told: bool


def part_of_bill(invoice: Invoice) -> PartOfBill:
    """The document of KSeF that is this invoice, or what the billing system told of it; one query."""
    document = queries.document_of(invoice)
    status = status_of(invoice.ksef_mode, invoice.ksef_number)
    is_told = bool(invoice.ksef_number) or invoice.ksef_mode != KsefMode.OUTSIDE
    return PartOfBill(document, shown(document) if document is not None else None, status, is_told)


def shown(row: KsefDocument) -> Shown:
    """What the kept bytes say, in the active language; never more than the bytes."""
    try:
        root = reading.tree_of(judging.bytes_of(row))
        return Shown(row, reading.document_of(root), view_of(root))
    except Refused as refused:
        return Shown(row, None, None, refused.problems)


def xml_response(request: HttpRequest, row: KsefDocument) -> HttpResponseBase:
    """The very bytes of the invoice, whole or in parts; 404 when the disk has lost them."""
    return _sent(request, row, f"{row.number or row.invoice_number or row.file_name}.xml")


def upo_response(request: HttpRequest, row: KsefDocument) -> HttpResponseBase:
    """The very bytes of the confirmation; 404 where there is none."""
    if row.confirmation is None:
        raise Http404
    return _sent(request, row.confirmation, f"UPO-{row.number or row.invoice_number}.xml")


def journal_download(request: HttpRequest, row: KsefDocument, what: str) -> None:
    """Write down that somebody took it away: once for a download, however many parts it comes in."""
    if not is_whole_get(request):
        return
    record(
        "e_faktura.ksef_downloaded",
        text=_("Invoice %(number)s of KSeF downloaded (%(what)s)")
        % {"number": row.invoice_number or row.file_name, "what": what},
        request=request,
        customer_id=row.customer_id,
        obj=row,
        payload={"what": what, "sha256": row.sha256},
    )


def _sent(request: HttpRequest, row: KsefDocument | KsefConfirmation, name: Any) -> HttpResponseBase:
    try:
        return file_response(request, row.file, name=name, extension="xml", content_type=XML, size=row.size)
    except FileNotFoundError:
        raise Http404 from None
