"""Letters that came back: notices of mail servers (RFC 3464) are matched with the messages they are about.

A notice names the message twice: by the address it was sent to (VERP) and by the Message-ID of the letter it
returns. Both are sealed, so a made-up notice changes nothing.
"""

from __future__ import annotations

import email
import email.policy
import imaplib
import logging
import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as Parsed
from urllib.parse import unquote, urlsplit

from django.conf import settings

from ebok.notifications.models import Channel, Message
from ebok.notifications.sealing import LENGTH, is_sealed
from ebok.notifications.states import bounced

logger = logging.getLogger(__name__)

NAMED = re.compile(rf"<ebok\.([0-9]{{1,18}})\.([0-9a-f]{{{LENGTH}}})@")
RETURNED = re.compile(rf"\+([0-9]{{1,18}})\.([0-9a-f]{{{LENGTH}}})@")
AT_ONCE = 500
LARGEST = 2_000_000
TIMEOUT = 30


@dataclass(frozen=True)
class Notice:
    """What one returned letter says: which message, and why, if it is for good."""

    message_pk: int
    reason: str
    is_final: bool


def read_mailbox() -> int:
    """Read every notice in the mailbox of the settings; how many messages came back.

    A notice is taken out of the mailbox once it is judged. Raises what the mailbox raises.
    """
    return sum(take_in(raw) for raw in _notices())


def take_in(raw: bytes) -> bool:
    """Judge one notice; whether it changed a message."""
    notice = read_notice(raw)
    if notice is None or not notice.is_final:
        return False
    message = Message.objects.filter(pk=notice.message_pk, channel=Channel.EMAIL).first()
    return message is not None and bounced(message, notice.reason)


def read_notice(raw: bytes) -> Notice | None:
    """What a letter says about one of ours; None for anything else. Never raises."""
    if len(raw) > LARGEST:
        return None
    try:
        parsed = email.message_from_bytes(raw, policy=email.policy.compat32)
        number = _number_in(parsed)
        status, action, words = _status_in(parsed)
    # Whatever people and robots put into a mailbox; the module `email` raises many things.
    except Exception:
        logger.warning("A letter in the mailbox of returned letters could not be read", exc_info=True)
        return None
    if number is None or not (status or action):
        return None
    is_final = action == "failed" and not status.startswith("4")
    return Notice(number, f"{status} {words}".strip()[:500], is_final)


def _number_in(parsed: Parsed) -> int | None:
    """The message the notice is about, if a name in it is sealed by us."""
    for header in ("To", "Delivered-To", "X-Original-To", "Envelope-To"):
        for value in parsed.get_all(header, []):
            for number, seal in RETURNED.findall(str(value)):
                if is_sealed(number, seal):
                    return int(number)
    for part in parsed.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            for number, seal in NAMED.findall(_text_of(part)):
                if is_sealed(number, seal):
                    return int(number)
    return None


def _text_of(part: Parsed) -> str:
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n".join(str(one.get("Message-ID", "")) for one in payload if isinstance(one, Parsed))
    decoded = part.get_payload(decode=True)
    return decoded.decode(errors="replace") if isinstance(decoded, bytes) else str(payload)


def _status_in(parsed: Parsed) -> tuple[str, str, str]:
    """(status, action, words) of the delivery status, empty without one."""
    for part in parsed.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if not isinstance(block, Parsed):
                continue
            action = str(block.get("Action", "")).strip().lower()
            if action:
                status = str(block.get("Status", "")).strip()[:20]
                words = " ".join(str(block.get("Diagnostic-Code", "")).split())
                return status, action, words.partition(";")[2].strip() or words
    return "", "", ""


def _notices() -> Iterator[bytes]:
    """What lies in the mailbox; each is taken out when the next is asked for."""
    place = settings.EBOK_BOUNCE_MAILBOX
    if place.startswith(("imap://", "imaps://")):
        yield from _from_imap(place)
    elif place:
        yield from _from_maildir(place)


def _from_maildir(folder: str) -> Iterator[bytes]:
    box = mailbox.Maildir(folder, create=False)
    for key in list(box.keys())[:AT_ONCE]:
        yield box.get_bytes(key)
        box.discard(key)
    box.close()


def _from_imap(address: str) -> Iterator[bytes]:
    parts = urlsplit(address)
    host, folder = parts.hostname or "localhost", unquote(parts.path.strip("/")) or "INBOX"
    client: imaplib.IMAP4
    if parts.scheme == "imaps":
        client = imaplib.IMAP4_SSL(host, parts.port or 993, timeout=TIMEOUT)
    else:
        client = imaplib.IMAP4(host, parts.port or 143, timeout=TIMEOUT)
    with client:
        client.login(unquote(parts.username or ""), unquote(parts.password or ""))
        client.select(folder)
        _kind, found = client.search(None, "UNDELETED")
        for number in (found[0] or b"").split()[:AT_ONCE]:
            _kind, answer = client.fetch(number.decode(), "(RFC822)")
            raw = next((part[1] for part in answer if isinstance(part, tuple)), b"")
            yield raw
            client.store(number.decode(), "+FLAGS", "\\Deleted")
        client.expunge()
