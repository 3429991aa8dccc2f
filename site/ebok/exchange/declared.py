"""The datasets that rooms and plugins declare, in the order in which they are applied."""

from __future__ import annotations

from ebok.plugins.registry import registry
from ebok.ports.datasets import Dataset


def declared_datasets() -> tuple[Dataset, ...]:
    """All of them, references pointing backwards only."""
    found = [dataset for _owner, dataset in registry.contributions("datasets")]
    return tuple(sorted(found, key=lambda dataset: (dataset.order, dataset.key)))


def declared_dataset(key: str) -> Dataset:
    """The dataset of that key. Raises `KeyError`."""
    for dataset in declared_datasets():
        if dataset.key == key:
            return dataset
    raise KeyError(key)
