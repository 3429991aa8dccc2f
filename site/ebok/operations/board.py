"""The status board: every check of every room and plugin, in a form that cannot break.

`status_board` is for staff and names what is wrong; `public_status` is for everybody and says in
simple words what works, without anything about the inside.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.operations import status as checks
from ebok.operations.models import PeriodicState, WorkerSign
from ebok.operations.periodic import units
from ebok.plugins.activation import enabled_keys
from ebok.plugins.contract import PluginConfig, RoomConfig
from ebok.plugins.models import PluginActivation
from ebok.plugins.registry import registry
from ebok.ports import StatusCheck, StatusLight, StatusReport

logger = logging.getLogger(__name__)

_WEIGHT = {StatusLight.OK: 0, StatusLight.WARNING: 1, StatusLight.ERROR: 2}


@dataclass(frozen=True)
class BoardLine:
    """One check with what it found; `owner` is the title of the room or plugin it belongs to."""

    owner_key: str
    owner: str
    key: str
    title: str
    light: StatusLight
    sentence: str
    mend_url: str = ""


@dataclass(frozen=True)
class TaskLine:
    """One periodic task with its last and next run."""

    name: str
    title: str
    site: str
    light: StatusLight
    last_finished: datetime | None
    last_message: str
    next_due: datetime | None


@dataclass(frozen=True)
class PluginLine:
    """One plugin: version, whether it is loaded or why not, where it is on, what is missing."""

    key: str
    title: str
    version: str
    loaded: bool
    reason: str
    sites: list[str]
    unapplied_migrations: int


def worst(lights: Iterable[StatusLight]) -> StatusLight:
    """The most serious of the lights; green when there are none."""
    return max(lights, key=_WEIGHT.__getitem__, default=StatusLight.OK)


def status_board(site: Site) -> list[BoardLine]:
    """Run every check that applies to the site: the rooms' and those of plugins that are on there.

    Never raises because of a check: an exception becomes a red light with its class.
    """
    on = enabled_keys(site)
    lines: list[BoardLine] = []
    for owner, check in registry.contributions("status"):
        if isinstance(owner, PluginConfig) and owner.key not in on:
            continue
        report = run_safely(check, site)
        lines.append(
            BoardLine(
                owner.key,
                title_of(owner),
                check.key,
                str(check.title),
                StatusLight(report.light),
                str(report.sentence),
                report.mend_url,
            )
        )
    return lines


def title_of(owner: RoomConfig | PluginConfig) -> str:
    """What people call the room or plugin."""
    return str(owner.title if isinstance(owner, PluginConfig) else owner.verbose_name)


def run_safely(check: StatusCheck, site: Site) -> StatusReport:
    """What the check says, or a red light when it raises."""
    try:
        if not connection.in_atomic_block:
            return check.run(site)
        # A failed query would otherwise spoil the caller's transaction.
        with transaction.atomic():
            return check.run(site)
    # The board must be readable exactly when things go wrong.
    except Exception as error:
        logger.exception("Status check %s failed", check.key)
        return StatusReport(
            light=StatusLight.ERROR,
            sentence=_("The check itself failed (%(kind)s).") % {"kind": type(error).__name__},
        )


def task_lines() -> list[TaskLine]:
    """Every periodic task that runs here, with its last and next run."""
    states = {(state.task, state.site_id): state for state in PeriodicState.objects.all()}
    lines = []
    for unit in units():
        state = states.get((unit.name, unit.site.pk if unit.site else None))
        failing = bool(state and state.failures_in_a_row)
        lines.append(
            TaskLine(
                name=unit.name,
                title=str(unit.declaration.title),
                site=str(unit.site) if unit.site else "",
                light=StatusLight.ERROR if failing else StatusLight.OK,
                last_finished=state.last_finished if state else None,
                last_message=state.last_message.partition("\n")[0] if state else "",
                next_due=state.next_due if state else None,
            )
        )
    return lines


def plugin_lines() -> list[PluginLine]:
    """Every plugin that was found, also those left out."""
    waiting = checks.unapplied_migrations()
    sites: dict[str, list[str]] = {}
    for row in PluginActivation.objects.filter(enabled=True).select_related("site").order_by("site_id"):
        sites.setdefault(row.plugin, []).append(str(row.site))
    loaded = [
        PluginLine(
            plugin.key,
            str(plugin.title),
            plugin.version,
            loaded=True,
            reason="",
            sites=sites.get(plugin.key, []),
            unapplied_migrations=waiting.get(plugin.label, 0),
        )
        for plugin in registry.plugins
    ]
    left_out = [
        PluginLine(
            skipped.key,
            skipped.title,
            skipped.version,
            loaded=False,
            reason=skipped.reason,
            sites=[],
            unapplied_migrations=0,
        )
        for skipped in registry.skipped
    ]
    return [*loaded, *left_out]


def worker_signs() -> list[WorkerSign]:
    """The workers of the last days, the liveliest first."""
    return list(WorkerSign.objects.order_by("-seen")[:20])


# For everybody -------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicService:
    """One thing people use, and whether it works, in simple words."""

    key: str
    title: str
    light: StatusLight
    sentence: str


@dataclass(frozen=True)
class PublicStatus:
    """The portal's state for everybody; no versions, names of programs or numbers in it."""

    light: StatusLight
    sentence: str
    services: list[PublicService]
    checked: datetime


def public_status(site: Site) -> PublicStatus:
    """What the public page "stan portalu" shows. Never raises.

    Cached with the page that shows it, so it tells the state of about a minute ago.
    """
    parts: list[tuple[str, str, Callable[[], list[StatusLight]]]] = [
        ("pages", _("Pages and sign-in"), lambda: _lights(site, checks.database, checks.migrations)),
        ("publishing", _("Announcements on time"), lambda: _lights(site, checks.timer)),
        ("messages", _("Messages and confirmations"), lambda: _lights(site, checks.worker)),
        *_modules(site),
    ]
    services = [_service(key, title, ask) for key, title, ask in parts]
    light = worst(service.light for service in services)
    sentence = {
        StatusLight.OK: _("Everything works."),
        StatusLight.WARNING: _("The portal works; something may take longer than usual."),
        StatusLight.ERROR: _("Part of the portal does not work now. We are on it."),
    }[light]
    return PublicStatus(light, sentence, services, timezone.now())


def _modules(site: Site) -> list[tuple[str, str, Callable[[], list[StatusLight]]]]:
    """A line for each module that is on here and checks itself."""
    try:
        on = enabled_keys(site)
    # With the database away there is no knowing; the other lines say what is wrong.
    except Exception:
        return []
    found: dict[str, list[StatusCheck]] = {}
    for owner, check in registry.contributions("status"):
        if isinstance(owner, PluginConfig) and owner.kind == "module" and owner.key in on:
            found.setdefault(owner.key, []).append(check)

    def asking(own: list[StatusCheck]) -> Callable[[], list[StatusLight]]:
        return lambda: [StatusLight(run_safely(check, site).light) for check in own]

    return [(key, str(registry.plugin(key).title), asking(own)) for key, own in found.items()]


def _lights(site: Site, *runs: Callable[[Site], StatusReport]) -> list[StatusLight]:
    return [
        StatusLight(run_safely(StatusCheck(key=run.__name__, title="", run=run), site).light) for run in runs
    ]


def _service(key: str, title: str, ask: Callable[[], list[StatusLight]]) -> PublicService:
    light = worst(ask())
    sentence = {
        StatusLight.OK: _("Works."),
        StatusLight.WARNING: _("Works, perhaps with a delay."),
        StatusLight.ERROR: _("Does not work now."),
    }[light]
    return PublicService(key, title, light, sentence)
