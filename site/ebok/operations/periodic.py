"""The minute timer: finds what is due, runs it under a lease, and writes down how it went.

1. Every declared `PeriodicTask` becomes one unit of work, or one for each site it runs on.
2. A unit is due when its `next_due` has come. Whoever wants to run it takes its lease with one
   conditional UPDATE, so that of two timers only one gets it, on every database.
3. While it runs, a second thread renews the lease; after a crash it runs out and the unit is free.
4. The result, good or bad, is recorded; a failure never keeps the others from running.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from wagtail.models import Site

from ebok.operations.models import Outcome, PeriodicRun, PeriodicState
from ebok.plugins.contract import PluginConfig, RoomConfig
from ebok.plugins.models import PluginActivation
from ebok.plugins.registry import registry
from ebok.ports import PeriodicTask

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""How long after its last sign of life a run is taken for dead."""
MINUTE = timedelta(minutes=1)
LONGEST_MESSAGE = 4000


class UnknownTask(LookupError):
    """No room and no plugin declares a periodic task of this name."""


@dataclass(frozen=True)
class Unit:
    """One periodic task on one site, or without a site."""

    owner: RoomConfig | PluginConfig
    declaration: PeriodicTask
    site: Site | None = None

    @property
    def name(self) -> str:
        """The task's key, `<owner>.<name>`."""
        return self.declaration.key

    def run(self) -> str:
        """Do the work; what it says for the status board."""
        result = self.declaration.run() if self.site is None else self.declaration.run(self.site)
        return result or ""


@dataclass(frozen=True)
class Ran:
    """What came of one unit."""

    unit: Unit
    outcome: Outcome
    message: str


def timer_name() -> str:
    """Names this process in leases and records."""
    return f"{socket.gethostname()}:{os.getpid()}"[:128]


def units(only: str = "") -> list[Unit]:
    """What runs here at present, respecting switches; `only` narrows it to one task.

    `only` is a key, or its part after the point. Raises `UnknownTask`.
    """
    found = registry.contributions("tasks")
    if only:
        found = [item for item in found if only in (item[1].key, item[1].key.partition(".")[2])]
        if not found:
            raise UnknownTask(only)
    sites = {site.pk: site for site in Site.objects.order_by("pk")}
    switched: dict[str, set[int]] = {}
    for plugin, site in PluginActivation.objects.filter(enabled=True).values_list("plugin", "site_id"):
        switched.setdefault(plugin, set()).add(site)
    work: list[Unit] = []
    for owner, declaration in found:
        always = not isinstance(owner, PluginConfig) or declaration.when_disabled
        here = set(sites) if always else switched.get(owner.key, set()) & set(sites)
        if declaration.per_site:
            work += [Unit(owner, declaration, sites[site]) for site in sorted(here)]
        elif always or here:
            work.append(Unit(owner, declaration))
    return work


def run_due(*, now: datetime | None = None, only: str = "", force: bool = False) -> list[Ran]:
    """Run every unit that is due (all of them with `force`) and free; what came of each.

    Never raises because of a task. Raises `UnknownTask` for a wrong `only`.
    """
    results: list[Ran] = []
    wanted = units(only)
    states = _states(wanted, now or timezone.now())
    for unit in wanted:
        state = states[unit.name, unit.site.pk if unit.site else None]
        moment = now or timezone.now()
        if not force and state.next_due > moment:
            continue
        if take(state, moment, force=force):
            results.append(_run(unit, state, moment))
    return results


def _states(wanted: Iterable[Unit], now: datetime) -> dict[tuple[str, int | None], PeriodicState]:
    """The state of each unit; a unit seen for the first time is due at once."""
    known = {(state.task, state.site_id): state for state in PeriodicState.objects.all()}
    for unit in wanted:
        key = (unit.name, unit.site.pk if unit.site else None)
        if key not in known:
            known[key], _created = PeriodicState.objects.get_or_create(
                task=unit.name, site=unit.site, defaults={"next_due": now}
            )
    return known


def take(state: PeriodicState, now: datetime, *, force: bool = False) -> bool:
    """Take the lease of a due unit; False when another timer holds it or has just run it."""
    free = models.Q(lock_expires__isnull=True) | models.Q(lock_expires__lte=now)
    # Compared in the database, not with what was read before: another timer may have been quicker.
    due = models.Q() if force else models.Q(next_due__lte=now)
    abandoned = PeriodicState.objects.filter(free, due, pk=state.pk, lock_expires__isnull=False)
    if abandoned.exists():
        _record_abandoned(state, now)
    taken = PeriodicState.objects.filter(free, due, pk=state.pk).update(
        lock_owner=timer_name(), lock_expires=now + LEASE, last_started=now
    )
    return taken == 1


def _record_abandoned(state: PeriodicState, now: datetime) -> None:
    """A lease that ran out says that a timer died in the middle; people should see that."""
    with transaction.atomic():
        current = PeriodicState.objects.select_for_update().get(pk=state.pk)
        if current.lock_expires is None or current.lock_expires > now:
            return
        PeriodicRun.objects.create(
            state=current,
            started=current.last_started or current.lock_expires,
            finished=current.lock_expires,
            outcome=Outcome.ABANDONED,
            message="The timer ended before the task did.",
            timer=current.lock_owner,
        )
        PeriodicState.objects.filter(pk=state.pk).update(lock_expires=None, lock_owner="")


def _run(unit: Unit, state: PeriodicState, started: datetime) -> Ran:
    frozen = timezone.now()
    with _renewed(state.pk):
        try:
            outcome, message = Outcome.DONE, unit.run()
        # Whatever a task raises, the other tasks must still run.
        except Exception as error:
            logger.exception("Periodic task %s failed", unit.name)
            outcome = Outcome.FAILED
            message = f"{type(error).__name__}: {error}\n{traceback.format_exc(limit=-6)}"
    # `started` may be a moment given by a test; the length of the run is real.
    finished = started + (timezone.now() - frozen)
    result = Ran(unit, outcome, message[:LONGEST_MESSAGE])
    _record(result, state, started, finished)
    return result


def _record(result: Ran, state: PeriodicState, started: datetime, finished: datetime) -> None:
    failed = result.outcome == Outcome.FAILED
    failures = models.F("failures_in_a_row") + 1 if failed else models.Value(0)
    with transaction.atomic():
        PeriodicState.objects.filter(pk=state.pk).update(
            next_due=next_due(started, result.unit.declaration.every),
            last_started=started,
            last_finished=finished,
            last_outcome=result.outcome,
            last_message=result.message,
            failures_in_a_row=failures,
            lock_owner="",
            lock_expires=None,
        )
        PeriodicRun.objects.create(
            state=state,
            started=started,
            finished=finished,
            outcome=result.outcome,
            message=result.message,
            timer=timer_name(),
        )


def next_due(started: datetime, every: timedelta) -> datetime:
    """When a task that started then is due again.

    Counted from the full minute, because the timer wakes a moment after it: counted from the
    start, a task for every minute would slip by a fraction each time and skip a minute.
    """
    return (started.replace(second=0, microsecond=0) if every >= MINUTE else started) + every


@contextmanager
def _renewed(state_id: int) -> Iterator[None]:
    """Renew the lease from another thread while the block runs."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(LEASE.total_seconds() / 3):
            try:
                PeriodicState.objects.filter(pk=state_id).update(lock_expires=timezone.now() + LEASE)
            except DatabaseError:
                # The task may hold SQLite's only write lock; there is time for two more tries.
                logger.warning("The lease of periodic task %s was not renewed", state_id)
            finally:
                connection.close()

    thread = threading.Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=5)
