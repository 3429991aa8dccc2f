"""Storing the bytes of a PDF beside its bill."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.utils import timezone

from ebok.billing.models import Invoice
from ebok_plugins.e_faktura.models import DocumentOrigin, InvoiceDocument


def keep(
    invoice: Invoice,
    content: bytes,
    *,
    origin: DocumentOrigin,
    made_from: str = "",
    delivered_as: str = "",
    replaced: InvoiceDocument | None = None,
) -> InvoiceDocument:
    """Keep these bytes in place of what was kept; the earlier file goes once the change has held."""
    document = replaced or InvoiceDocument(customer_id=invoice.customer_id, invoice=invoice)
    earlier = str(document.file.name or "")
    document.origin, document.made_from, document.delivered_as = origin, made_from, delivered_as
    document.size, document.sha256 = len(content), hashlib.sha256(content).hexdigest()
    document.made_at = timezone.now()
    document.file.save("faktura.pdf", ContentFile(content), save=False)
    document.save()
    if earlier:
        _delete_later(document.file.storage, earlier)
    return document


def _delete_later(storage: Storage, name: str) -> None:
    transaction.on_commit(lambda: storage.delete(name), robust=True)
