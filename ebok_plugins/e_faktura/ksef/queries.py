"""Reading what is kept of KSeF. What is a customer's begins with the customer."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ebok.billing.models import Invoice
from ebok.customers.models import Customer
from ebok_plugins.e_faktura.models import KsefConfirmation, KsefDocument, KsefState


def documents_of(customer: Customer) -> QuerySet[KsefDocument]:
    """The customer's documents that are in order, the newest first."""
    return (
        KsefDocument.objects.filter(customer=customer, state=KsefState.KEPT)
        .select_related("confirmation")
        .order_by("-issued_on", "-id")
    )


def document_of(invoice: Invoice) -> KsefDocument | None:
    """The document of KSeF that is this invoice, or None; one query.

    One that came before the invoice was imported is found by its number and day of issue.
    """
    return (
        KsefDocument.objects.filter(customer_id=invoice.customer_id, state=KsefState.KEPT)
        .filter(
            Q(invoice_id=invoice.pk)
            | Q(invoice=None, invoice_number=invoice.number, issued_on=invoice.issued_on)
        )
        .select_related("confirmation")
        .order_by("-id")
        .first()
    )


def only_in_ksef(customer: Customer) -> QuerySet[KsefDocument]:
    """The customer's invoices that came through KSeF and are not in the mirror, the newest first."""
    mirrored = Invoice.objects.filter(
        customer_id=customer.pk, number=OuterRef("invoice_number"), issued_on=OuterRef("issued_on")
    )
    return documents_of(customer).filter(~Exists(mirrored), invoice=None)


def queue(state: str = "") -> QuerySet[KsefDocument]:
    """Documents for the clerk, the newest first; those of one state, or all that are not in order."""
    rows = KsefDocument.objects.select_related("customer", "received_by", "confirmation").order_by("-id")
    if state == "all":
        return rows
    return (
        rows.filter(state=state) if state else rows.exclude(state__in=(KsefState.KEPT, KsefState.PUT_ASIDE))
    )


def counts() -> dict[str, int]:
    """How many documents are in each state; one query."""
    found = KsefDocument.objects.order_by().values_list("state").annotate(count=Count("id"))
    return dict(found)


def waiting_count() -> int:
    """How many documents wait for a person: doubtful and refused ones."""
    return KsefDocument.objects.filter(state__in=(KsefState.WAITING, KsefState.REFUSED)).count()


def broken_confirmations() -> QuerySet[KsefConfirmation]:
    """Confirmations that could not be read, the newest first."""
    return KsefConfirmation.objects.exclude(state=KsefState.KEPT).order_by("-id")
