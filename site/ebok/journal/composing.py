"""Makes an event and its detail out of what a caller says; writes nothing."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import DisallowedHost
from django.db import models
from wagtail.models import Site

from ebok.journal import kinds
from ebok.journal.digests import cleaned, detail_digest, event_seal, plain
from ebok.journal.identifiers import as_moment, uuid7
from ebok.journal.models import SALT_LENGTH, Detail, Event
from ebok.journal.origin import address_of, current_request, device_of

if TYPE_CHECKING:
    from django.http import HttpRequest

TEXT_LENGTH = 4000
ACTOR_LENGTH = 255


@dataclass(frozen=True, kw_only=True)
class Happening:
    """What a caller says about an event; see `services.record` for each part."""

    kind: str
    text: str
    actor: models.Model | str | None = None
    request: HttpRequest | None = None
    site: Site | None = None
    customer_id: int | None = None
    obj: models.Model | None = None
    payload: Mapping[str, Any] | None = None


def composed(said: Happening) -> tuple[Event, Detail]:
    """The two rows, with identifier, moment, salt and digest decided now.

    Raises `kinds.UnknownKind` for a kind nobody declared.
    """
    declared = kinds.kind(said.kind)
    request = said.request or current_request.get()
    actor = _actor(said.actor, request)
    site = said.site or _site(request)
    at = time.time_ns()
    detail = Detail(
        event_id=uuid7(at),
        moment=as_moment(at),
        text=cleaned(str(said.text))[:TEXT_LENGTH],
        actor_label=_label(actor)[:ACTOR_LENGTH],
        address=address_of(request) if request else None,
        device=cleaned(device_of(request)) if request else "",
        payload=plain(dict(said.payload or {})),
        salt=secrets.token_hex(SALT_LENGTH // 2),
    )
    event = Event(
        id=detail.event_id,
        kind=declared.key,
        moment=detail.moment,
        actor_id=actor.pk if isinstance(actor, models.Model) else None,
        site_id=site.pk if site else None,
        customer_id=said.customer_id,
        object_type=said.obj._meta.label_lower if said.obj else "",
        object_id=cleaned(str(said.obj.pk))[:64] if said.obj else "",
        digest=detail_digest(detail),
    )
    event.seal = event_seal(event)
    return event, detail


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
