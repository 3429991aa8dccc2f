"""Notices as public pages show them: read once after a publication, told by the clock.

A notice that begins or ends changes what is going on without anybody touching it. So the rows are kept, and
which of them are going on is judged for each page.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Site

from ebok.pagecache.kept import kept
from snippets.outages import queries
from snippets.outages.detail import plan_of, points_of
from snippets.outages.models import Outage
from snippets.outages.plans import Plan
from snippets.outages.queries import LISTED, MOST_ROWS, Banner


def going_on(site: Site, now: datetime | None = None) -> list[Outage]:
    """What is going on now, newest first, at most `MOST_ROWS`; the columns of `LISTED`. No or one query."""
    now = now or timezone.now()
    rows = _open(site)
    if rows is None:
        return list(queries.current(site, now)[:MOST_ROWS])
    return [row for row in rows if row.starts_at <= now and _is_open(row, now)]


def announced(site: Site, limit: int, now: datetime | None = None) -> list[Outage]:
    """What has not begun, soonest first, at most `limit`. No or one query."""
    now = now or timezone.now()
    rows = _open(site)
    if rows is None:
        return list(queries.planned(site, limit, now))
    return [row for row in reversed(rows) if row.starts_at > now and _is_open(row, now)][:limit]


def coming(site: Site, limit: int, now: datetime | None = None) -> list[Outage]:
    """What goes on, newest first, then what is announced, soonest first, at most `limit`. No or one query."""
    now = now or timezone.now()
    rows = _open(site)
    if rows is None:
        return list(queries.coming(site, now)[:limit])
    shown = [row for row in rows if _is_open(row, now)]
    begun = [row for row in shown if row.starts_at <= now]
    return [*begun, *(row for row in reversed(shown) if row.starts_at > now)][:limit]


def banner(site: Site, now: datetime | None = None) -> Banner | None:
    """The banner of the site, or None when nothing is going on. No or one query."""
    return queries.banner_of(going_on(site, now))


def notice(site: Site, uid: str) -> Outage | None:
    """The notice behind a public address with its details (`queries.find`); no or up to four queries."""
    return kept(("outage", site.pk, uid), lambda: queries.find(site, uid))


def plan_of_notice(outage: Outage, now: datetime) -> Plan | None:
    """The drawn plan of a notice that `notice` gave; no or one query."""
    return kept(("plan", outage.pk), lambda: plan_of([*outage.streets.all()], points_of(outage, now)))


def _open(site: Site) -> tuple[Outage, ...] | None:
    """Notices not over when they were read, newest start first; None when there are too many to keep."""

    def read() -> tuple[Outage, ...] | None:
        not_over = Q(over_at__isnull=True) | Q(over_at__gt=timezone.now())
        rows = queries.published(site).filter(not_over).only(*LISTED).order_by("-starts_at", "-pk")
        found = tuple(rows[: MOST_ROWS + 1])
        return found if len(found) <= MOST_ROWS else None

    return kept(("open outages", site.pk), read)


def _is_open(row: Outage, now: datetime) -> bool:
    return row.over_at is None or row.over_at > now
