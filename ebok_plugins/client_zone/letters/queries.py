"""Reads about letters; staff reads begin with the site."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from wagtail.models import Site

from ebok_plugins.client_zone.models import AccessLetter, LetterBatch
from ebok_plugins.client_zone.models.letters import LetterState


def batches(site: Site) -> QuerySet[LetterBatch]:
    """Batches of the site, the newest first."""
    return LetterBatch.objects.filter(site=site).select_related("made_by").order_by("-id")


def asked() -> QuerySet[AccessLetter]:
    """Letters clients asked for that nobody has ordered to be printed."""
    return AccessLetter.objects.filter(
        batch__isnull=True, cancelled_at__isnull=True, made_at__isnull=True
    ).order_by("asked_at", "pk")


def unprinted(batch: LetterBatch) -> QuerySet[AccessLetter]:
    """What is left to make of a batch, with the customers."""
    return (
        AccessLetter.objects.filter(batch=batch, made_at__isnull=True, cancelled_at__isnull=True)
        .select_related("customer")
        .order_by("pk")
    )


def states(batch: LetterBatch, moment: datetime | None = None) -> dict[str, int]:
    """How many letters of the batch are in each state; one query."""
    now = moment or timezone.now()
    used, cancelled = Q(used_at__isnull=False), Q(used_at__isnull=True, cancelled_at__isnull=False)
    living = Q(used_at__isnull=True, cancelled_at__isnull=True)
    made = living & Q(made_at__isnull=False, expires_at__gt=now)
    conditions = {
        LetterState.ASKED: living & Q(made_at__isnull=True),
        LetterState.MADE: made & Q(sent_at__isnull=True),
        LetterState.SENT: made & Q(sent_at__isnull=False),
        LetterState.USED: used,
        LetterState.EXPIRED: living & Q(made_at__isnull=False, expires_at__lte=now),
        LetterState.CANCELLED: cancelled,
    }
    counts = {str(state): Count("pk", filter=condition) for state, condition in conditions.items()}
    return {state: int(count) for state, count in batch.letters.aggregate(**counts).items()}


def stuck(moment: datetime, waited: timedelta) -> QuerySet[LetterBatch]:
    """Batches that are not finished and have made no progress for that long."""
    return LetterBatch.objects.filter(finished_at__isnull=True, touched_at__lte=moment - waited).order_by(
        "pk"
    )


def with_files(moment: datetime) -> QuerySet[LetterBatch]:
    """Finished batches whose files still lie there."""
    return (
        LetterBatch.objects.filter(finished_at__lte=moment, files_deleted_at__isnull=True)
        .select_related("site")
        .order_by("pk")
    )
