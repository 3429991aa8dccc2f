"""What a room or a plugin says about a kind of message it sends to people."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import lazystr

from ebok.ports.messages import SMS

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

EMAIL = "email"
PORTAL = "portal"
"""The message lies in the portal and is read after signing in."""
CHANNELS = (EMAIL, SMS, PORTAL)


class MessageGroup(enum.StrEnum):
    """What a message is about. People choose channels for a group, not for each kind."""

    BILLS = "bills"
    READINGS = "readings"
    MESSAGES = "messages"
    OUTAGES = "outages"
    ACCOUNT = "account"


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """A value the texts of a kind may name as `{name}`; `sample` stands there in previews."""

    name: str
    description: Text
    sample: str


@dataclass(frozen=True, kw_only=True)
class MessageKind:
    """A kind of message, named `<plugin or room>.<what happened>` (`message_kinds.py`).

    `subject`, `body`, `sms` and `action` are the texts until an administrator writes others: lazily
    translated, with `{placeholder}` where a value of `values` goes; an empty line begins a new paragraph.
    `action` is what the button says that leads to the message's address; without one there is no button.
    `sms` is needed when "sms" is among `channels`. `default_channels` are used for people who have
    chosen nothing.

    `is_duty`: the utility must send it, so nobody can unsubscribe and e-mail cannot be switched off.
    `transactional`: somebody waits for it, so it goes before others and keeps no quiet hours.
    `is_secret`: what it says lets somebody in (a link, a code). Nobody reads it in the outbox, and its words,
    values and link are forgotten once it is handed over or given up; it may lie in no portal.
    """

    key: str
    title: Text
    group: MessageGroup
    subject: Text
    body: Text
    description: Text = ""
    sms: Text = ""
    action: Text = ""
    channels: tuple[str, ...] = (EMAIL, PORTAL)
    default_channels: tuple[str, ...] = (EMAIL, PORTAL)
    values: tuple[Placeholder, ...] = ()
    is_duty: bool = False
    transactional: bool = False
    is_secret: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the values the texts may use."""
        return tuple(value.name for value in self.values)

    @property
    def samples(self) -> dict[str, str]:
        """A sample of every value, for previews."""
        return {value.name: str(value.sample) for value in self.values}


_NAMED = re.compile(r"%\(([a-z_]+)\)[sd]")


def letter_text(*sentences: Text) -> Text:
    """The paragraphs of a letter as one lazily translated text; `%(name)s` becomes a place `{name}`."""
    return lazystr(_Paragraphs(sentences))


class _Paragraphs:
    """Joined when somebody reads them, in the language of that moment."""

    def __init__(self, sentences: tuple[Text, ...]) -> None:
        self.sentences = sentences

    def __str__(self) -> str:
        return _NAMED.sub(r"{\1}", "\n\n".join(str(sentence) for sentence in self.sentences))
