"""E-mail: text and HTML in the look of the site, over one connection for a batch."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterator, Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import translation
from wagtail.models import Site

from ebok.look.models import OrganisationSettings, ThemeSettings
from ebok.notifications.channels.outcomes import HandedOver
from ebok.notifications.kinds import UnknownKind, kind_of
from ebok.notifications.models import Message
from ebok.notifications.sealing import seal_of
from ebok.notifications.texts import Texts
from ebok.notifications.unsubscribing import link_for, token_for
from ebok.notifications.wording import paragraphs

logger = logging.getLogger(__name__)


def send_all(messages: Sequence[Message]) -> Iterator[HandedOver]:
    """Hand each message to the mail server; a broken connection is opened anew for the next one."""
    connection = get_connection()
    try:
        for message in messages:
            yield _send(message, connection)
    finally:
        connection.close()


def _send(message: Message, connection: Any) -> HandedOver:
    try:
        # Opened once and kept; Django closes it only when it was opened by the sending itself.
        connection.open()
        letter_of(message, connection).send()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("Message %s was not taken by the mail server: %s", message.pk, error)
        _drop(connection)
        return HandedOver(message=message, reason=words_of(error), is_final=is_final(error))
    except ValueError as error:
        # An address or a header that can be written in no letter.
        return HandedOver(message=message, reason=str(error), is_final=True)
    return HandedOver(message=message)


def _drop(connection: Any) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        connection.connection = None


def is_final(error: Exception) -> bool:
    """Whether the server refused this very recipient or letter for good (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
        return bool(codes) and all(500 <= code < 600 for code in codes)
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


def words_of(error: Exception) -> str:
    """What the server said, for people."""
    answers: list[tuple[int, bytes | str]] = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        answers = [(error.smtp_code, error.smtp_error)]
    if not answers:
        return f"{type(error).__name__}: {error}"[:500]
    code, words = answers[0]
    said = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    return f"{code} {' '.join(said.split())}"[:500]


def letter_of(message: Message, connection: Any = None) -> EmailMultiAlternatives:
    """The message as a letter in its language."""
    link = unsubscribe_link(message)
    with translation.override(message.language):
        texts = Texts(subject=message.subject, body=message.body, action=message.action)
        text, html = rendered(texts, message.site, url=message.url, unsubscribe_url=link)
    letter = EmailMultiAlternatives(
        message.subject,
        text,
        to=[message.address],
        headers=headers_of(message, link),
        connection=connection,
    )
    letter.attach_alternative(html, "text/html")
    for attachment in message.attachments.all():
        letter.attach(attachment.name, bytes(attachment.content), attachment.content_type)
    return letter


def rendered(texts: Texts, site: Site, *, url: str = "", unsubscribe_url: str = "") -> tuple[str, str]:
    """(text, HTML) of filled texts in the active language and in the look of the site."""
    words = {
        "title": texts.subject,
        "sentences": paragraphs(texts.body),
        "action_text": texts.action,
        "action_url": url if texts.action else "",
        "unsubscribe_url": unsubscribe_url,
        **look_of(site),
    }
    text, html = (render_to_string(f"notifications/mail/message.{kind}", words) for kind in ("txt", "html"))
    return text.strip() + "\n", html


def look_of(site: Site) -> dict[str, Any]:
    """Names and colours of the site."""
    return {
        "theme": ThemeSettings.for_site(site),
        "organisation": OrganisationSettings.for_site(site),
    }


def unsubscribe_link(message: Message) -> str:
    """Where letters like this one are stopped; "" for a duty."""
    try:
        kind = kind_of(message.kind)
    except UnknownKind:
        # Its plugin is gone since.
        return ""
    if kind.is_duty:
        return ""
    token = token_for(kind.group, user_id=message.user_id, address=message.address)
    return link_for(token, message.site, message.language)


def headers_of(message: Message, link: str) -> dict[str, str]:
    """Headers of every letter of the outbox; with a link mail programs show a button to unsubscribe."""
    headers = {"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"}
    if link:
        headers["List-Unsubscribe"] = f"<{link}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def message_id(message: Message) -> str:
    """The name of the letter on its way; the same at every try, so that servers know it again."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<ebok.{message.pk}.{seal_of(str(message.pk))}@{domain}>"
