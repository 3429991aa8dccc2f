"""What exactly is hashed: one canonical spelling of a detail and of an event."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings

from ebok.journal.models import Detail, Event, Removal

GENESIS = "0" * 64
"""The previous hash of the first link."""


def cleaned(text: str) -> str:
    """Text both databases can keep: no NUL, no half of a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def plain(value: Any) -> Any:
    """The value with only what JSON keeps exactly: floats, decimals, dates and the rest become text.

    PostgreSQL normalises numbers when it stores JSON; a digest must survive that.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, dict):
        return {cleaned(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [plain(item) for item in items]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return cleaned(str(value))


def detail_digest(detail: Detail) -> str:
    """SHA-256 over the detail's salt and everything it says."""
    spelled = _spell(
        detail.salt, detail.text, detail.actor_label, detail.address or "", detail.device, detail.payload
    )
    return hashlib.sha256(spelled).hexdigest()


def link_hash(seq: int, previous_hash: str, event: Event) -> str:
    """HMAC-SHA-256 with `EBOK_JOURNAL_KEY` over the place in the chain, the link before, the event."""
    # Events sealed before they had seals of their own keep the hash they were given.
    seal = [event.seal] if event.seal else []
    return _keyed(seq, previous_hash, *_parts(event), *seal)


def event_seal(event: Event) -> str:
    """HMAC-SHA-256 with `EBOK_JOURNAL_KEY` over everything an event holds."""
    return _keyed("event", *_parts(event))


def statement_seal(removal: Removal) -> str:
    """HMAC-SHA-256 with `EBOK_JOURNAL_KEY` over a statement of a removal."""
    return _keyed("removal", removal.id.hex, _instant(removal.moment), removal.what, removal.said)


def keyed_fingerprint(text: str) -> str:
    """A short fingerprint of something that must not be stored itself, equal for equal texts.

    Keyed, so that nobody without the journal key can test guesses.
    """
    return hmac.new(settings.EBOK_JOURNAL_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:16]


def _parts(event: Event) -> tuple[Any, ...]:
    return (
        event.id.hex,
        event.kind,
        _instant(event.moment),
        event.actor_id,
        event.site_id,
        event.customer_id,
        event.object_type,
        event.object_id,
        event.digest,
    )


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _keyed(*parts: Any) -> str:
    return hmac.digest(settings.EBOK_JOURNAL_KEY.encode(), _spell(*parts), "sha256").hex()


def _spell(*parts: Any) -> bytes:
    return json.dumps(parts, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()
