"""Deliveries that are not taken over as a whole, with the sentence that says why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ebok.exchange.freshness import REFRESH
from ebok.exchange.models import Delivery, DeliveryPart, Outcome, Standing
from ebok.exchange.sources import Stated
from ebok.exchange.staging import Shape

CLOCKS_APART = timedelta(minutes=10)
"""How far ahead of ours the clock of the billing system may be."""


class Refused(Exception):
    """The delivery is not taken over; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Skipped(Exception):
    """The same delivery was taken over before; `before` is the one."""

    def __init__(self, before: Delivery) -> None:
        super().__init__(str(before.pk))
        self.before = before


def refuse_moment(delivery: Delivery, datasets: list[str]) -> None:
    """Raise `Refused` for a delivery from the future, or older than one that was taken over."""
    if delivery.as_of is None:
        return
    if delivery.as_of > timezone.now() + CLOCKS_APART:
        raise Refused(
            _("The delivery says it is from the future: %(as_of)s.") % {"as_of": _moment(delivery.as_of)}
        )
    taken = DeliveryPart.objects.filter(
        dataset__in=datasets,
        delivery__profile=delivery.profile,
        delivery__outcome__in=(Outcome.DONE, Outcome.SKIPPED),
    )
    # What was asked about one customer says nothing about the others.
    newest = taken.exclude(delivery__way_in=REFRESH).aggregate(newest=Max("delivery__as_of"))["newest"]
    if newest is not None and delivery.as_of < newest:
        raise Refused(
            _("The delivery is of %(as_of)s, but one of %(newest)s was taken over already.")
            % {"as_of": _moment(delivery.as_of), "newest": _moment(newest)}
        )


def _moment(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def skip_the_same(delivery: Delivery) -> None:
    """Raise `Skipped` when the last delivery held the same bytes and the mirror still says the same."""
    if delivery.dry_run or not delivery.complete:
        return
    before = Delivery.objects.filter(profile=delivery.profile, outcome=Outcome.DONE, complete=True).first()
    if before is None or before.sha256 != delivery.sha256 or before.pk >= delivery.pk:
        return
    parts = list(before.parts.all())
    if any(part.rejected or part.conflicts for part in parts):
        return
    standing = dict(Standing.objects.values_list("pk", "delivery_id"))
    if parts and all(standing.get(part.dataset) == before.pk for part in parts):
        raise Skipped(before)


def refuse_rows(title: str, part: DeliveryPart, stated: Stated | None) -> None:
    """Raise `Refused` when the delivery says of itself that it has another number of rows."""
    if stated is not None and stated.rows is not None and stated.rows != part.rows:
        raise Refused(
            _("%(dataset)s: the delivery says it has %(stated)d rows, %(found)d arrived.")
            % {"dataset": title, "stated": stated.rows, "found": part.rows}
        )


def refuse_totals(shape: Shape, found: Mapping[str, str], stated: Mapping[str, Any]) -> None:
    """Raise `Refused` when a column adds up to something else than the delivery says."""
    for column in shape.dataset.totals:
        if column not in stated or column not in found:
            continue
        if Decimal(str(stated[column])) != Decimal(found[column]):
            raise Refused(
                _("%(dataset)s, %(column)s: the delivery says %(stated)s, the rows add up to %(found)s.")
                % {
                    "dataset": shape.dataset.title,
                    "column": shape.dataset.column(column).title,
                    "stated": stated[column],
                    "found": found[column],
                }
            )
