"""E-mail: letters go over one connection for as long as there is something to send."""

from __future__ import annotations

import logging
import smtplib
import time
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from ebok.notifications.channels.letters import envelope_sender, letter_of
from ebok.notifications.channels.outcomes import HandedOver
from ebok.notifications.channels.prepared import NotPlain, PreparedLetter
from ebok.notifications.kinds import UnknownKind, kind_of
from ebok.notifications.models import Message
from ebok.notifications.spool import Spool

logger = logging.getLogger(__name__)

MOST_SECONDS = 240
"""A batch that takes longer gives the rest back, well before its lease ends."""


class MailLine:
    """A connection to the mail server and the letters that are made once; use it as a context."""

    def __init__(self) -> None:
        self.connection: Any = get_connection()
        self.is_smtp = isinstance(self.connection, SmtpBackend)
        self._prepared: dict[tuple[int, str], PreparedLetter] = {}
        self._last_sent = 0.0

    def __enter__(self) -> MailLine:
        return self

    def __exit__(self, *_error: object) -> None:
        self._drop()

    def send_all(self, messages: Sequence[Message], spool: Spool) -> Iterator[HandedOver]:
        """Hand each message to the mail server; says nothing of those it had no time for."""
        until = time.monotonic() + MOST_SECONDS
        for message in messages:
            if time.monotonic() > until:
                return
            yield self._one(message, spool)

    def _one(self, message: Message, spool: Spool) -> HandedOver:
        try:
            letter = self._made(message)
        # A text or a value that makes no letter must not stop the letters behind it.
        except Exception as error:
            logger.exception("Message %s could not be made into a letter", message.pk)
            return HandedOver(message=message, reason=f"{type(error).__name__}: {error}", is_final=True)
        self._keep_pace()
        try:
            # Opened once and kept; Django closes only what the sending itself has opened.
            self.connection.open()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return HandedOver(message=message, reason=words_of(error))
        spool.begin(message.pk)
        outcome = self._handed(message, letter)
        spool.end(message.pk, is_taken=outcome.is_sent)
        return outcome

    def _handed(self, message: Message, letter: bytes | EmailMessage) -> HandedOver:
        try:
            if isinstance(letter, bytes):
                self._send_bytes(message, letter)
            else:
                letter.send()
        except (OSError, smtplib.SMTPException) as error:
            logger.warning("Message %s was not taken by the mail server: %s", message.pk, error)
            if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
                self._drop()
            return HandedOver(message=message, reason=words_of(error), is_final=is_final(error))
        except ValueError as error:
            # An address or a header that can be written in no letter.
            return HandedOver(message=message, reason=str(error) or type(error).__name__, is_final=True)
        return HandedOver(message=message)

    def _send_bytes(self, message: Message, letter: bytes) -> None:
        smtp: smtplib.SMTP = self.connection.connection
        options = ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else []
        smtp.sendmail(envelope_sender(message), [message.address], letter, options)

    def _made(self, message: Message) -> bytes | EmailMessage:
        if message.mailing is not None and self.is_smtp:
            try:
                return self._prepared_for(message).bytes_for(message)
            except NotPlain:
                # The long way makes what does not fit.
                pass
        return letter_of(message, self.connection)

    def _prepared_for(self, message: Message) -> PreparedLetter:
        mailing = message.mailing
        if mailing is None:
            raise TypeError("Only letters of mailings are made once.")
        key = (mailing.pk, message.language)
        if key not in self._prepared:
            try:
                kind = kind_of(mailing.kind)
            except UnknownKind:
                # Its plugin is gone since.
                kind = None
            self._prepared[key] = PreparedLetter(mailing, kind, message.language)
        return self._prepared[key]

    def _keep_pace(self) -> None:
        """Wait until the provider's limit allows one more."""
        limit = settings.EBOK_EMAILS_PER_MINUTE
        if limit:
            wait = self._last_sent + 60 / limit - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            self._last_sent = time.monotonic()

    def _drop(self) -> None:
        try:
            self.connection.close()
        except (OSError, smtplib.SMTPException):
            self.connection.connection = None


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
