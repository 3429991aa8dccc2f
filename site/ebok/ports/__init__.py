"""Sockets: what a plugin hands over and the protocols through which plugins meet.

Nothing here knows a room above it; every room and every plugin may import from here.
"""

from ebok.ports.datasets import (
    KEY_SEPARATOR,
    Check,
    Column,
    ColumnType,
    Dataset,
    Identity,
    Reference,
    RowRule,
    Stored,
    Value,
)
from ebok.ports.declarations import (
    DashboardCard,
    Erasure,
    EventKind,
    Inset,
    NavItem,
    PeriodicTask,
    Permission,
    SearchHit,
    SearchSource,
    Setting,
    SitemapEntry,
    SitemapSource,
    StatusCheck,
    StatusLight,
    StatusReport,
    Zone,
)

__all__ = [
    "KEY_SEPARATOR",
    "Check",
    "Column",
    "ColumnType",
    "DashboardCard",
    "Dataset",
    "Erasure",
    "EventKind",
    "Identity",
    "Inset",
    "NavItem",
    "PeriodicTask",
    "Permission",
    "Reference",
    "RowRule",
    "SearchHit",
    "SearchSource",
    "Setting",
    "SitemapEntry",
    "SitemapSource",
    "StatusCheck",
    "StatusLight",
    "StatusReport",
    "Stored",
    "Value",
    "Zone",
]
