"""Files that rows of a delivery name: what could not be kept is told in the delivery's report."""

from __future__ import annotations

from django.db.models import F

from ebok.exchange import entering
from ebok.exchange.mirror import Mirrored
from ebok.exchange.models import Delivery, DeliveryPart, Finding, FindingKind


def tell(delivery: Delivery, row: Mirrored, *, column: str, key: str, sentence: str) -> None:
    """Reject the file that `row` names in `column`, although the row itself is taken over.

    `key` is how people know the row. Its cells stand beside the sentence, so that it can be mended and sent
    again. Nothing is told where the delivery has no part of the row's dataset.
    """
    dataset = entering.dataset_of(type(row))
    part = DeliveryPart.objects.filter(delivery=delivery, dataset=dataset.key).first()
    if part is None:
        return
    Finding.objects.create(
        part=part,
        kind=FindingKind.REJECTED,
        column=column,
        key=key,
        reason=sentence,
        cells=entering.cells_of(dataset, row),
    )
    DeliveryPart.objects.filter(pk=part.pk).update(rejected=F("rejected") + 1)
