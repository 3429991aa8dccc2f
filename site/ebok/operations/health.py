"""What machines ask: is this process alive, and may it be given requests?"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db import connection

from ebok.operations import status
from ebok.ports import StatusLight, StatusReport

logger = logging.getLogger(__name__)


class _Migrated:
    """Remembers that the database was up to date: the code of a running process does not change."""

    known = False


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return "ok"


def _migrations() -> str:
    if not _Migrated.known:
        _Migrated.known = not status.unapplied_migrations()
    return "ok" if _Migrated.known else "failed"


def _cache() -> str:
    cache.set("ebok-health", "kept", 60)
    return "ok" if cache.get("ebok-health") == "kept" else "failed"


def _late(run: Callable[..., StatusReport]) -> str:
    return "ok" if run(None).light == StatusLight.OK else "late"


@dataclass
class Readiness:
    """The result of each check: "ok", "late" or "failed"."""

    checks: dict[str, str] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Whether requests can be served. A late timer or worker is no reason to send people away."""
        return "failed" not in self.checks.values()

    @property
    def word(self) -> str:
        """One word for all of it."""
        if not self.ready:
            return "failed"
        return "late" if "late" in self.checks.values() else "ok"


def readiness() -> Readiness:
    """Ask everything a request needs, and whether timer and worker are behind. Never raises."""
    asked: dict[str, Callable[[], str]] = {
        "database": _database,
        "migrations": _migrations,
        "cache": _cache,
        "timer": lambda: _late(status.timer),
        "worker": lambda: _late(status.worker),
    }
    result = Readiness()
    for name, ask in asked.items():
        try:
            result.checks[name] = ask()
        # Any failure is an answer here; the log has the details, the world does not.
        except Exception:
            logger.exception("Readiness check %s failed", name)
            result.checks[name] = "failed"
    return result
