"""The demo's mailbox: what would have gone to people is kept for a page of its own.

Only demo settings turn it on (`EBOK_DEMO_MAILBOX`); without it nothing is kept and the page is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage as ParsedMessage
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ebok.notifications.models import DemoItem
from ebok.notifications.sms_text import WrongNumber, normal_number
from ebok.ports import NotSent
from ebok.ports.messages import SMS

KEPT = 2_000
"""So many newest ones stay."""
LETTER = "letter"


def is_on() -> bool:
    """Whether this portal is a demo with a mailbox."""
    return bool(settings.EBOK_DEMO_MAILBOX)


def keep(
    medium: str,
    recipient: str,
    *,
    subject: str = "",
    text: str = "",
    html: str = "",
    file: tuple[str, str, bytes] | None = None,
) -> None:
    """Keep one thing that goes to a person; does nothing outside of the demo. `file` is name, type, bytes."""
    if not is_on():
        return
    name, kind, content = file or ("", "", None)
    item = DemoItem.objects.create(
        medium=medium,
        recipient=recipient[:254],
        subject=subject[:300],
        text=text,
        html=html,
        file_name=name[:200],
        file_type=kind[:100],
        file=content,
    )
    DemoItem.objects.filter(pk__lte=item.pk - KEPT).delete()


class DemoGate:
    """A gate for text messages that puts them into the mailbox."""

    key = "notifications.demo_gate"
    title = _("Demo mailbox")
    medium = SMS

    def serves(self, site: Site) -> bool:
        """In the demo."""
        return is_on()

    def send(self, address: str, text: str, *, site: Site, reference: str = "") -> str | None:
        """Keep it. Raises `NotSent` for what is no number."""
        try:
            number = normal_number(address)
        except WrongNumber:
            raise NotSent(address, is_final=True) from None
        keep(SMS, number, text=text)
        return None


class MailboxBackend(EmailBackend):
    """Writes letters to files as Django's file backend does, and keeps them for the page."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each and write it."""
        sent: int = super().send_messages(email_messages) or 0
        for message in email_messages:
            _keep_letter(message)
        return sent


def _keep_letter(message: Any) -> None:
    html = next(
        (content for content, kind in getattr(message, "alternatives", []) if kind == "text/html"), ""
    )
    keep(
        "email",
        ", ".join(message.recipients()),
        subject=str(message.subject),
        text=str(message.body),
        html=str(html),
        file=_first_file(message),
    )


def _first_file(message: Any) -> tuple[str, str, bytes] | None:
    """The first attachment; the mailbox shows no more than one."""
    for attachment in message.attachments:
        if isinstance(attachment, ParsedMessage) or not isinstance(attachment, tuple):
            continue
        name, content, kind = attachment
        data = content.encode() if isinstance(content, str) else content
        if isinstance(data, bytes):
            return name or "plik", kind or "application/octet-stream", data
    return None
