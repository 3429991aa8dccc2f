"""What people decided to leave as it is here, so that the same delivered row is not told again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from ebok.exchange.models import Settled
from ebok.exchange.validation import canonical, clean_row
from ebok.ports.datasets import Dataset


def digest(dataset: Dataset, cells: Mapping[str, str | None]) -> str:
    """What a delivered row says, however its file wrote it."""
    values = clean_row(dataset, cells).values
    said = {column.name: canonical(column, values.get(column.name)) for column in dataset.columns}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def remember(dataset: Dataset, key: str, cells: Mapping[str, str | None]) -> None:
    """The row `key` stays as it is here, whatever this delivered row says; the last decision counts."""
    Settled.objects.update_or_create(
        dataset=dataset.key, key=key, defaults={"digest": digest(dataset, cells)}
    )


def forget(dataset: Dataset, key: str) -> None:
    """The billing system's word is taken again."""
    Settled.objects.filter(dataset=dataset.key, key=key).delete()


def of_dataset(dataset: Dataset) -> dict[str, str]:
    """Digests of settled rows by their keys; people decide about them one by one, so there are few."""
    return dict(Settled.objects.filter(dataset=dataset.key).values_list("key", "digest"))
