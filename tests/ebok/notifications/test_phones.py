"""A person's own number for text messages: given, proven, used, removed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.accounts.signals import account_deleted
from ebok.journal.models import Detail, Event
from ebok.notifications import phones
from ebok.notifications.delivery import deliver_due
from ebok.notifications.message_kinds import message_kinds
from ebok.notifications.models import Choice, Message, Phone, State
from ebok.notifications.services import send
from ebok.ports import MessageKind
from ebok.testing.people import person
from tests.ebok.notifications.conftest import INVOICE, Gate
from tests.ebok.notifications.test_mailing import begin

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PAGE, PHONE = "/konto/powiadomienia/", "/konto/powiadomienia/telefon/"


@pytest.fixture(autouse=True)
def own_kinds(kinds: list[MessageKind], settings: Any) -> None:
    """The letter with the code is declared, and nothing was counted before."""
    kinds += message_kinds
    cache.clear()


@pytest.fixture
def browser(signed_in: SignIn, client_user: User) -> Client:
    """The person, signed in."""
    return signed_in(client_user)


def press(browser: Client, what: str, **typed: str) -> Any:
    """Press a button of the page."""
    return browser.post(PHONE, {"do": what, **typed})


def code_of(gate: Gate) -> str:
    """The code in the last text message."""
    deliver_due()
    found = re.match(r"[0-9]{6}", gate.sent[-1][1])
    assert found is not None
    return found[0]


@pytest.mark.feature("D09")
def test_a_number_is_proven_and_used(browser: Client, client_user: User, gate: Gate, site: Site) -> None:
    """From the form to an invoice by text message, before the number of the contract."""
    assert press(browser, "send", number="600 100 200").status_code == 302
    page = browser.get(PAGE).content.decode()
    assert "+48600100200" in page
    assert 'name="code"' in page
    Choice.objects.create(user=client_user, group=INVOICE.group, channel="sms", is_wanted=True)
    values = {"number": "1", "amount": "2"}
    before = send(INVOICE.key, site=site, user=client_user, values=values)
    assert "sms" not in {message.channel for message in before}, "not before it is proven"
    assert press(browser, "confirm", code=f" {code_of(gate)[:3]} {code_of(gate)[3:]} ").status_code == 302
    assert gate.sent[0][0] == "+48600100200"
    phone = Phone.objects.get()
    assert (phone.number, phone.pending, phone.code_hash) == ("+48600100200", "", "")
    for given in ("", "+48700000000"):
        made = send(INVOICE.key, site=site, user=client_user, phone=given, values=values)
        assert [m.address for m in made if m.channel == "sms"] == ["+48600100200"]
    events = Event.objects.filter(kind__startswith="notifications.phone").order_by("pk")
    assert [event.kind.split(".")[1] for event in events] == ["phone_code_sent", "phone_verified"]
    assert not Detail.objects.filter(text__contains="600100").exists()


def test_the_code_is_kept_nowhere(browser: Client, gate: Gate) -> None:
    """Neither in the outbox once it is sent, nor in the row of the number."""
    press(browser, "send", number="600100200")
    code = code_of(gate)
    message = Message.objects.get()
    assert (message.state, message.body, message.values) == (State.SENT, "", {})
    assert code not in str(Phone.objects.values())


def test_mailings_use_it(client_user: User, gate: Gate, site: Site) -> None:
    """Whether or not the mailing brings numbers along."""
    people = [person(f"osoba{number}@example.org") for number in range(3)]
    for user in people:
        Choice.objects.create(user=user, group=INVOICE.group, channel="sms", is_wanted=True)
    Phone.objects.create(user=people[0], number="+48700700700", verified_at=timezone.now())
    Phone.objects.create(user=people[1], pending="+48800800800")
    begin(site)
    addresses = Message.objects.filter(channel="sms").order_by("user_id").values_list("address", flat=True)
    assert list(addresses) == ["+48700700700", "+48600100200", "+48600100200"]


@pytest.mark.parametrize("typed", ["", "abc", "12345", "+48", "600100200600100200600100200", "\0", "112"])
def test_what_is_no_number(browser: Client, gate: Gate, typed: str) -> None:
    """A sentence at the field; nothing is sent."""
    answer = press(browser, "send", number=typed)
    assert answer.status_code == 422
    assert "govuk-error-message" in answer.content.decode()
    assert not Event.objects.filter(kind__contains="phone").exists()
    assert (Phone.objects.count(), Message.objects.count()) == (0, 0)


def test_wrong_codes_run_out(browser: Client, gate: Gate) -> None:
    """Five tries; then the right one is of no use either."""
    press(browser, "send", number="600100200")
    code = code_of(gate)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _time in range(phones.TRIES):
        assert press(browser, "confirm", code=wrong).status_code == 422
    assert press(browser, "confirm", code=code).status_code == 422
    assert Phone.objects.get().number == ""
    press(browser, "send", number="600100200")
    assert press(browser, "confirm", code=code_of(gate)).status_code == 302
    assert Phone.objects.get().number == "+48600100200"


def test_a_code_grows_old(browser: Client, gate: Gate) -> None:
    """After a quarter of an hour."""
    press(browser, "send", number="600100200")
    code = code_of(gate)
    with time_machine.travel(timezone.now() + phones.CODE_LIVES + timedelta(seconds=1)):
        assert press(browser, "confirm", code=code).status_code == 422
    assert Phone.objects.get().number == ""


def test_a_code_belongs_to_its_number(browser: Client, gate: Gate) -> None:
    """An earlier code does not prove another number, and what waits of it is called off."""
    press(browser, "send", number="600100200")
    first = code_of(gate)
    press(browser, "send", number="700100200")
    press(browser, "send", number="800100200")
    assert Message.objects.filter(state=State.CANCELLED, values={}, body="").count() == 1
    assert press(browser, "confirm", code=first).status_code == 422
    press(browser, "confirm", code=code_of(gate))
    assert Phone.objects.get().number == "+48800100200"


def test_codes_are_limited(browser: Client, gate: Gate, signed_in: SignIn) -> None:
    """By person, and by number, so that nobody is rung up by many accounts."""
    for _time in range(phones.CODES_OF_PERSON):
        assert press(browser, "send", number="600100200").status_code == 302
    answer = press(browser, "send", number="700100200")
    assert answer.status_code == 422
    assert "Spróbuj za godzinę" in answer.content.decode()
    other = signed_in(person("inny@example.org"))
    assert press(other, "send", number="600100200").status_code == 422
    assert not Phone.objects.filter(user__email="inny@example.org").exists()
    assert Message.objects.exclude(state=State.CANCELLED).count() == 1


def test_a_proven_number_stays_until_the_new_one_is(browser: Client, client_user: User, gate: Gate) -> None:
    """And giving the change up leaves it; without one nothing is left."""
    Phone.objects.create(user=client_user, number="+48600100200", verified_at=timezone.now())
    press(browser, "send", number="700100200")
    assert Phone.objects.get().number == "+48600100200"
    press(browser, "cancel")
    phone = Phone.objects.get()
    assert (phone.number, phone.pending, phone.code_hash) == ("+48600100200", "", "")
    assert press(browser, "confirm", code="000000").status_code == 422
    Phone.objects.update(number="", pending="+48700100200")
    press(browser, "cancel")
    assert not Phone.objects.exists()


def test_it_is_removed(browser: Client, client_user: User, gate: Gate, signed_in: SignIn) -> None:
    """One's own, with one event; somebody else's stays; twice is once."""
    Phone.objects.create(user=client_user, number="+48600100200", verified_at=timezone.now())
    press(signed_in(person("inny@example.org")), "remove")
    assert Phone.objects.count() == 1
    for _time in range(2):
        assert press(browser, "remove").status_code == 302
    assert not Phone.objects.exists()
    assert Event.objects.filter(kind="notifications.phone_removed").count() == 1


def test_without_a_gate_nothing_is_offered(
    browser: Client, client_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence in place of the form; a number given before can still be removed."""
    monkeypatch.setattr("ebok.notifications.phones.channel_for", lambda medium, site: None)
    Phone.objects.create(user=client_user, number="+48600100200", verified_at=timezone.now())
    page = browser.get(PAGE).content.decode()
    assert "Nie wysyłamy teraz SMS-ów" in page
    assert 'value="send"' not in page
    assert 'value="remove"' in page
    assert press(browser, "send", number="700100200").status_code == 302
    assert Phone.objects.get().pending == ""
    assert not Message.objects.exists()


def test_erased_with_the_person(browser: Client, client_user: User, gate: Gate) -> None:
    """The number, and the address of the code."""
    press(browser, "send", number="600100200")
    account_deleted.send(User, user=client_user)
    assert not Phone.objects.exists()
    message = Message.objects.get()
    assert (message.state, message.address, message.body) == (State.CANCELLED, "", "")


def test_strangers_and_strange_buttons(client: Client, browser: Client) -> None:
    """Sign-in first; what is no button is not there."""
    assert client.post(PHONE, {"do": "remove"})["Location"].startswith("/konto/login/")
    assert press(browser, "explode").status_code == 404
    assert browser.get(PHONE)["Location"] == PAGE
