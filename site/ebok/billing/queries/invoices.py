"""Invoices of one customer (D02-D04) and chains of corrections."""

from __future__ import annotations

from django.db.models import QuerySet

from ebok.billing.models import Invoice, InvoiceLine
from ebok.customers.models import Customer


def invoices_for(customer: Customer) -> QuerySet[Invoice]:
    """All documents of the customer, the newest first, archive included."""
    return Invoice.objects.filter(customer=customer).order_by("-issued_on", "-id")


def unpaid_for(customer: Customer) -> QuerySet[Invoice]:
    """Documents with something left to pay, in the order of their days of payment."""
    return (
        Invoice.objects.filter(customer=customer)
        .exclude(open_amount=0)
        .filter(is_cancelled=False)
        .order_by("due_on", "id")
    )


def lines_of(invoice: Invoice) -> QuerySet[InvoiceLine]:
    """The lines as they stand on the document (D04)."""
    return InvoiceLine.objects.filter(customer_id=invoice.customer_id, invoice_id=invoice.pk).order_by(
        "position"
    )


def correction_chain(invoice: Invoice) -> list[Invoice]:
    """The document this one goes back to and everything that corrects it, in the order of issue.

    One query for each generation, whatever the number of corrections.
    """
    owner = invoice.customer_id
    first, seen = invoice, {invoice.pk}
    while first.corrects_id is not None and first.corrects_id not in seen:
        earlier = Invoice.objects.filter(customer_id=owner, pk=first.corrects_id).first()
        if earlier is None:
            break
        first = earlier
        seen.add(first.pk)
    chain, generation, known = [first], [first.pk], {first.pk}
    while generation:
        later = list(Invoice.objects.filter(customer_id=owner, corrects_id__in=generation))
        # A file can say that two documents correct each other.
        generation = [document.pk for document in later if document.pk not in known]
        chain += [document for document in later if document.pk not in known]
        known.update(generation)
    return sorted(chain, key=lambda document: (document.issued_on, document.pk))
