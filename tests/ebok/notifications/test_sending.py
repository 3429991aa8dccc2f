"""Messages are stored with the change they tell of, and sent when it has come true."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.utils import timezone
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.notifications.delivery import LEASE, claim, deliver_due
from ebok.notifications.kinds import UnknownKind
from ebok.notifications.models import Attachment, Message, State
from ebok.notifications.services import File, send
from ebok.notifications.signals import message_changed
from ebok.notifications.states import PAUSES
from ebok.notifications.tasks import deliver_waiting
from ebok.notifications.wording import MissingValue
from ebok.ports import NotSent
from tests.ebok.notifications.conftest import INVOICE, NOTICE, VALUES, Gate

pytestmark = pytest.mark.django_db
Capture = Any


def states() -> dict[str, str]:
    """Channel to state of every message."""
    return dict(Message.objects.values_list("channel", "state"))


@pytest.mark.feature("D09")
def test_a_message_goes_out_by_email_and_lies_in_the_portal(
    site: Site, client_user: User, django_capture_on_commit_callbacks: Capture, told: list[tuple[str, str]]
) -> None:
    """Text and HTML say the same, in the look of the site; nothing is sent before the commit."""
    with django_capture_on_commit_callbacks(execute=True):
        stored = send(INVOICE.key, site=site, user=client_user, values=VALUES, url="https://bok.example/f/7/")
        assert [message.channel for message in stored] == ["email", "portal"]
        assert mail.outbox == []
    assert states() == {"email": State.SENT, "portal": State.DELIVERED}
    (letter,) = mail.outbox
    assert (letter.subject, letter.to) == ("Faktura FV/7/2026", [client_user.email])
    ((html, _type),) = letter.alternatives  # type: ignore[union-attr]
    for said in (
        "Mamy dla Ciebie fakturę FV/7/2026.",
        "99,00 zł",
        "https://bok.example/f/7/",
        "Zobacz fakturę",
    ):
        assert said in str(letter.body).replace("\xa0", " ")
        assert said in str(html).replace("\xa0", " ").replace("&nbsp;", " ")
    assert parseaddr(letter.extra_headers["Message-ID"])[1]
    assert told == [("email", "stored"), ("portal", "stored"), ("email", "sent")]


def test_values_are_text_never_markup(
    site: Site, client_user: User, django_capture_on_commit_callbacks: Capture
) -> None:
    """What a value holds cannot become HTML, another place, or another header."""
    with django_capture_on_commit_callbacks(execute=True):
        send(
            INVOICE.key,
            site=site,
            user=client_user,
            values={"number": "<b>{amount}</b>\nBcc: x@example.org", "amount": "1"},
        )
    (letter,) = mail.outbox
    ((html, _type),) = letter.alternatives  # type: ignore[union-attr]
    assert "&lt;b&gt;{amount}&lt;/b&gt;" in str(html)
    assert "<b>" not in str(html)
    assert letter.subject == "Faktura <b>{amount}</b> Bcc: x@example.org"
    assert "Bcc" not in letter.message()


def test_rolled_back_means_never_sent(
    site: Site, client_user: User, django_capture_on_commit_callbacks: Capture
) -> None:
    """The message lives and dies with the change."""
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        send(INVOICE.key, site=site, user=client_user, values=VALUES)
        transaction.set_rollback(True)
    assert Message.objects.count() == 0
    assert mail.outbox == []


def test_the_worker_is_called_once_for_a_transaction(
    site: Site, client_user: User, django_capture_on_commit_callbacks: Capture
) -> None:
    """However many messages it stored."""
    with django_capture_on_commit_callbacks() as callbacks:
        for number in range(3):
            send(INVOICE.key, site=site, user=client_user, values=VALUES, key=str(number))
    assert len(callbacks) == 1


def test_the_same_is_stored_once(site: Site, client_user: User, told: list[tuple[str, str]]) -> None:
    """By kind, key, person and channel."""
    first = send(INVOICE.key, site=site, user=client_user, values=VALUES, key="7", owner=("test.thing", 5))
    again = send(INVOICE.key, site=site, user=client_user, values=VALUES, key="7", owner=("test.thing", 5))
    assert [message.pk for message in first] == [message.pk for message in again]
    assert {(message.owner_label, message.owner_id) for message in again} == {("test.thing", 5)}
    assert Message.objects.count() == 2
    assert len(told) == 2
    send(INVOICE.key, site=site, user=client_user, values=VALUES, key="8")
    send(INVOICE.key, site=site, email="ktos@example.org", values=VALUES, key="7")
    assert Message.objects.count() == 5


def test_a_bare_address(site: Site, gate: Gate, django_capture_on_commit_callbacks: Capture) -> None:
    """Somebody without an account gets what was asked for, and nothing in the portal."""
    with django_capture_on_commit_callbacks(execute=True):
        stored = send(
            INVOICE.key,
            site=site,
            email="ktos@example.org",
            phone="+48600100200",
            values=VALUES,
            language="en",
        )
    assert [message.channel for message in stored] == ["email", "sms"]
    assert gate.sent == [("+48600100200", "Faktura FV/7/2026: 99,00 zl", f"ebok-{stored[1].pk}")]
    assert Message.objects.get(channel="sms").gate_reference == "gate-1"
    assert send(INVOICE.key, site=site, values=VALUES) == []


def test_a_duty_goes_by_email_whatever_was_chosen(site: Site, client_user: User) -> None:
    """Its default is the portal alone."""
    assert [message.channel for message in send(NOTICE.key, site=site, user=client_user)] == [
        "email",
        "portal",
    ]


def test_attachments_go_along(
    site: Site, client_user: User, django_capture_on_commit_callbacks: Capture
) -> None:
    """With the e-mail only."""
    with django_capture_on_commit_callbacks(execute=True):
        send(
            INVOICE.key,
            site=site,
            user=client_user,
            values=VALUES,
            attachments=[File(name="faktura.pdf", content=b"%PDF-1.7", content_type="application/pdf")],
        )
    assert mail.outbox[0].attachments == [("faktura.pdf", b"%PDF-1.7", "application/pdf")]
    assert Attachment.objects.count() == 1


def test_wrong_calls_store_nothing(site: Site, client_user: User) -> None:
    """A kind nobody declared, a value that is missing."""
    with pytest.raises(UnknownKind):
        send("notifications.nonsense", site=site, user=client_user)
    with pytest.raises(MissingValue):
        send(INVOICE.key, site=site, user=client_user, values={"number": "1"})
    assert Message.objects.count() == 0


def test_pauses_grow_and_end(
    site: Site, gate: Gate, told: list[tuple[str, str]], django_capture_on_commit_callbacks: Capture
) -> None:
    """Each try waits longer; after the last one the message is given up and its sender is told."""
    gate.refusal = NotSent("Brak środków")
    with time_machine.travel("2026-11-02 10:00:00+01:00", tick=False) as clock:
        with django_capture_on_commit_callbacks(execute=True):
            (message,) = send(INVOICE.key, site=site, phone="+48600100200", values=VALUES)
        for pause in PAUSES:
            message.refresh_from_db()
            assert (message.state, message.next_try) == (State.WAITING, timezone.now() + pause)
            clock.shift(pause - timedelta(seconds=1))
            assert deliver_due() == 0
            clock.shift(timedelta(seconds=1))
            assert deliver_due() == 1
    message.refresh_from_db()
    assert (message.state, message.error, message.attempts) == (
        State.FAILED,
        "Brak środków",
        len(PAUSES) + 1,
    )
    assert told == [("sms", "stored"), ("sms", "failed")]


def test_a_final_refusal_is_not_tried_again(
    site: Site, gate: Gate, django_capture_on_commit_callbacks: Capture
) -> None:
    """A wrong number stays wrong."""
    gate.refusal = NotSent("Zły numer", is_final=True)
    with django_capture_on_commit_callbacks(execute=True):
        (message,) = send(INVOICE.key, site=site, phone="+48600100200", values=VALUES)
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.FAILED, 1)


def test_without_a_gate_text_messages_wait(
    site: Site, awake: None, django_capture_on_commit_callbacks: Capture
) -> None:
    """The administrator may set one up meanwhile."""
    with django_capture_on_commit_callbacks(execute=True):
        (message,) = send(INVOICE.key, site=site, phone="+48600100200", values=VALUES)
    message.refresh_from_db()
    assert message.state == State.WAITING
    assert message.error


def test_claimed_is_nobody_elses_until_the_lease_ends(site: Site, client_user: User) -> None:
    """What is urgent comes first."""
    send(INVOICE.key, site=site, user=client_user, values=VALUES)
    send(NOTICE.key, site=site, user=client_user)
    now = timezone.now()
    assert [message.kind for message in claim(10, worker="one", now=now)] == [NOTICE.key, INVOICE.key]
    assert claim(10, worker="two", now=now) == []
    assert len(claim(10, worker="two", now=now + LEASE)) == 2


def test_the_timer_calls_the_worker(site: Site, client_user: User) -> None:
    """Only when something waits."""
    assert deliver_waiting() is None
    send(INVOICE.key, site=site, user=client_user, values=VALUES)
    assert deliver_waiting()
    assert len(mail.outbox) == 1
    assert deliver_waiting() is None


def test_a_receiver_that_fails_stops_nothing(site: Site, client_user: User) -> None:
    """It is somebody else's code."""

    def fail(**_more: Any) -> None:
        raise RuntimeError("receiver")

    message_changed.connect(fail)
    try:
        assert len(send(INVOICE.key, site=site, user=client_user, values=VALUES)) == 2
        assert deliver_due() == 1
    finally:
        message_changed.disconnect(fail)
    assert states()["email"] == State.SENT
