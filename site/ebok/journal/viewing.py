"""Recording that somebody READ something: looked at a page, downloaded a file.

Such events are many and change nothing, so they are not written in the reader's transaction: the event
is decided whole (moment, salt, digest), appended to a file of the process (`spool.py`) and written into
the tables in batches (`shipping.py`). Use `services.record()` for everything that changes something.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, models, transaction
from wagtail.models import Site

from ebok.journal import shipping, spool
from ebok.journal.composing import Happening, composed

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)


def record_view(
    kind: str,
    *,
    text: str,
    actor: models.Model | str | None = None,
    request: HttpRequest | None = None,
    site: Site | None = None,
    customer_id: int | None = None,
    obj: models.Model | None = None,
    payload: Mapping[str, Any] | None = None,
) -> uuid.UUID:
    """Record one event of reading; the arguments are those of `services.record()`.

    When this returns the event survives the process, and reaches the tables within about a second. It
    belongs to no transaction: what was seen was seen, whatever is rolled back. With
    `EBOK_JOURNAL_GATHER` off (as in tests), or when the file cannot be written, the event is written into
    the tables at once.
    """
    event, detail = composed(
        Happening(
            kind=kind,
            text=text,
            actor=actor,
            request=request,
            site=site,
            customer_id=customer_id,
            obj=obj,
            payload=payload,
        )
    )
    if settings.EBOK_JOURNAL_GATHER:
        try:
            shipping.gatherer.add(spool.line(event, detail))
        except spool.SpoolUnavailable:
            logger.exception("A viewing cannot be gathered and is written at once")
        else:
            shipping.gatherer.start()
            return event.id
    with transaction.atomic():
        event.save()
        detail.save()
    return event.id


def flush(using: str = DEFAULT_DB_ALIAS) -> int:
    """Write what this process has gathered into the tables now; returns how many events that were."""
    return shipping.gatherer.ship(using)
