"""The door into the journal for changes: `record()`; for what people looked at see `viewing.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, models, transaction
from wagtail.models import Site

from ebok.journal.composing import Happening, composed
from ebok.journal.models import Event

if TYPE_CHECKING:
    from django.http import HttpRequest


def record(
    kind: str,
    *,
    text: str,
    actor: models.Model | str | None = None,
    request: HttpRequest | None = None,
    site: Site | None = None,
    customer_id: int | None = None,
    obj: models.Model | None = None,
    payload: Mapping[str, Any] | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> Event:
    """Write one event and its detail in the caller's transaction; both live or die with the change.

    `kind` must be declared in some `events.py`; otherwise `kinds.UnknownKind` is raised. `text` is
    the sentence as people read it now; it is never translated or rebuilt later. `actor` is the user
    who did it, or a word for a part of the portal ("zegar"); without one it is the request's user.
    `request` gives address, device and site; without one the request being answered now is taken.
    `payload` holds what machines need of the change (old and new values), never a password or token.
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
    with transaction.atomic(using=using):
        event.save(using=using)
        detail.save(using=using)
    return event
