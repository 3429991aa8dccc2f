"""Counting queries: the literal number, and the queries themselves when it is another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def exactly_queries(number: int) -> Iterator[CaptureQueriesContext]:
    """Fail, and show every query, unless the block makes exactly this many."""
    with CaptureQueriesContext(connection) as captured:
        yield captured
    if len(captured) != number:
        shown = "\n".join(f"{place:3}. {query['sql']}" for place, query in enumerate(captured, start=1))
        raise AssertionError(f"{len(captured)} queries instead of {number}:\n{shown}")
