"""Names given by the billing system, and the ids the mirror knows them by.

The import writes this table by the thousand (`applying`). Whoever enters a row by hand takes its id here.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from ebok.exchange.models import NaturalKey
from ebok.ports.datasets import KEY_SEPARATOR


class KeyTaken(Exception):
    """Another row is called so already; `key` holds what was found."""

    def __init__(self, key: NaturalKey) -> None:
        super().__init__(str(key))
        self.key = key


def joined(parts: Sequence[str]) -> str:
    """The natural key of these canonical parts."""
    return KEY_SEPARATOR.join(parts)


def find(dataset: str, key: str) -> NaturalKey | None:
    """What is called `key` in the dataset, or None."""
    return NaturalKey.objects.filter(dataset=dataset, key=key).first()


def take(dataset: str, key: str, *, customer_id: int | None = None) -> int:
    """The id for a new row of a keyed dataset that is entered by hand. Raises `KeyTaken`.

    Runs in the caller's transaction, in which the row itself must be saved with this id. A customer is
    its own owner, which `own` says afterwards.
    """
    try:
        with transaction.atomic():
            return NaturalKey.objects.create(dataset=dataset, key=key, customer_id=customer_id).id
    except IntegrityError:
        found = find(dataset, key)
        if found is None:
            raise
        raise KeyTaken(found) from None


def own(object_id: int) -> None:
    """Make a row its own owner: a customer just entered."""
    NaturalKey.objects.filter(pk=object_id).update(customer_id=object_id)


def rename(dataset: str, object_id: int, key: str) -> None:
    """Give a row of a keyed dataset another natural key. Raises `KeyTaken`."""
    found = find(dataset, key)
    if found is not None and found.object_id != object_id:
        raise KeyTaken(found)
    NaturalKey.objects.filter(pk=object_id, dataset=dataset).update(key=key)


def point(dataset: str, column: str, value: str, *, object_id: int, customer_id: int | None) -> None:
    """Keep a further unique value of a row (`Dataset.lookups`), in place of its earlier one.

    Raises `KeyTaken` when another row has it; an empty value only forgets the earlier one.
    """
    name = f"{dataset}.{column}"
    found = find(name, value) if value else None
    if found is not None and found.object_id != object_id:
        raise KeyTaken(found)
    NaturalKey.objects.filter(dataset=name, target_id=object_id).exclude(key=value).delete()
    if value and found is None:
        NaturalKey.objects.create(dataset=name, key=value, target_id=object_id, customer_id=customer_id)


def forget(dataset: str, object_id: int) -> None:
    """Remove the names of a row that was deleted."""
    NaturalKey.objects.filter(pk=object_id, dataset=dataset).delete()
    NaturalKey.objects.filter(dataset__startswith=f"{dataset}.", target_id=object_id).delete()
