"""Sockets: what a plugin hands over and the protocols through which plugins meet.

Nothing here knows a room above it; every room and every plugin may import from here.
"""

from ebok.ports.data_sources import DataSource, Rows
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
    Twin,
    Value,
)
from ebok.ports.declarations import (
    CustomerSection,
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
from ebok.ports.identity_providers import (
    IdentityProvider,
    IdentityRefused,
    IdentityUnavailable,
    ProvenIdentity,
)
from ebok.ports.messages import MessageChannel, NotSent
from ebok.ports.outlets import Outlet, OutletColumn

__all__ = [
    "KEY_SEPARATOR",
    "Check",
    "Column",
    "ColumnType",
    "CustomerSection",
    "DashboardCard",
    "DataSource",
    "Dataset",
    "Erasure",
    "EventKind",
    "Identity",
    "IdentityProvider",
    "IdentityRefused",
    "IdentityUnavailable",
    "Inset",
    "MessageChannel",
    "NavItem",
    "NotSent",
    "Outlet",
    "OutletColumn",
    "PeriodicTask",
    "Permission",
    "ProvenIdentity",
    "Reference",
    "RowRule",
    "Rows",
    "SearchHit",
    "SearchSource",
    "Setting",
    "SitemapEntry",
    "SitemapSource",
    "StatusCheck",
    "StatusLight",
    "StatusReport",
    "Stored",
    "Twin",
    "Value",
    "Zone",
]
