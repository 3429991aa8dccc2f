"""What happens when a notice is published or taken back: numbering, withdrawal, the journal.

Wagtail publishes from many places (the editor, a workflow, the minute timer); its two
signals are the one spot they all pass.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from wagtail.models import Revision

from ebok.journal import services as journal
from snippets.outages import rules
from snippets.outages.feeds.issued import facts_of
from snippets.outages.models import Message, Outage, OutagePublication, OutageSettings

RULE_OVERRIDDEN = "snippets.outage_rule_overridden"
WITHDRAWN = "snippets.outage_withdrawn"

PROBLEM_TEXTS = {
    rules.Problem.SHORT_NOTICE: ngettext_lazy(
        "Planned work is announced at least %(planned_days)d day ahead. Write why this one is late.",
        "Planned work is announced at least %(planned_days)d days ahead. Write why this one is late.",
        "planned_days",
    ),
    rules.Problem.NO_WATER_POINT: ngettext_lazy(
        "Water is off for more than %(water_point_hours)d hour and there is no water point. "
        "Add one or write why there is none.",
        "Water is off for more than %(water_point_hours)d hours and there is no water point. "
        "Add one or write why there is none.",
        "water_point_hours",
    ),
    rules.Problem.LONG_FAILURE: ngettext_lazy(
        "This failure lasts more than %(unplanned_hours)d hour: let people know at once.",
        "This failure lasts more than %(unplanned_hours)d hours: let people know at once.",
        "unplanned_hours",
    ),
}

NO_PLACE = _("Add a street, or write a title that says where.")


def problem_text(problem: rules.Problem, thresholds: rules.Thresholds) -> str:
    """The sentence an editor reads, with the site's own threshold in it."""
    return PROBLEM_TEXTS[problem] % vars(thresholds)


def noticed_at(outage: Outage, now: datetime) -> datetime:
    """When people first learn of the outage as it stands.

    A published notice whose start did not move was announced on its first publication; a
    new one, or one moved to another day, is announced when it goes live.
    """
    if outage.live and outage.first_published_at and outage.pk:
        last = OutagePublication.objects.filter(outage_id=outage.pk).order_by("-sequence").first()
        if last and last.starts_at == outage.starts_at:
            return outage.first_published_at
    return outage.go_live_at if outage.go_live_at and outage.go_live_at > now else now


def problems_of(outage: Outage, *, noticed: datetime, has_water_point: bool) -> tuple[rules.Problem, ...]:
    """What the site's rules say against publishing the notice."""
    return rules.problems(
        kind=outage.kind,
        effect=outage.effect,
        noticed_at=noticed,
        starts_at=outage.starts_at,
        expected_end=outage.expected_end,
        has_water_point=has_water_point,
        thresholds=OutageSettings.for_site(outage.site).thresholds,
    )


def objections(outage: Outage, now: datetime) -> list[str]:
    """Why a stored version of the notice may not go public at `now`: sentences for people, or none.

    The one rule for everything that publishes without the editor's form (approving in a workflow).
    A written reason answers the rules that ask for one; a notice that names no place has no excuse.
    """
    found = []
    if not outage.title and not outage.streets.exists():
        found.append(str(NO_PLACE))
    if outage.override_reason.strip():
        return found
    thresholds = OutageSettings.for_site(outage.site).thresholds
    problems = problems_of(
        outage, noticed=noticed_at(outage, now), has_water_point=outage.water_points.exists()
    )
    return [*found, *(problem_text(problem, thresholds) for problem in problems if problem in rules.BLOCKING)]


def note_published(sender: type[Outage], instance: Outage, revision: Revision, **kwargs: Any) -> None:
    """Receiver of Wagtail's `published`: number the publication and journal broken rules.

    Wagtail sends the signal also when publishing is only scheduled; that is no publication.
    """
    if not instance.live:
        return
    now = timezone.now()
    with transaction.atomic():
        before = (
            OutagePublication.objects.select_for_update()
            .filter(outage=instance)
            .order_by("-sequence")
            .first()
        )
        moved = before is not None and before.starts_at != instance.starts_at
        fresh = before is None or moved or instance.withdrawn_at is not None
        noticed = now if fresh else instance.first_published_at or now
        broken = [
            problem.value
            for problem in problems_of(
                instance, noticed=noticed, has_water_point=instance.water_points.exists()
            )
            if problem in rules.BLOCKING
        ]
        Outage.objects.filter(pk=instance.pk).update(withdrawn_at=None)
        instance.withdrawn_at = None
        message = Message.ALERT if before is None else Message.UPDATE
        if instance.state(now) is rules.State.ENDED and before is not None:
            message = Message.CANCEL
        _add_publication(instance, now, message, " ".join(broken))
        if broken and (before is None or before.broken_rules != " ".join(broken)):
            _journal_override(instance, broken, revision)


def _journal_override(outage: Outage, broken: list[str], revision: Revision) -> None:
    thresholds = OutageSettings.for_site(outage.site).thresholds
    sentences = " ".join(problem_text(rules.Problem(value), thresholds) for value in broken)
    reason = outage.override_reason or _("no reason was written: the rule was kept when it was submitted")
    journal.record(
        RULE_OVERRIDDEN,
        text=_("“%(title)s” was published against the rules. %(rules)s Reason: %(reason)s")
        % {"title": outage.headline, "rules": sentences, "reason": reason},
        actor=revision.user,
        site=outage.site,
        obj=outage,
        payload={"uid": outage.uid, "rules": broken, "reason": str(reason)},
    )


def note_unpublished(sender: type[Outage], instance: Outage, **kwargs: Any) -> None:
    """Receiver of Wagtail's `unpublished`: a notice taken back before its end was called off.

    One whose announced end has passed merely leaves the list, so calendars keep it as it was.
    """
    now = timezone.now()
    end = instance.ended_at or instance.current_end
    if end is not None and end <= now:
        return
    with transaction.atomic():
        Outage.objects.filter(pk=instance.pk).update(withdrawn_at=now)
        instance.withdrawn_at = now
        _add_publication(instance, now, Message.CANCEL, "")
        journal.record(
            WITHDRAWN,
            text=_("“%(title)s” was called off before its end.") % {"title": instance.headline},
            site=instance.site,
            obj=instance,
            payload={"uid": instance.uid},
        )


def _add_publication(outage: Outage, now: datetime, message: Message, broken: str) -> None:
    """Write the next publication and keep the notice's own number in step."""
    newest = OutagePublication.objects.filter(outage=outage).aggregate(newest=Max("sequence"))["newest"]
    sequence = 0 if newest is None else newest + 1
    OutagePublication.objects.create(
        outage=outage,
        sequence=sequence,
        moment=now,
        starts_at=outage.starts_at,
        message=message,
        broken_rules=broken,
        facts=facts_of(outage, now),
    )
    Outage.objects.filter(pk=outage.pk).update(sequence=sequence)
    outage.sequence = sequence
