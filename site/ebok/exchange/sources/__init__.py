"""Where deliveries come from: files of several kinds, archives of them, folders and databases."""

from __future__ import annotations

from ebok.exchange.sources.databases import receive_sql
from ebok.exchange.sources.interface import (
    BrokenRow,
    Cells,
    Member,
    Part,
    Plain,
    Received,
    Source,
    SourceRefused,
    Stated,
)
from ebok.exchange.sources.opening import open_source
from ebok.exchange.sources.receiving import receive

__all__ = [
    "BrokenRow",
    "Cells",
    "Member",
    "Part",
    "Plain",
    "Received",
    "Source",
    "SourceRefused",
    "Stated",
    "open_source",
    "receive",
    "receive_sql",
]
