"""Erasing details: the only thing in the journal that may be deleted. The chain stays whole."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import cast

from django.db import DEFAULT_DB_ALIAS, models

from ebok.journal.models import Detail


def erase_details(event_ids: Iterable[uuid.UUID], *, using: str = DEFAULT_DB_ALIAS) -> int:
    """Delete the details of these events; returns how many there were.

    The caller decides which events: by a person's wish the kinds with `Erasure.ERASE_DETAIL`, by
    retention those past their time. What remains of such an event is its kind, moment and numbers.
    """
    # Not the model's own query set, which refuses to delete.
    details = cast("models.QuerySet[Detail, Detail]", models.QuerySet(Detail, using=using))
    return details.filter(event_id__in=list(event_ids))._raw_delete(using)
