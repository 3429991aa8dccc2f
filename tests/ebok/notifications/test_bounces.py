"""Letters that come back are matched with their messages."""

from __future__ import annotations

import mailbox
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.notifications.bounces import read_notice, take_in
from ebok.notifications.channels.letters import envelope_sender, message_id
from ebok.notifications.delivery import deliver_due
from ebok.notifications.models import Message, State
from ebok.notifications.services import send
from ebok.notifications.tasks import read_returned
from tests.ebok.notifications.conftest import INVOICE, VALUES

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(site: Site, client_user: User) -> Message:
    """A letter that went out."""
    letter, _portal = send(INVOICE.key, site=site, user=client_user, values=VALUES)
    deliver_due()
    letter.refresh_from_db()
    return letter


def notice(
    message_name: str, *, to: str = "bok@lipowo.example", action: str = "failed", status: str = "5.1.1"
) -> bytes:
    """As a mail server writes it (RFC 3464)."""
    return f"""\
From: MAILER-DAEMON@mx.example.org
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I could not deliver your message.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; klient@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: text/rfc822-headers

Message-ID: {message_name}
Subject: Faktura

--b--
""".encode()


@pytest.mark.feature("D09")
def test_a_returned_letter(message: Message, told: list[tuple[str, str]]) -> None:
    """By the name of the letter; told once, with the words of the server."""
    assert take_in(notice(message_id(message.pk)))
    assert not take_in(notice(message_id(message.pk)))
    message.refresh_from_db()
    assert message.state == State.BOUNCED
    assert message.error == "5.1.1 550 5.1.1 User unknown"
    assert told[-1] == ("email", "bounced")


def test_by_the_address_of_the_envelope(message: Message, settings: Any) -> None:
    """Servers that return nothing of the letter still write to its sender."""
    settings.EBOK_BOUNCE_ADDRESS = "zwroty@lipowo.example"
    assert take_in(notice("<somebody@else>", to=envelope_sender(message)))
    message.refresh_from_db()
    assert message.state == State.BOUNCED


def test_a_whole_letter_inside(message: Message) -> None:
    """Some return the letter itself."""
    raw = notice(message_id(message.pk)).replace(b"text/rfc822-headers", b"message/rfc822")
    assert take_in(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\x00",
        b"Subject: Re: Faktura\n\nDziekuje",
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n\xff\n",
        b"To: zwroty+99999999999999999999.x@lipowo.example\n\nx",
    ],
)
def test_other_letters(message: Message, raw: bytes) -> None:
    """Change nothing and break nothing."""
    assert read_notice(raw) is None or not take_in(raw)
    message.refresh_from_db()
    assert message.state == State.SENT


def test_what_is_not_final_or_not_ours(message: Message) -> None:
    """Delays, successes, and names somebody made up."""
    name = message_id(message.pk)
    assert not take_in(notice(name, action="delayed", status="4.4.1"))
    assert not take_in(notice(name, action="failed", status="4.2.2"))
    assert not take_in(notice(name, action="delivered", status="2.0.0"))
    assert not take_in(notice(f"<ebok.{message.pk}.{'0' * 24}@lipowo.example>"))
    assert not take_in(notice(name.replace(str(message.pk), str(message.pk + 1), 1)))
    message.refresh_from_db()
    assert message.state == State.SENT


def test_the_mailbox_is_read(message: Message, settings: Any, tmp_path: Path) -> None:
    """The timer takes notices out of a Maildir."""
    assert read_returned() is None
    box = mailbox.Maildir(tmp_path / "zwroty", create=True)
    box.add(notice(message_id(message.pk)))
    box.add(b"Subject: spam\n\nspam")
    settings.EBOK_BOUNCE_MAILBOX = str(tmp_path / "zwroty")
    assert "1" in str(read_returned())
    assert read_returned() is None
    assert len(mailbox.Maildir(tmp_path / "zwroty")) == 0
    message.refresh_from_db()
    assert message.state == State.BOUNCED


def test_the_command(
    message: Message, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a file, and with a sentence where no mailbox is named or none is there."""
    file = tmp_path / "zwrot.eml"
    file.write_bytes(notice(message_id(message.pk)))
    call_command("read_bounces", str(file))
    assert "1 message(s)" in capsys.readouterr().out
    with pytest.raises(CommandError, match="EBOK_BOUNCE_MAILBOX"):
        call_command("read_bounces")
    settings.EBOK_BOUNCE_MAILBOX = str(tmp_path / "nothing")
    with pytest.raises(CommandError):
        call_command("read_bounces")
