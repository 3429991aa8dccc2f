"""PDF files that come with a delivery: rows name files that its ZIP archive holds."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from ebok.exchange import attachments, kept_lines
from ebok.exchange.folders import attached_file
from ebok.exchange.models import Delivery
from ebok.files import scanning
from ebok.files.checking import MEGABYTE, check
from ebok_plugins.e_faktura.models import DeliveredPdf, DocumentOrigin, InvoiceDocument
from ebok_plugins.e_faktura.pdf import storing

DATASET = "invoice_files"
LIMIT = 10 * MEGABYTE
_BLOCK = 200


def keep_delivered(batch_id: int) -> None:
    """Keep the PDF files this delivery names; what cannot be kept is told in its report.

    A file that is here under the same name stays when the delivery does not hold it.
    """
    delivery = Delivery.objects.filter(pk=batch_id).first()
    if delivery is None:
        return
    lacking = []
    rows = DeliveredPdf.objects.filter(batch_id=batch_id).exclude(file_name="").order_by("invoice_id")
    for row in rows.select_related("invoice").iterator(chunk_size=_BLOCK):
        if sentence := _keep(row, delivery):
            attachments.tell(delivery, row, column="file", key=row.invoice.number, sentence=sentence)
            lacking.append(row.invoice_id)
    if lacking:
        # The mirror does not say what the delivery said: the next one is asked for the file again.
        DeliveredPdf.objects.filter(batch_id=batch_id, invoice_id__in=lacking).update(file_name="")
        kept_lines.forget(DATASET)


def _keep(row: DeliveredPdf, delivery: Delivery) -> str:
    """Keep one file; why not, in a sentence, or ""."""
    named = {"file": row.file_name}
    kept = InvoiceDocument.objects.filter(customer_id=row.customer_id, invoice_id=row.invoice_id).first()
    path = attached_file(delivery.stored_as, row.file_name)
    if path is None:
        is_known = kept is not None and kept.delivered_as == row.file_name
        return "" if is_known else _("The delivery does not hold the file “%(file)s”.") % named
    if path.stat().st_size > LIMIT:
        return _("“%(file)s” is too big for the PDF of a bill.") % named
    try:
        file = check(ContentFile(path.read_bytes(), name=path.name), ("pdf",), LIMIT)
    except ValidationError as refused:
        return " ".join(refused.messages)
    scan = scanning.scanner()
    if scan is not None and not scan(ContentFile(file.content)):
        return _("The virus scanner refuses “%(name)s”.") % {"name": row.file_name}
    if kept is None or kept.origin != DocumentOrigin.BILLING or kept.sha256 != file.sha256:
        storing.keep(
            row.invoice,
            file.content,
            origin=DocumentOrigin.BILLING,
            delivered_as=row.file_name,
            replaced=kept,
        )
    return ""
