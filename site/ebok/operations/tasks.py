"""The core's own periodic tasks."""

from __future__ import annotations

import io
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from ebok.operations.models import Outcome, PeriodicRun, WorkerSign
from ebok.ports import PeriodicTask

KEEP_GOOD_RUNS = timedelta(days=3)
KEEP_BAD_RUNS = timedelta(days=90)
KEEP_TASK_RESULTS = timedelta(days=14)
KEEP_FAILED_RESULTS = timedelta(days=90)
AT_ONCE = 2000
"""Rows deleted in one statement, so that SQLite's write lock is never held long."""


def publish_scheduled() -> str:
    """Publish and withdraw what its schedule says; Wagtail's own command, once a minute."""
    out = io.StringIO()
    call_command("publish_scheduled", stdout=out, verbosity=0)
    return out.getvalue().strip()


def clear_sessions() -> str:
    """Delete sessions that have ended."""
    SessionStore.clear_expired()
    return ""


def prune_task_results() -> str:
    """Delete finished background tasks; failed ones are kept longer, for those who look why."""
    now = timezone.now()
    old = Q(status="SUCCESSFUL", finished_at__lt=now - KEEP_TASK_RESULTS) | Q(
        status="FAILED", finished_at__lt=now - KEEP_FAILED_RESULTS
    )
    keys = list(DBTaskResult.objects.filter(old).order_by().values_list("pk", flat=True)[:AT_ONCE])
    DBTaskResult.objects.filter(pk__in=keys).delete()
    return f"{len(keys)}" if keys else ""


def prune_runs() -> str:
    """Delete the history of this timer and of workers that are long gone."""
    now = timezone.now()
    old = Q(outcome=Outcome.DONE, finished__lt=now - KEEP_GOOD_RUNS) | Q(finished__lt=now - KEEP_BAD_RUNS)
    keys = list(PeriodicRun.objects.filter(old).order_by().values_list("pk", flat=True)[:AT_ONCE])
    PeriodicRun.objects.filter(pk__in=keys).delete()
    WorkerSign.objects.filter(seen__lt=now - KEEP_BAD_RUNS).delete()
    return f"{len(keys)}" if keys else ""


tasks = [
    PeriodicTask(
        key="operations.publish_scheduled",
        title=_("Scheduled publishing"),
        run=publish_scheduled,
        every=timedelta(minutes=1),
    ),
    PeriodicTask(
        key="operations.clear_sessions",
        title=_("Removing ended sessions"),
        run=clear_sessions,
        every=timedelta(hours=6),
    ),
    PeriodicTask(
        key="operations.prune_task_results",
        title=_("Removing old results of background tasks"),
        run=prune_task_results,
        every=timedelta(hours=1),
    ),
    PeriodicTask(
        key="operations.prune_runs",
        title=_("Removing old runs of periodic tasks"),
        run=prune_runs,
        every=timedelta(hours=1),
    ),
]
