"""What people did in the portal and the billing system should learn of: a queue of rows going out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ebok.ports.datasets import Value

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import _StrOrPromise as Text


@dataclass(frozen=True, kw_only=True)
class OutletColumn:
    """One column of an exported batch: its name in the file and its title for people."""

    name: str
    title: Text


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """Rows that go out to the billing system in numbered batches, each exactly once.

    `key` is `<owner>.<name>` and must never change: batches are numbered for each key. `records` gives
    everything that should ever go out and must not change any more once it has (a query set, unordered,
    of a model with a single primary key); the exchange leaves out what went before. `cells` gives the
    cells of one record in the order of `columns`; None is empty, numbers and dates are written as the
    neutral file writes them. `prepare` is called with each block of records (at most a thousand) before
    `cells`, so that related rows are read at once and not one by one. `claimed` is called with each block in
    the transaction of the batch: the place to lock what has gone out.

    In the file a column `row` with the place in the batch comes first: acknowledgements name it.
    """

    key: str
    title: Text
    columns: tuple[OutletColumn, ...]
    records: Callable[[], QuerySet[Any]]
    cells: Callable[[Any], Sequence[Value]]
    prepare: Callable[[Sequence[Any]], None] | None = None
    claimed: Callable[[Sequence[Any]], None] | None = None
    description: Text = ""
