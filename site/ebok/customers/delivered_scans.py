"""Scans that come with a delivery: contracts name files that its ZIP archive holds."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from ebok.customers import scans
from ebok.customers.models import Contract
from ebok.exchange import attachments, kept_lines
from ebok.exchange.folders import attached_file
from ebok.exchange.models import Delivery

DATASET = "contracts"
_BLOCK = 500


def keep_delivered(batch_id: int) -> None:
    """Keep the scans of contracts this delivery touched; what cannot be kept is told in its report.

    A scan that was added by hand is not replaced. One that is here under the same name stays when the
    delivery does not hold the file, so that a delivery of contracts need not carry all scans each time.
    """
    delivery = Delivery.objects.filter(pk=batch_id).first()
    if delivery is None:
        return
    touched = Contract.objects.filter(batch_id=batch_id).exclude(scan_name="").order_by("pk")
    lacking = []
    for contract in touched.iterator(chunk_size=_BLOCK):
        if contract.scan and not contract.scan_from:
            named = {"file": contract.scan_name}
            _tell(contract, delivery, _("A scan was added by hand; “%(file)s” was not taken.") % named)
        elif sentence := _keep(contract, delivery):
            _tell(contract, delivery, sentence)
            lacking.append(contract.pk)
    if lacking:
        # The mirror does not say what the delivery said: the next one is asked for the scan again.
        Contract.objects.filter(pk__in=lacking).update(scan_name="")
        kept_lines.forget(DATASET)


def _keep(contract: Contract, delivery: Delivery) -> str:
    """Keep one scan; why not, in a sentence, or ""."""
    named = {"file": contract.scan_name}
    path = attached_file(delivery.stored_as, contract.scan_name)
    if path is None:
        known = contract.scan and contract.scan_from == contract.scan_name
        return "" if known else _("The delivery does not hold the file “%(file)s”.") % named
    if path.stat().st_size > scans.LIMIT:
        return _("“%(file)s” is too big for a scan.") % named
    try:
        file = scans.checked(ContentFile(path.read_bytes(), name=path.name))
    except ValidationError as refused:
        return " ".join(refused.messages)
    if not _is_kept(contract, file.content):
        scans.keep(contract, file, actor=delivery.received_by, delivered_as=contract.scan_name)
    return ""


def _is_kept(contract: Contract, content: bytes) -> bool:
    if not contract.scan or contract.scan_from != contract.scan_name:
        return False
    try:
        with contract.scan.open("rb") as kept:
            return bool(kept.read() == content)
    except OSError:
        return False


def _tell(contract: Contract, delivery: Delivery, sentence: str) -> None:
    attachments.tell(delivery, contract, column="scan", key=contract.number, sentence=sentence)
