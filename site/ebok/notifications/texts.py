"""The words of a kind of message in a language: an administrator's where there are some, or its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation
from wagtail.models import Site

from ebok.notifications.models import Channel, Message, MessageTemplate
from ebok.notifications.wording import fill, one_line, places_in
from ebok.ports import MessageKind

LONGEST_SUBJECT = 300


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The words for one channel, with places for values or with the values filled in.

    A text message has a body only.
    """

    subject: str = ""
    body: str = ""
    action: str = ""

    def filled(self, values: Mapping[str, str]) -> Texts:
        """With these values. Raises `wording.MissingValue`."""
        return Texts(
            subject=one_line(fill(self.subject, values))[:LONGEST_SUBJECT],
            body=fill(self.body, values).strip(),
            action=one_line(fill(self.action, values)),
        )


def declared_texts(kind: MessageKind, language: str) -> dict[str, Texts]:
    """The words the kind was declared with, by channel."""
    with translation.override(language):
        letter = Texts(subject=str(kind.subject), body=str(kind.body), action=str(kind.action))
        short = Texts(body=str(kind.sms))
    return {channel: short if channel == Channel.SMS else letter for channel in kind.channels}


def texts_in(message: Message, channel: str, *, missing: str | None = None) -> Texts:
    """The words of a stored message; those of a mailing are filled in.

    `missing` stands where a value is missing; without it that raises `wording.MissingValue`.
    """
    if message.mailing is None:
        return Texts(subject=message.subject, body=message.body, action=message.action)
    texts = Texts(**message.mailing.texts[message.language][channel])
    values: dict[str, str] = message.values
    if missing is not None:
        names = places_in(f"{texts.subject}{texts.body}{texts.action}")
        values = {**dict.fromkeys(names, missing), **values}
    return texts.filled(values)


def texts_of(kind: MessageKind, language: str, site: Site) -> dict[str, Texts]:
    """The words used now on the site, by channel; one query.

    What an administrator wrote for the e-mail serves the portal, too, unless it has words of its own.
    """
    texts = declared_texts(kind, language)
    own = {
        template.channel: Texts(subject=template.subject, body=template.body, action=template.action)
        for template in MessageTemplate.objects.filter(site=site, kind=kind.key, language=language)
    }
    if Channel.EMAIL in own and Channel.PORTAL in texts:
        texts[Channel.PORTAL] = own[Channel.EMAIL]
    texts.update({channel: words for channel, words in own.items() if channel in texts})
    return texts
