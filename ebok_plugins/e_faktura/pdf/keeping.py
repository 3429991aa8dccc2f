"""Keeping the PDF of a bill, and handing it out in parts when asked for."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from wagtail.models import Site

from ebok.billing.models import Invoice
from ebok.customers.models import Customer
from ebok.files.serving import file_response
from ebok.look.printing import pdf_of
from ebok_plugins.e_faktura.models import DocumentOrigin, InvoiceDocument
from ebok_plugins.e_faktura.pdf import storing
from ebok_plugins.e_faktura.pdf.sheet import SHEET, digest_of, sheet_of

CONTENT_TYPE = "application/pdf"


def document_of(invoice: Invoice, customer: Customer, site: Site) -> InvoiceDocument:
    """The PDF of the bill: the billing system's where it sent one, else ours, made now if it is not yet.

    Ours is made anew when anything that stands on it has changed. Two people at once make one.
    """
    kept = _kept(invoice)
    if kept is not None and kept.origin == DocumentOrigin.BILLING and _is_there(kept):
        return kept
    sheet = sheet_of(invoice, customer, site)
    digest = digest_of(sheet)
    if kept is not None and kept.made_from == digest and _is_there(kept):
        return kept
    with transaction.atomic():
        # Whoever comes second waits here and finds what the first one made.
        Invoice.objects.select_for_update().filter(customer=customer, pk=invoice.pk).first()
        kept = _kept(invoice)
        if kept is not None and kept.made_from == digest and _is_there(kept):
            return kept
        now = timezone.now()
        content = pdf_of(SHEET, sheet, moment=now)
        return storing.keep(invoice, content, origin=DocumentOrigin.MADE, made_from=digest, replaced=kept)


def serve(request: HttpRequest, invoice: Invoice, document: InvoiceDocument) -> HttpResponseBase:
    """The file as an attachment; an interrupted download goes on only with the same bytes."""
    try:
        return file_response(
            request,
            document.file,
            name=file_name(invoice),
            extension="pdf",
            content_type=CONTENT_TYPE,
            size=document.size,
            etag=document.sha256,
        )
    except FileNotFoundError:
        raise Http404 from None


def file_name(invoice: Invoice) -> str:
    """The number of the document, nothing personal."""
    return f"{invoice.number.replace('/', '-')}.pdf"


def _kept(invoice: Invoice) -> InvoiceDocument | None:
    return InvoiceDocument.objects.filter(customer_id=invoice.customer_id, invoice=invoice).first()


def _is_there(document: InvoiceDocument) -> bool:
    name = str(document.file.name or "")
    return bool(name) and document.file.storage.exists(name)
