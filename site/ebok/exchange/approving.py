"""Whether a delivery may be taken over by itself."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from ebok.exchange.models import Delivery, DeliveryPart, ExchangeSettings, Outcome

LARGE_DATASET = 100
"""Rows from which on a dataset is judged alone; in a smaller one a single row is too large a share."""


def needs_a_person(delivery: Delivery, titles: Mapping[str, str]) -> str:
    """Why somebody must approve the delivery; "" when nobody must. A first load changes nothing."""
    threshold = ExchangeSettings.load().approval_threshold
    parts = list(delivery.parts.all())
    if shrunk := _shrunk(delivery, parts, threshold, titles):
        return shrunk
    if _share(parts) > threshold:
        return _(
            "%(share)s %% of the known rows would change or vanish;"
            " at most %(threshold)s %% may by themselves."
        ) % {
            "share": _shown(_share(parts)),
            "threshold": _shown(threshold),
        }
    for part in parts:
        if _known(part) >= LARGE_DATASET and _share([part]) > threshold:
            return _(
                "%(dataset)s: %(share)s %% of the known rows would change or vanish;"
                " at most %(threshold)s %% may by themselves."
            ) % {
                "dataset": titles.get(part.dataset, part.dataset),
                "share": _shown(_share([part])),
                "threshold": _shown(threshold),
            }
    return ""


def _shrunk(
    delivery: Delivery, parts: list[DeliveryPart], threshold: Decimal, titles: Mapping[str, str]
) -> str:
    """That a dataset has far fewer rows than the delivery before: a file cut at a line's end looks whole."""
    if not delivery.complete:
        return ""
    for part in parts:
        before = (
            DeliveryPart.objects.filter(
                dataset=part.dataset,
                delivery__outcome=Outcome.DONE,
                delivery__complete=True,
                delivery__lt=delivery.pk,
            )
            .order_by("-delivery_id")
            .first()
        )
        if before is None or before.rows < LARGE_DATASET:
            continue
        if Decimal(100 * (before.rows - part.rows)) / before.rows > threshold:
            return _(
                "%(dataset)s: %(rows)d rows, where the delivery before had %(before)d."
                " The file may have been cut off."
            ) % {
                "dataset": titles.get(part.dataset, part.dataset),
                "rows": part.rows,
                "before": before.rows,
            }
    return ""


def _known(part: DeliveryPart) -> int:
    """Rows of the mirror the delivery speaks of, or should."""
    return part.changed + part.unchanged + part.conflicts + part.vanished


def _share(parts: list[DeliveryPart]) -> Decimal:
    known = sum(map(_known, parts))
    moved = sum(part.changed + part.vanished for part in parts)
    return Decimal(100 * moved) / known if known else Decimal(0)


def _shown(share: Decimal) -> str:
    return f"{share:.1f}".replace(".", ",") if share % 1 else f"{share:.0f}"
