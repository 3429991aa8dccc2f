"""What the core itself checks for the status board."""

from __future__ import annotations

import shutil
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_tasks_db.models import DBTaskResult
from wagtail.models import Site

from ebok.operations.models import PeriodicState, WorkerSign
from ebok.operations.work import SILENT_AFTER
from ebok.ports import StatusCheck, StatusLight, StatusReport

PUBLISHING = "operations.publish_scheduled"
TIMER_LATE = timedelta(minutes=5)
QUEUE_LATE = timedelta(minutes=5)
SLOW_DATABASE = 0.25
FAILURES_OF_NOTE = 3
GIGABYTE = 1024**3
DISK_WARNING, DISK_ERROR = GIGABYTE, GIGABYTE // 5


def _ok(sentence: str) -> StatusReport:
    return StatusReport(light=StatusLight.OK, sentence=sentence)


def _warning(sentence: str) -> StatusReport:
    return StatusReport(light=StatusLight.WARNING, sentence=sentence)


def _error(sentence: str) -> StatusReport:
    return StatusReport(light=StatusLight.ERROR, sentence=sentence)


def database(_site: Site) -> StatusReport:
    """Does the database answer, and how quickly?"""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    seconds = time.perf_counter() - began
    name = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}.get(connection.vendor, connection.vendor)
    version = ".".join(str(part) for part in connection.get_database_version())
    facts = {"name": name, "version": version, "milliseconds": f"{seconds * 1000:.0f}"}
    if seconds > SLOW_DATABASE:
        return _warning(_("%(name)s %(version)s answers slowly (%(milliseconds)s ms).") % facts)
    return _ok(_("%(name)s %(version)s answers.") % facts)


def unapplied_migrations() -> dict[str, int]:
    """App label to the number of its migrations that were not run on this database."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    counts: dict[str, int] = {}
    for migration, _backwards in plan:
        counts[migration.app_label] = counts.get(migration.app_label, 0) + 1
    return counts


def migrations(_site: Site) -> StatusReport:
    """Is the database at the version of the code?"""
    waiting = unapplied_migrations()
    if waiting:
        return _error(
            _("Migrations wait to be run: %(apps)s. Run “manage.py ebok_prepare”.")
            % {"apps": ", ".join(f"{label} ({count})" for label, count in sorted(waiting.items()))}
        )
    return _ok(_("The database fits this version of the portal."))


def shared_cache(_site: Site) -> StatusReport:
    """Does the shared cache keep what it is given?"""
    cache.set("ebok-status", "kept", 60)
    if cache.get("ebok-status") != "kept":
        return _error(_("The shared cache does not keep what it is given; limits on sign-in do not work."))
    return _ok(_("The shared cache works."))


def timer(_site: Site) -> StatusReport:
    """Did the minute timer run lately?"""
    state = PeriodicState.objects.filter(task=PUBLISHING).first()
    if state is None or state.last_finished is None:
        return _warning(_("The minute timer has not run yet. Start “manage.py run_periodic --loop”."))
    facts = {"moment": date_format(timezone.localtime(state.last_finished), "j E Y, H:i")}
    if timezone.now() - state.last_finished > TIMER_LATE:
        return _error(
            _("The minute timer stands still since %(moment)s: nothing is published on schedule.") % facts
        )
    return _ok(_("The minute timer ran last on %(moment)s.") % facts)


def periodic_tasks(_site: Site) -> StatusReport:
    """Do periodic tasks end well?"""
    failing = list(PeriodicState.objects.filter(failures_in_a_row__gt=0).order_by("task"))
    if not failing:
        return _ok(_("Every periodic task ended well the last time."))
    worst = max(state.failures_in_a_row for state in failing)
    sentence = _("Periodic tasks fail: %(names)s.") % {
        "names": ", ".join(f"{state.task} ({state.failures_in_a_row}×)" for state in failing)
    }
    return _error(sentence) if worst >= FAILURES_OF_NOTE else _warning(sentence)


def worker(_site: Site) -> StatusReport:
    """Does somebody work through the queue?"""
    now = timezone.now()
    seen = WorkerSign.objects.filter(stopped__isnull=True).aggregate(last=Max("seen"))["last"]
    ready = DBTaskResult.objects.ready().order_by()
    late = ready.filter(enqueued_at__lt=now - QUEUE_LATE).count()
    if seen is None or now - seen > SILENT_AFTER:
        if late:
            return _error(
                ngettext(
                    "No background worker runs, and %(count)s task waits.",
                    "No background worker runs, and %(count)s tasks wait.",
                    late,
                )
                % {"count": late}
            )
        return _warning(_("No background worker runs. Start “manage.py ebok_worker”."))
    if late:
        return _warning(
            ngettext(
                "%(count)s task waits longer than five minutes.",
                "%(count)s tasks wait longer than five minutes.",
                late,
            )
            % {"count": late}
        )
    return _ok(_("The background worker works; nothing waits too long."))


def failed_tasks(_site: Site) -> StatusReport:
    """Did background tasks fail within a day?"""
    since = timezone.now() - timedelta(days=1)
    failed = DBTaskResult.objects.aggregate(
        count=Count("pk", filter=Q(status="FAILED", finished_at__gte=since))
    )["count"]
    if failed:
        return _warning(
            ngettext(
                "%(count)s background task failed within 24 hours.",
                "%(count)s background tasks failed within 24 hours.",
                failed,
            )
            % {"count": failed}
        )
    return _ok(_("No background task failed within 24 hours."))


def disk(_site: Site) -> StatusReport:
    """Is there room on the disk the portal writes to?"""
    place = Path(settings.EBOK_RUNTIME_DIR)
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    sentence = _("%(gigabytes)s GB are free.") % {"gigabytes": f"{free / GIGABYTE:.1f}".replace(".", ",")}
    if free < DISK_ERROR:
        return _error(sentence)
    return _warning(sentence) if free < DISK_WARNING else _ok(sentence)


status = [
    StatusCheck(key="operations.database", title=gettext_lazy("Database"), run=database),
    StatusCheck(key="operations.migrations", title=gettext_lazy("Migrations"), run=migrations),
    StatusCheck(key="operations.cache", title=gettext_lazy("Shared cache"), run=shared_cache),
    StatusCheck(key="operations.timer", title=gettext_lazy("Minute timer"), run=timer),
    StatusCheck(key="operations.periodic_tasks", title=gettext_lazy("Periodic tasks"), run=periodic_tasks),
    StatusCheck(key="operations.worker", title=gettext_lazy("Background worker"), run=worker),
    StatusCheck(key="operations.failed_tasks", title=gettext_lazy("Background tasks"), run=failed_tasks),
    StatusCheck(key="operations.disk", title=gettext_lazy("Disk"), run=disk),
]
