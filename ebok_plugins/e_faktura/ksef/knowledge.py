"""What the mirror knows that may fit an invoice of KSeF."""

from __future__ import annotations

from ebok.billing.models import Invoice, KsefMode
from ebok.customers.models import Customer
from ebok.look.models import OrganisationSettings
from ebok.look.nip import digits
from ebok_plugins.e_faktura.ksef import codes
from ebok_plugins.e_faktura.ksef.documents import Document
from ebok_plugins.e_faktura.ksef.matching import Known, KnownInvoice
from ebok_plugins.e_faktura.models import KsefDocument

MOST_FOUND = 20
"""More customers or invoices that fit are as undecided as these."""


def about(document: Document) -> Known:
    """Customers by their numbers and by the buyer's tax number, invoices by number; five queries."""
    by_code = Customer.objects.filter(code__in=document.customer_numbers).values_list("code", "id")
    by_nip: list[int] = []
    if document.buyer.nip:
        same_nip = Customer.objects.filter(nip=document.buyer.nip).order_by("id")
        by_nip = list(same_nip.values_list("id", flat=True)[:MOST_FOUND])
    invoices = [
        KnownInvoice(
            id=one.pk,
            customer_id=one.customer_id,
            gross=one.gross,
            issued_on=one.issued_on.isoformat(),
            sha256=one.ksef_sha256,
            ksef_number=one.ksef_number,
        )
        for one in Invoice.objects.filter(number=document.number).order_by("-issued_on", "-id")[:MOST_FOUND]
    ]
    owners = {*by_nip, *dict(by_code).values(), *(invoice.customer_id for invoice in invoices)}
    return Known(
        our_nips=our_nips(),
        by_code=dict(by_code),
        by_nip=by_nip,
        invoices=invoices,
        names=dict(Customer.objects.filter(pk__in=owners).values_list("id", "code")),
    )


def our_nips() -> set[str]:
    """Tax numbers of the utility, of all its sites; with none filled in every seller is let be.

    In the Ministry's test systems sellers are made up, so that nothing can be concluded from them.
    """
    if codes.environment() != "production":
        return set()
    return {digits(nip) for nip in OrganisationSettings.objects.exclude(nip="").values_list("nip", flat=True)}


def add_of_mirror(row: KsefDocument, invoice_id: int) -> None:
    """What the billing system told of the invoice with its row: number, mode, moment of acceptance."""
    invoice = Invoice.objects.get(pk=invoice_id)
    row.number = row.number or invoice.ksef_number
    row.accepted_at = row.accepted_at or invoice.ksef_accepted_at
    if invoice.ksef_mode not in (KsefMode.OUTSIDE, KsefMode.ONLINE):
        row.mode = invoice.ksef_mode
