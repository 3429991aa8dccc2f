"""A system that can be asked about one customer at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

    from ebok.ports.datasets import Value

Rows = Iterable["Mapping[str, Value]"]
"""Rows as column name of the dataset to text or value."""


@runtime_checkable
class DataSource(Protocol):
    """An adapter to a billing, contract or trading system, called when a customer's copy is renewed.

    `key` is `<owner>.<name>`. `fetch` answers with pairs of a declared dataset's key and its rows for that
    customer, in any order; what it leaves out is left as it is. It may raise anything: the person who
    asked is told that the system did not answer, and nothing is changed.
    """

    key: str
    title: Text

    def fetch(self, customer_code: str) -> Iterable[tuple[str, Rows]]:
        """Everything the system knows about the customer at this moment."""
        ...
