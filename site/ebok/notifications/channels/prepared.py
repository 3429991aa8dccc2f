"""Letters of a mailing: the letter is made once for each language, and each copy is filled in as bytes.

Django needs about a millisecond to build one letter; filling one in takes a few microseconds.
"""

from __future__ import annotations

import base64
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from html import escape

from django.utils import translation

from ebok.notifications.channels import letters
from ebok.notifications.models import Channel, Mailing, Message
from ebok.notifications.sealing import sealer
from ebok.notifications.texts import LONGEST_SUBJECT, Texts
from ebok.notifications.unsubscribing import PURPOSE, link_for, token_for
from ebok.notifications.wording import one_line, places_in
from ebok.ports import MessageKind

MARK = re.compile("\ue000([a-z0-9_:]+)\ue001")
PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
SPECIAL = re.compile("[&<>\"'\r\n]")
LONGEST_LINE = 998
ENCODED_AT_ONCE = 39
URL, LINK = ":url", ":link"
"""Names no value can have."""


class NotPlain(ValueError):
    """This copy needs the long way: an address, or a line, that does not fit into prepared bytes."""


@dataclass(frozen=True)
class Skeleton:
    """A letter cut at its places: `pieces` with gaps, and for each name the indexes of its gaps."""

    pieces: list[bytes]
    places: list[tuple[str, list[int], list[int]]]
    """Name, gaps in the text, gaps in the HTML."""
    room: int
    """How long a value may be, so that no line of the letter is longer than mail allows."""


class PreparedLetter:
    """The letter of one mailing in one language."""

    def __init__(self, mailing: Mailing, kind: MessageKind | None, language: str) -> None:
        self.language = language
        self.group = str(kind.group) if kind is not None and not kind.is_duty else None
        texts = Texts(**mailing.texts[language][Channel.EMAIL])
        self.subject = texts.subject
        self.has_subject_places = bool(places_in(texts.subject))
        self.subject_parts = [(place % 2, part) for place, part in enumerate(PLACE.split(texts.subject))]
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
        self.skeletons = {True: self._cut(*with_button), False: self._cut(*without)}
        self.sender = letters.sender_header()
        # Asked for once: each look into the settings costs as much as a seal.
        self.seal, self.seal_of_link = sealer(), sealer(PURPOSE)
        self.domain = letters.message_domain()

    def _cut(self, text: str, html: str) -> Skeleton:
        pieces: list[bytes] = []
        places: tuple[dict[str, list[int]], dict[str, list[int]]] = ({}, {})
        before = f"--{self.boundary}\n{_part_head('plain')}"
        for body, found in zip((text, html), places, strict=True):
            cut = MARK.split(body)
            for place in range(0, len(cut) - 1, 2):
                pieces += [_crlf(before + cut[place]), b""]
                found.setdefault(cut[place + 1], []).append(len(pieces) - 1)
                before = ""
            end = f"\n--{self.boundary}--\n" if found is places[1] else ""
            before += f"{cut[-1]}{end}" if end else f"{cut[-1]}\n--{self.boundary}\n{_part_head('html')}"
        pieces.append(_crlf(before))
        names = sorted({*places[0], *places[1]})
        by_name = [(name, places[0].get(name, []), places[1].get(name, [])) for name in names]
        return Skeleton(pieces, by_name, _room(pieces))

    def bytes_for(self, message: Message) -> bytes:
        """The whole letter. Raises `NotPlain`, and `KeyError` for a value that is not there."""
        address = message.address
        if not (address.isascii() and address.isprintable() and len(address) < 255):
            raise NotPlain(address)
        values: Mapping[str, object] = message.values
        link = ""
        if self.group is not None:
            token = token_for(self.group, user_id=message.user_id, address=address, seal=self.seal_of_link)
            link = f"{self.link_before}{token}{self.link_after}"
        skeleton = self.skeletons[bool(message.url)]
        pieces, room = skeleton.pieces.copy(), skeleton.room
        for name, in_text, in_html in skeleton.places:
            value = link if name == LINK else message.url if name == URL else str(values[name])
            if SPECIAL.search(value) is None:
                plain = marked = value.encode("utf-8", "replace")
            else:
                plain, marked = _cleaned(value), _cleaned(escape(value))
            if len(marked) > room:
                raise NotPlain(name)
            for place in in_text:
                pieces[place] = plain
            for place in in_html:
                pieces[place] = marked
        pieces[0] = self._head(message, values, link) + pieces[0]
        return b"".join(pieces)

    def _head(self, message: Message, values: Mapping[str, object], link: str) -> bytes:
        if self.has_subject_places:
            filled = "".join([str(values[part]) if odd else part for odd, part in self.subject_parts])
            subject = header_words(one_line(filled)[:LONGEST_SUBJECT])
        else:
            subject = _known_words(self.subject)
        number = str(message.id)
        unsubscribe = (
            f"List-Unsubscribe: <{link}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
            if link
            else ""
        )
        return (
            f"Subject: {subject}\r\nFrom: {self.sender}\r\nTo: {message.address}\r\n"
            f"Date: {_date_of(int(time.time()))}\r\n"
            f"Message-ID: <ebok.{number}.{self.seal(number)}@{self.domain}>\r\n"
            f"Auto-Submitted: auto-generated\r\n{unsubscribe}MIME-Version: 1.0\r\n"
            f'Content-Type: multipart/alternative;\r\n boundary="{self.boundary}"\r\n\r\n'
        ).encode("ascii")


def _part_head(kind: str) -> str:
    return (
        f'Content-Type: text/{kind}; charset="utf-8"\nMIME-Version: 1.0\nContent-Transfer-Encoding: 8bit\n\n'
    )


def _room(pieces: list[bytes]) -> int:
    """What is left of the fullest line, for each of its places; the gaps stand at odd indexes."""
    room, constant, places = LONGEST_LINE, 0, 0
    for piece in pieces[::2]:
        *ended, last = piece.split(b"\r\n")
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
    """In bytes, and without line ends of other kinds; a bare CR or LF is no line of a letter."""
    if "\n" in value or "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return value.encode("utf-8", "replace")


def header_words(text: str) -> str:
    """The text as a header may have it: plain, or RFC 2047 words folded by RFC 5322."""
    if text.isascii() and len(text) <= 60 and "=?" not in text and text.isprintable():
        return text
    raw = text.encode("utf-8", "replace")
    words, start = [], 0
    while start < len(raw):
        end = min(start + ENCODED_AT_ONCE, len(raw))
        while end < len(raw) and raw[end] & 0xC0 == 0x80:
            # A letter of several bytes stays in one word.
            end -= 1
        words.append(f"=?utf-8?b?{base64.b64encode(raw[start:end]).decode()}?=")
        start = end
    return "\r\n ".join(words)


@lru_cache(maxsize=64)
def _known_words(text: str) -> str:
    return header_words(one_line(text))


@lru_cache(maxsize=8)
def _date_of(second: int) -> str:
    return formatdate(second)
