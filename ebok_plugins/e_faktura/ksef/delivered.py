"""Documents of KSeF that come with a delivery: rows name files that its ZIP archive holds."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.exchange import attachments, kept_lines
from ebok.exchange.folders import attached_file
from ebok.exchange.models import Delivery
from ebok_plugins.e_faktura.ksef import judging
from ebok_plugins.e_faktura.ksef.receiving import MOST_KEPT, Told, take
from ebok_plugins.e_faktura.models import DeliveredKsef, KsefDocument, KsefOrigin, KsefState

DATASET = "ksef_documents"
_BLOCK = 200


def keep_delivered(batch_id: int) -> None:
    """Take in the files this delivery names; what is refused, or waits, is told in its report.

    A refused file is kept for the clerk all the same. One that is here already is not taken twice.
    """
    delivery = Delivery.objects.filter(pk=batch_id).first()
    if delivery is None:
        return
    lacking = False
    rows = DeliveredKsef.objects.filter(batch_id=batch_id).order_by("customer_id", "file_name")
    for row in rows.iterator(chunk_size=_BLOCK):
        for sentence in _take(row, delivery):
            attachments.tell(delivery, row, column="file", key=row.file_name, sentence=sentence)
            lacking = True
    if lacking:
        kept_lines.forget(DATASET)


def _take(row: DeliveredKsef, delivery: Delivery) -> list[str]:
    """Take the files of one row in; why one was not, or is not in order, in sentences."""
    content, sentence = _read(row.file_name, delivery)
    if content is None:
        # The row may come again without its files, in a delivery of everything.
        is_known = KsefDocument.objects.filter(file_name=row.file_name).exists()
        return [] if is_known else [sentence]
    told = Told(row.number, row.mode, row.accepted_at, row.code_ii_url)
    taken = take(
        content,
        row.file_name,
        told=told,
        origin=KsefOrigin.DELIVERY,
        batch_id=delivery.pk,
        actor=delivery.received_by,
    ).record
    if isinstance(taken, KsefDocument):
        _give(taken, row.customer_id)
    sentences = [problem.sentence for problem in taken.problems] if taken.state != KsefState.KEPT else []
    if row.upo_name:
        upo, missing = _read(row.upo_name, delivery)
        if upo is None:
            return [*sentences, missing]
        confirmation = take(
            upo, row.upo_name, origin=KsefOrigin.DELIVERY, batch_id=delivery.pk, actor=delivery.received_by
        )
        sentences += [problem.sentence for problem in confirmation.record.problems]
    return sentences


def _give(document: KsefDocument, customer_id: int) -> None:
    """The billing system says whose it is, where the document itself leads to nobody."""
    led_nowhere = [code for code, _told in document.reasons] == ["nobody"]
    if document.state == KsefState.WAITING and led_nowhere:
        document.customer_id, document.decided_at = customer_id, timezone.now()
        document.save(update_fields=["customer", "decided_at"])
        judging.judge(document)
        document.refresh_from_db()


def _read(name: str, delivery: Delivery) -> tuple[bytes | None, str]:
    path: Path | None = attached_file(delivery.stored_as, name)
    if path is None:
        return None, _("The delivery does not hold the file “%(file)s”.") % {"file": name}
    if path.stat().st_size > MOST_KEPT:
        return None, _("“%(name)s” is too big.") % {"name": name}
    return path.read_bytes(), ""
