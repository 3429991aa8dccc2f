"""Counting queries: the literal number, and the queries themselves when it is another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings


@contextmanager
def exactly_queries(number: int) -> Iterator[CaptureQueriesContext]:
    """Fail, and show every query, unless the block makes exactly this many.

    Viewings are gathered as in operation (`ebok.journal.viewing`), where they cost a request no query; what
    the block gathers is dropped.
    """
    gathering = mock.patch("ebok.journal.shipping.gatherer", autospec=True)
    with (
        override_settings(EBOK_JOURNAL_GATHER=True),
        gathering,
        CaptureQueriesContext(connection) as captured,
    ):
        yield captured
    if len(captured) != number:
        shown = "\n".join(f"{place:3}. {query['sql']}" for place, query in enumerate(captured, start=1))
        raise AssertionError(f"{len(captured)} queries instead of {number}:\n{shown}")
