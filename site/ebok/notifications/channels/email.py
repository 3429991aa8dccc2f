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
from django.utils.crypto import salted_hmac
from wagtail.models import Site

from ebok.look.models import OrganisationSettings, ThemeSettings
from ebok.notifications.channels.outcomes import HandedOver
from ebok.notifications.models import Message
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
    with translation.override(message.language):
        text, html = bodies_of(message)
    letter = EmailMultiAlternatives(
        message.subject,
        text,
        to=[message.address],
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    letter.attach_alternative(html, "text/html")
    for attachment in message.attachments.all():
        letter.attach(attachment.name, bytes(attachment.content), attachment.content_type)
    return letter


def bodies_of(message: Message) -> tuple[str, str]:
    """(text, HTML) in the active language and in the look of the message's site."""
    words = {
        "title": message.subject,
        "sentences": paragraphs(message.body),
        "action_text": message.action,
        "action_url": message.url if message.action else "",
        **look_of(message.site),
    }
    text, html = (render_to_string(f"notifications/mail/message.{kind}", words) for kind in ("txt", "html"))
    return text.strip() + "\n", html


def look_of(site: Site) -> dict[str, Any]:
    """Names and colours of the site."""
    return {
        "theme": ThemeSettings.for_site(site),
        "organisation": OrganisationSettings.for_site(site),
    }


def message_id(message: Message) -> str:
    """The name of the letter on its way; the same at every try, so that servers know it again."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<ebok.{message.pk}.{token_of(message.pk)}@{domain}>"


def token_of(pk: int) -> str:
    """Proves that a name of a message was made here."""
    return salted_hmac("ebok.notifications.message", str(pk)).hexdigest()[:20]
