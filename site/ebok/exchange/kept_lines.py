"""What of the delivery before still stands, so that the next one need only be looked at where it differs.

A line of a neutral file that the delivery before held too, and that was taken over or found unchanged then,
says what the mirror says: it needs no look at the database. The lines lie where they were kept anyway, in
the bytes of that delivery; `line_differences` finds what differs. That holds only as long as nobody changed
rows of the dataset in another way: whoever does calls `forget`.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from ebok.exchange.models import Standing


def forget(dataset_key: str) -> None:
    """Rows of the dataset were changed by hand: the next delivery is compared with the mirror itself.

    Runs in the caller's transaction, with the change.
    """
    changed = Standing.objects.filter(pk=dataset_key).update(
        delivery_id=None, lines=False, touched=F("touched") + 1
    )
    if not changed:
        with transaction.atomic():
            Standing.objects.update_or_create(
                dataset=dataset_key, defaults={"delivery_id": None, "lines": False, "touched": 1}
            )


def touched(dataset_keys: list[str]) -> dict[str, int]:
    """How often each dataset was changed by hand; compare before and after."""
    found = dict(Standing.objects.filter(pk__in=dataset_keys).values_list("pk", "touched"))
    return {key: found.get(key, 0) for key in dataset_keys}


def remember(
    dataset_key: str,
    *,
    delivery_id: int,
    touched_before: int,
    lines: bool,
    header: str,
    totals: Mapping[str, str],
) -> None:
    """The mirror now says what this delivery said, unless somebody changed rows by hand meanwhile."""
    standing, _made = Standing.objects.select_for_update().get_or_create(pk=dataset_key)
    if standing.touched != touched_before:
        return
    standing.delivery_id, standing.lines = delivery_id, lines
    standing.header, standing.totals = header, dict(totals)
    standing.save()


def superseded(dataset_key: str) -> None:
    """A delivery changed rows of the dataset of which the kept lines know nothing."""
    Standing.objects.filter(pk=dataset_key).update(delivery_id=None, lines=False)
