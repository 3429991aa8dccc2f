"""Letters of a mailing: the letter is made once for each language, and each copy is filled in as bytes.

Django needs about a millisecond to build one letter; filling one in takes a few microseconds.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache

from django.utils import translation
from django.utils.html import escape

from ebok.notifications.channels import letters
from ebok.notifications.models import Channel, Mailing, Message
from ebok.notifications.texts import LONGEST_SUBJECT, Texts
from ebok.notifications.unsubscribing import link_for, token_for
from ebok.notifications.wording import one_line, places_in
from ebok.ports import MessageKind

MARK = re.compile("\ue000([a-z0-9_:]+)\ue001")
LONGEST_LINE = 998
ENCODED_AT_ONCE = 39
URL, LINK = ":url", ":link"
"""Names no value can have."""


class NotPlain(ValueError):
    """This copy needs the long way: an address, or a line, that does not fit into prepared bytes."""


@dataclass(frozen=True)
class Segment:
    """A piece of the letter that stands as it is, then a place; the last piece has none."""

    before: bytes
    name: str
    is_html: bool


class PreparedLetter:
    """The letter of one mailing in one language."""

    def __init__(self, mailing: Mailing, kind: MessageKind | None, language: str) -> None:
        self.language = language
        self.group = kind.group if kind is not None and not kind.is_duty else None
        texts = Texts(**mailing.texts[language][Channel.EMAIL])
        self.subject = texts.subject
        self.has_subject_places = bool(places_in(texts.subject))
        names = set(places_in(texts.subject + texts.body + texts.action))
        marked = texts.filled({name: f"\ue000{name}\ue001" for name in names})
        self.link_before, self.link_after = "", ""
        if self.group is not None:
            whole = link_for("TOKEN", mailing.site, language)
            self.link_before, self.link_after = whole.split("TOKEN")
        with translation.override(language):
            with_button, without = (
                letters.rendered(
                    marked,
                    mailing.site,
                    url=f"\ue000{URL}\ue001" if has_url else "",
                    unsubscribe_url=f"\ue000{LINK}\ue001" if self.group is not None else "",
                )
                for has_url in (True, False)
            )
        self.boundary = f"=_{secrets.token_hex(16)}"
        self.segments = {True: self._cut(*with_button), False: self._cut(*without)}
        self.sender = letters.sender_header()
        self.room = min(_room(segments) for segments in self.segments.values())

    def _cut(self, text: str, html: str) -> list[Segment]:
        found: list[Segment] = []
        before = f"--{self.boundary}\n{_part_head('plain')}"
        for body, is_html in ((text, False), (html, True)):
            pieces = MARK.split(body)
            for place in range(0, len(pieces) - 1, 2):
                found.append(Segment(_crlf(before + pieces[place]), pieces[place + 1], is_html))
                before = ""
            before += pieces[-1]
            before += f"\n--{self.boundary}--\n" if is_html else f"\n--{self.boundary}\n{_part_head('html')}"
        found.append(Segment(_crlf(before), "", is_html=False))
        return found

    def bytes_for(self, message: Message, date: str | None = None) -> bytes:
        """The whole letter. Raises `NotPlain`, and `KeyError` for a value that is not there."""
        address = message.address
        if not address.isascii() or not address.isprintable() or len(address) > 254:
            raise NotPlain(address)
        values: Mapping[str, object] = message.values
        link = ""
        if self.group is not None:
            token = token_for(self.group, user_id=message.user_id, address=address)
            link = f"{self.link_before}{token}{self.link_after}"
        special = {URL: message.url, LINK: link}
        pieces = [self._head(message, values, link, date or formatdate())]
        for segment in self.segments[bool(message.url)]:
            pieces.append(segment.before)
            if segment.name:
                name = segment.name
                value = special[name] if name in special else str(values[name])
                filled = _cleaned(escape(value) if segment.is_html else value)
                if len(filled) > self.room:
                    raise NotPlain(name)
                pieces.append(filled)
        return b"".join(pieces)

    def _head(self, message: Message, values: Mapping[str, object], link: str, date: str) -> bytes:
        subject = self.subject
        if self.has_subject_places:
            subject = one_line(_PLACE.sub(lambda found: str(values[found[1]]), subject))[:LONGEST_SUBJECT]
            encoded = header_words(subject)
        else:
            encoded = _known_words(subject)
        unsubscribe = (
            f"List-Unsubscribe: <{link}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
            if link
            else ""
        )
        return (
            f"Subject: {encoded}\r\nFrom: {self.sender}\r\nTo: {message.address}\r\nDate: {date}\r\n"
            f"Message-ID: {letters.message_id(message.pk)}\r\nAuto-Submitted: auto-generated\r\n{unsubscribe}"
            f"MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n"
            f' boundary="{self.boundary}"\r\n\r\n'
        ).encode("ascii")


_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def _part_head(kind: str) -> str:
    return (
        f'Content-Type: text/{kind}; charset="utf-8"\nMIME-Version: 1.0\nContent-Transfer-Encoding: 8bit\n\n'
    )


def _room(segments: list[Segment]) -> int:
    """How long a value may be, so that no line of the letter is longer than mail allows."""
    room, constant, places = LONGEST_LINE, 0, 0
    for segment in segments:
        *ended, last = segment.before.split(b"\r\n")
        if ended:
            if places:
                room = min(room, (LONGEST_LINE - constant - len(ended[0])) // places)
            constant, places = 0, 0
        constant += len(last)
        places += 1
    return room


def _crlf(text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return lines.encode()


def _cleaned(value: str) -> bytes:
    """Without line ends of other kinds; a bare CR or LF is no line of a letter."""
    if "\n" in value or "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return value.encode()


def header_words(text: str) -> str:
    """The text as a header may have it: plain, or RFC 2047 words folded by RFC 5322."""
    if text.isascii() and len(text) <= 60 and "=?" not in text and text.isprintable():
        return text
    words, piece = [], b""
    for letter in text:
        encoded = letter.encode("utf-8", "replace")
        if len(piece) + len(encoded) > ENCODED_AT_ONCE:
            words.append(piece)
            piece = b""
        piece += encoded
    words.append(piece)
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words)


@lru_cache(maxsize=64)
def _known_words(text: str) -> str:
    return header_words(one_line(text))
