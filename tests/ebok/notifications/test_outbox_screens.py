"""The outbox and the mailings in the administration."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.journal.models import Event
from ebok.notifications.delivery import deliver_due
from ebok.notifications.models import Mailing, MailingState, Message, State
from ebok.notifications.services import send
from ebok.ports import NotSent
from ebok.testing.queries import exactly_queries
from tests.ebok.notifications.conftest import INVOICE, VALUES, Gate
from tests.ebok.notifications.test_mailing import begin, people

__all__ = ["people"]
pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
OUTBOX = "/admin/wiadomosci/wyslane/"
MAILINGS = "/admin/wiadomosci/wysylki/"


def test_a_failed_message_is_sent_again(
    signed_in: SignIn, administrator: User, site: Site, gate: Gate
) -> None:
    """The list says why it failed; sent again it goes out once, and that is an event."""
    gate.refusal = NotSent("Zły numer", is_final=True)
    (message,) = send(INVOICE.key, site=site, phone="+48600100200", values=VALUES)
    deliver_due()
    browser = signed_in(administrator)
    page = browser.get(f"{OUTBOX}?stan=failed").content.decode()
    assert "Zły numer" in page
    assert "+48600100200" in page
    gate.refusal = None
    for _twice in range(2):
        assert browser.post(OUTBOX, {"message": str(message.pk)}).status_code == 302
    deliver_due()
    message.refresh_from_db()
    assert message.state == State.SENT
    assert len(gate.sent) == 1
    assert Event.objects.filter(kind="notifications.sent_again").count() == 1
    assert browser.get(f"{OUTBOX}?stan=nonsense&po=x&przed={'9' * 40}").status_code == 200


def test_a_message_of_a_mailing_is_sent_again(
    signed_in: SignIn, administrator: User, site: Site, people: list[User]
) -> None:
    """The mailing counts it anew."""
    mailing = begin(site)
    deliver_due()
    Message.objects.filter(channel="email", address="osoba0@example.org").update(state=State.BOUNCED)
    Mailing.objects.update(sent=1, failed=1)
    message = Message.objects.get(state=State.BOUNCED)
    Message.objects.filter(pk=message.pk).update(state=State.FAILED)
    signed_in(administrator).post(OUTBOX, {"message": str(message.pk)})
    deliver_due()
    mailing.refresh_from_db()
    assert (mailing.sent, mailing.failed, mailing.state) == (2, 0, MailingState.DONE)


@pytest.mark.parametrize("typed", ["", "x", "0", "9" * 30, "-1"])
def test_no_such_message(signed_in: SignIn, administrator: User, typed: str) -> None:
    """404 for both screens."""
    browser = signed_in(administrator)
    assert browser.post(OUTBOX, {"message": typed}).status_code == 404
    assert browser.post(MAILINGS, {"mailing": typed}).status_code == 404


def test_a_mailing_is_called_off(
    signed_in: SignIn, administrator: User, site: Site, people: list[User]
) -> None:
    """With its progress before and after."""
    mailing = begin(site)
    browser = signed_in(administrator)
    assert "0 / 2" in browser.get(MAILINGS).content.decode()
    assert browser.post(MAILINGS, {"mailing": str(mailing.pk)}).status_code == 302
    page = browser.get(MAILINGS).content.decode()
    assert "2 / 2" in page
    assert "odwołana" in page
    assert deliver_due() == 0


def test_only_with_the_right(
    signed_in: SignIn, editor: User, employee: User, site: Site, people: list[User]
) -> None:
    """Nothing changes without it."""
    mailing = begin(site)
    for user in (editor, employee):
        browser = signed_in(user)
        for address in (OUTBOX, MAILINGS):
            assert browser.get(address).status_code in (302, 403)
        browser.post(MAILINGS, {"mailing": str(mailing.pk)})
    mailing.refresh_from_db()
    assert mailing.state == MailingState.RUNNING


@pytest.mark.parametrize("count", [1, 30])
def test_queries(signed_in: SignIn, administrator: User, site: Site, count: int) -> None:
    """The same for one message and for thirty."""
    for number in range(count):
        send(INVOICE.key, site=site, email=f"ktos{number}@example.org", values=VALUES)
        begin(site, campaign=str(number))
    browser = signed_in(administrator)
    for address, queries in ((OUTBOX, SCREEN_QUERIES), (MAILINGS, SCREEN_QUERIES)):
        browser.get(address)
        with exactly_queries(queries):
            browser.get(address)


SCREEN_QUERIES = 12
