"""Messages asked for: `send` stores them, the worker hands them over."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.notifications import background
from ebok.notifications.choosing import Way, ways_to
from ebok.notifications.kinds import kind_of
from ebok.notifications.mailings import fill
from ebok.notifications.models import Attachment, Channel, Message, MessageSettings, State
from ebok.notifications.models.message import Urgency
from ebok.notifications.sms_text import parts_of, without_accents
from ebok.notifications.states import tell
from ebok.notifications.texts import Texts, texts_of
from ebok.ports import MessageKind

__all__ = ["File", "fill", "language_of", "name_once", "send"]

LONGEST_NAME = 255


@dataclass(frozen=True, kw_only=True)
class File:
    """A file to go with a message by e-mail."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"


def send(
    kind_key: str,
    *,
    site: Site,
    user: User | None = None,
    email: str = "",
    phone: str = "",
    values: Mapping[str, Any] | None = None,
    url: str = "",
    language: str = "",
    key: str = "",
    owner: tuple[str, int] | None = None,
    attachments: Sequence[File] = (),
    reply_to: str = "",
) -> list[Message]:
    """Store a message for each channel the person chose, in the caller's transaction; the worker sends them.

    `user` is who gets it; `email` replaces their address and, without a user, is the address of somebody who
    has no account. `phone` is needed for text messages. `values` fill the places of the texts, as people
    read them ("12,30 zł"); `url` is an absolute address for the button. The same (kind, `key`, person,
    channel) is stored once, and the message stored before is returned. Answers to the letter go to `reply_to`
    where it is given. `owner` is told with
    `signals.message_changed`. Returns nothing for somebody who chose no channel.

    Raises `kinds.UnknownKind`, and `wording.MissingValue` when a text names a value that is not given.
    """
    kind = kind_of(kind_key)
    spoken = language_of(user, language)
    given = {name: str(value) for name, value in (values or {}).items()}
    texts = texts_of(kind, spoken, site)
    who = f"user:{user.pk}" if user is not None else ""
    label, owner_id = owner or ("", None)
    messages = []
    with transaction.atomic():
        for way in ways_to(kind, user=user, email=email, phone=phone):
            message = Message(
                site=site,
                kind=kind.key,
                user=user,
                address=way.address,
                language=spoken,
                url=url,
                reply_to=reply_to,
                values=given,
                once=name_once(kind.key, key, who or way.address.lower(), way.channel) if key else "",
                owner_label=label,
                owner_id=owner_id,
            )
            _word(message, texts[way.channel].filled(given), way)
            _schedule(message, kind)
            messages.append(_store(message, attachments))
        if any(message.state == State.WAITING for message in messages):
            background.deliver_on_commit()
    return messages


def language_of(user: User | None, language: str = "") -> str:
    """The language somebody is written to: the one asked for, their own, or the portal's."""
    wanted = language or (user.language if user is not None else "")
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def name_once(*parts: str) -> str:
    """The parts as one name; shortened to a digest where they are too long."""
    name = "|".join(parts)
    return name if len(name) <= LONGEST_NAME else hashlib.sha256(name.encode()).hexdigest()


def _word(message: Message, texts: Texts, way: Way) -> None:
    """Put in what this channel says."""
    message.channel = way.channel
    if way.channel == Channel.SMS:
        keeps_letters = MessageSettings.for_site(message.site).sms_keeps_letters
        message.body = texts.body if keeps_letters else without_accents(texts.body)
        message.parts = parts_of(message.body)
        return
    message.subject = texts.subject
    message.body = texts.body
    message.action = texts.action[:100] if message.url else ""


def _schedule(message: Message, kind: MessageKind) -> None:
    now = timezone.now()
    message.created_at = message.next_try = now
    message.urgency = Urgency.AT_ONCE if kind.transactional else Urgency.ORDINARY
    if message.channel == Channel.PORTAL:
        # It is where it is read.
        message.state, message.sent_at, message.settled_at = State.DELIVERED, now, now


def _store(message: Message, files: Sequence[File]) -> Message:
    if message.once:
        known = Message.objects.filter(once=message.once).first()
        if known is not None:
            return known
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        # Somebody stored the same at the same moment.
        known = Message.objects.filter(once=message.once).first() if message.once else None
        if known is None:
            raise
        return known
    if message.channel == Channel.EMAIL:
        Attachment.objects.bulk_create(
            Attachment(message=message, name=file.name, content_type=file.content_type, content=file.content)
            for file in files
        )
    tell(message, "stored")
    return message
