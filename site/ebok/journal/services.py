"""The one door into the journal: `record()`."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import DisallowedHost
from django.db import DEFAULT_DB_ALIAS, models, transaction
from wagtail.models import Site

from ebok.journal import kinds
from ebok.journal.digests import cleaned, detail_digest, plain
from ebok.journal.identifiers import as_moment, uuid7
from ebok.journal.models import SALT_LENGTH, Detail, Event
from ebok.journal.origin import address_of, current_request, device_of

if TYPE_CHECKING:
    from django.http import HttpRequest

TEXT_LENGTH = 4000
ACTOR_LENGTH = 255


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
    declared = kinds.kind(kind)
    request = request or current_request.get()
    actor = _actor(actor, request)
    site = site or _site(request)
    at = time.time_ns()
    detail = Detail(
        event_id=uuid7(at),
        moment=as_moment(at),
        text=cleaned(str(text))[:TEXT_LENGTH],
        actor_label=_label(actor)[:ACTOR_LENGTH],
        address=address_of(request) if request else None,
        device=cleaned(device_of(request)) if request else "",
        payload=plain(dict(payload or {})),
        salt=secrets.token_hex(SALT_LENGTH // 2),
    )
    event = Event(
        id=detail.event_id,
        kind=declared.key,
        moment=detail.moment,
        actor_id=actor.pk if isinstance(actor, models.Model) else None,
        site_id=site.pk if site else None,
        customer_id=customer_id,
        object_type=obj._meta.label_lower if obj else "",
        object_id=cleaned(str(obj.pk))[:64] if obj else "",
        digest=detail_digest(detail),
    )
    with transaction.atomic(using=using):
        event.save(using=using)
        detail.save(using=using)
    return event


def _actor(actor: models.Model | str | None, request: HttpRequest | None) -> models.Model | str | None:
    if actor is None:
        actor = getattr(request, "user", None)
    # Nobody signed in is nobody, whichever way the caller said so.
    return actor if getattr(actor, "is_authenticated", True) else None


def _label(actor: models.Model | str | None) -> str:
    if actor is None:
        return ""
    if isinstance(actor, str):
        return cleaned(actor)
    name = actor.get_full_name() if hasattr(actor, "get_full_name") else ""
    login = actor.get_username() if hasattr(actor, "get_username") else str(actor)
    return cleaned(f"{name} ({login})" if name else login)


def _site(request: HttpRequest | None) -> Site | None:
    if request is None:
        return None
    try:
        # Wagtail keeps its answer on the request, so this asks the database at most once for a page.
        return Site.find_for_request(request)
    except (DisallowedHost, KeyError):
        # A request made by hand knows no host; an event must not fail for want of a site.
        return None
