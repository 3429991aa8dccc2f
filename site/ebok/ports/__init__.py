"""Sockets: what a plugin hands over and the protocols through which plugins meet.

Nothing here knows a room above it; every room and every plugin may import from here.
"""

from ebok.ports.declarations import (
    DashboardCard,
    Erasure,
    EventKind,
    Inset,
    NavItem,
    PeriodicTask,
    Permission,
    Setting,
    StatusCheck,
    StatusLight,
    StatusReport,
    Zone,
)

__all__ = [
    "DashboardCard",
    "Erasure",
    "EventKind",
    "Inset",
    "NavItem",
    "PeriodicTask",
    "Permission",
    "Setting",
    "StatusCheck",
    "StatusLight",
    "StatusReport",
    "Zone",
]
