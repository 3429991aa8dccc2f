"""People choose channels and quiet hours; a link in a letter stops more of the kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.journal.models import Detail, Event
from ebok.notifications.delivery import deliver_due
from ebok.notifications.models import Choice, Message, MessageSettings, QuietHours, Refusal, State
from ebok.notifications.quiet import quiet_until
from ebok.notifications.services import send
from ebok.notifications.unsubscribing import WrongLink, read_token, token_for
from ebok.ports import MessageGroup
from tests.ebok.notifications.conftest import INVOICE, NOTICE, VALUES, Gate

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PAGE = "/konto/powiadomienia/"


def channels(site: Site, user: User, **more: Any) -> list[str]:
    """Where an invoice goes now."""
    return [message.channel for message in send(INVOICE.key, site=site, user=user, values=VALUES, **more)]


@pytest.mark.feature("D09")
def test_the_page_shows_and_takes_choices(signed_in: SignIn, site: Site, client_user: User) -> None:
    """Ticks by group and channel; one event with what changed; the same again changes nothing."""
    browser = signed_in(client_user)
    page = browser.get(PAGE).content.decode()
    assert 'value="bills:email" id="way-bills-email" checked' in page
    assert 'value="bills:sms" id="way-bills-sms">' in page
    assert 'value="account:email"' not in page
    assert "Zawsze e-mailem: odpowiedzi na to, co tu robisz, i ostrzeżenia." in " ".join(page.split())
    answer = browser.post(PAGE, {"way": ["bills:sms"], "since": "22", "until": "6"}, follow=True)
    assert "Zapisano." in answer.content.decode()
    assert set(Choice.objects.values_list("group", "channel", "is_wanted")) == {
        ("bills", "email", False),
        ("bills", "sms", True),
    }
    assert (QuietHours.objects.get().since, QuietHours.objects.get().until) == (22, 6)
    event = Event.objects.get(kind="notifications.choices_changed")
    assert Detail.objects.get(event_id=event.pk).payload == {
        "bills:email": False,
        "bills:sms": True,
        "quiet": [22, 6],
    }
    assert channels(site, client_user, phone="+48600100200") == ["sms", "portal"]
    browser.post(PAGE, {"way": ["bills:sms"], "since": "22", "until": "6"})
    assert Event.objects.filter(kind="notifications.choices_changed").count() == 1
    browser.post(PAGE, {"way": ["bills:sms", "nonsense", "account:email"], "since": "", "until": ""})
    assert (QuietHours.objects.count(), Choice.objects.count()) == (0, 2)


@pytest.mark.parametrize(
    "hours", [("22", ""), ("", "6"), ("7", "7"), ("25", "6"), ("x", "6"), ("\0", "6"), ("-1", "6")]
)
def test_wrong_hours(signed_in: SignIn, client_user: User, hours: tuple[str, str]) -> None:
    """A sentence, and nothing changes."""
    answer = signed_in(client_user).post(PAGE, {"since": hours[0], "until": hours[1]})
    assert answer.status_code == 422
    assert (Choice.objects.count(), QuietHours.objects.count()) == (0, 0)


def test_the_page_needs_sign_in(client: Client) -> None:
    """And comes back."""
    assert client.get(PAGE)["Location"].startswith("/konto/login/")


@pytest.mark.parametrize(
    ("hours", "moment", "until"),
    [
        ((22, 6), "2026-11-02 21:59", None),
        ((22, 6), "2026-11-02 22:00", "2026-11-03 06:00"),
        ((22, 6), "2026-11-03 05:59", "2026-11-03 06:00"),
        ((22, 6), "2026-11-03 06:00", None),
        ((12, 14), "2026-11-03 12:30", "2026-11-03 14:00"),
        ((12, 14), "2026-11-03 14:00", None),
        ((22, 0), "2026-11-03 23:30", "2026-11-04 00:00"),
        ((5, 5), "2026-11-03 05:30", None),
        # The night in which clocks go back: 6:00 is seven hours after 1:00 of summer time.
        ((22, 6), "2026-10-25 01:00", "2026-10-25 06:00"),
        (None, "2026-11-03 23:30", None),
    ],
)
def test_when_quiet_hours_end(hours: tuple[int, int] | None, moment: str, until: str | None) -> None:
    """In the portal's time, over midnight and over the change of clocks."""
    asked = timezone.make_aware(datetime.fromisoformat(moment))
    found = quiet_until(asked, hours)
    assert found == (timezone.make_aware(datetime.fromisoformat(until)) if until else None)


def test_quiet_hours_put_off_what_may_wait(site: Site, client_user: User, gate: Gate) -> None:
    """E-mail and text messages of the person; what is awaited goes at once, and the portal shows all."""
    QuietHours.objects.create(user=client_user, since=22, until=6)
    with time_machine.travel("2026-11-02 23:00:00+01:00", tick=False) as clock:
        send(INVOICE.key, site=site, user=client_user, values=VALUES)
        send(NOTICE.key, site=site, user=client_user)
        deliver_due()
        assert [letter.subject for letter in mail.outbox] == ["Ważne"]
        waiting = Message.objects.get(state=State.WAITING)
        assert waiting.next_try == datetime.fromisoformat("2026-11-03 06:00:00+01:00")
        assert waiting.attempts == 0
        clock.move_to("2026-11-03 06:00:00+01:00")
        deliver_due()
    assert [letter.subject for letter in mail.outbox] == ["Ważne", "Faktura FV/7/2026"]


def test_text_messages_keep_the_sites_hours(site: Site, gate: Gate) -> None:
    """Unless the administrator took them away."""
    MessageSettings.objects.update(sms_quiet_since=21, sms_quiet_until=7)
    with time_machine.travel("2026-11-02 23:00:00+01:00", tick=False):
        (message,) = send(INVOICE.key, site=site, phone="+48600100200", values=VALUES)
        deliver_due()
        assert gate.sent == []
        MessageSettings.objects.update_or_create(
            site=site, defaults={"sms_quiet_since": None, "sms_quiet_until": None}
        )
        Message.objects.update(next_try=timezone.now())
        deliver_due()
    assert len(gate.sent) == 1
    message.refresh_from_db()
    assert message.state == State.SENT


def link_in(letter: Any) -> str:
    """The path of the link to unsubscribe."""
    header = letter.extra_headers["List-Unsubscribe"]
    assert header.startswith("<http")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(header.strip("<>"))
    assert address in letter.body
    return "/konto/" + address.split("/konto/")[1]


def test_one_click_unsubscribes(site: Site, client_user: User) -> None:
    """Without signing in and without a token of a form; opening the link alone changes nothing."""
    browser = Client(enforce_csrf_checks=True)
    send(INVOICE.key, site=site, user=client_user, values=VALUES)
    deliver_due()
    link = link_in(mail.outbox[0])
    assert browser.get(link).status_code == 200
    assert browser.head(link).status_code == 200
    assert "email" in channels(site, client_user)
    for _again in range(2):
        answer = browser.post(link, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert channels(site, client_user) == ["portal"]
    assert Event.objects.filter(kind="notifications.unsubscribed").count() == 1
    browser.post(link, {"do": "again"})
    assert channels(site, client_user) == ["email", "portal"]


def test_an_address_without_an_account_unsubscribes(site: Site, client: Client) -> None:
    """Whatever the case of its letters; other groups still come."""
    send(INVOICE.key, site=site, email="Ktos@Example.org", values=VALUES)
    deliver_due()
    client.post(link_in(mail.outbox[0]))
    assert Refusal.objects.get().address == "ktos@example.org"
    assert send(INVOICE.key, site=site, email="ktos@example.org", values=VALUES) == []
    assert len(send(NOTICE.key, site=site, email="ktos@example.org")) == 1


def test_a_duty_offers_no_way_out(site: Site, client_user: User) -> None:
    """Neither in the letter nor for mail programs."""
    Choice.objects.create(user=client_user, group="account", channel="email", is_wanted=False)
    send(NOTICE.key, site=site, user=client_user)
    deliver_due()
    (letter,) = mail.outbox
    assert "List-Unsubscribe" not in letter.extra_headers
    assert "bez-listow" not in str(letter.body)


@pytest.mark.parametrize("change", ["x", "u1.bills.0", "u1.bills", "..", "u1.bills." + "0" * 32, "ą.bills.1"])
def test_strange_links(client: Client, change: str, db: None) -> None:
    """404, and nothing is stopped."""
    assert client.post(f"/konto/bez-listow/{change}/").status_code == 404
    assert (Choice.objects.count(), Refusal.objects.count()) == (0, 0)


def test_tokens_are_sealed(settings: Any) -> None:
    """For one person and one group; an older secret still counts while it is kept."""
    token = token_for(MessageGroup.BILLS, user_id=7)
    with pytest.raises(WrongLink):
        read_token(token.replace("u7", "u8"))
    with pytest.raises(WrongLink):
        read_token(token.replace("bills", "outages"))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" * 10
    assert read_token(token).user_id == 7
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(WrongLink):
        read_token(token)
