"""One message as a letter: its headers, its text and its HTML."""

from __future__ import annotations

from email.utils import formataddr, parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from wagtail.models import Site

from ebok.look.models import OrganisationSettings, ThemeSettings
from ebok.notifications.kinds import UnknownKind, kind_of
from ebok.notifications.models import Channel, Message
from ebok.notifications.sealing import seal_of
from ebok.notifications.texts import Texts, texts_in
from ebok.notifications.unsubscribing import link_for, token_for
from ebok.notifications.wording import paragraphs


def letter_of(message: Message, connection: Any = None) -> EmailMultiAlternatives:
    """The message as a letter in its language. Raises `wording.MissingValue` where a mailing lacks one."""
    link = unsubscribe_link(message)
    texts = texts_in(message, Channel.EMAIL)
    with translation.override(message.language):
        text, html = rendered(texts, message.site, url=message.url, unsubscribe_url=link)
    letter = EmailMultiAlternatives(
        texts.subject,
        text,
        from_email=envelope_sender(message) if settings.EBOK_BOUNCE_ADDRESS else None,
        to=[message.address],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers=headers_of(message, link),
        connection=connection,
    )
    letter.attach_alternative(html, "text/html")
    if message.mailing_id is None:
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
        "theme": ThemeSettings.for_site(site),
        "organisation": OrganisationSettings.for_site(site),
    }
    text, html = (render_to_string(f"notifications/mail/message.{kind}", words) for kind in ("txt", "html"))
    return text.strip() + "\n", html


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
    headers = {"Message-ID": message_id(message.pk), "Auto-Submitted": "auto-generated"}
    if settings.EBOK_BOUNCE_ADDRESS:
        headers["From"] = settings.DEFAULT_FROM_EMAIL
    if link:
        headers["List-Unsubscribe"] = f"<{link}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


@lru_cache(maxsize=8)
def _address_of(sender: str) -> tuple[str, str]:
    """(local part, domain) of a sender."""
    local, _at, domain = parseaddr(sender)[1].rpartition("@")
    return local or "bok", domain or "localhost"


def message_id(number: int) -> str:
    """The name of the letter on its way; the same at every try, so that servers know it again."""
    return f"<ebok.{number}.{seal_of(str(number))}@{message_domain()}>"


def message_domain() -> str:
    """Where names of letters are from."""
    return _address_of(settings.DEFAULT_FROM_EMAIL)[1]


def envelope_sender(message: Message) -> str:
    """Where the letter comes back to when it cannot be delivered; it names the message (VERP)."""
    if settings.EBOK_BOUNCE_ADDRESS:
        local, domain = _address_of(settings.EBOK_BOUNCE_ADDRESS)
        return f"{local}+{message.pk}.{seal_of(str(message.pk))}@{domain}"
    return "@".join(_address_of(settings.DEFAULT_FROM_EMAIL))


def sender_header() -> str:
    """The header From, in letters every mail server can read."""
    return formataddr(parseaddr(settings.DEFAULT_FROM_EMAIL))
