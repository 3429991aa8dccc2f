"""The links of registration: once, for a day, for whoever knows the password, in their order."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from ebok.accounts.models import User
from ebok.billing.models import Invoice
from ebok.notifications.models import Message
from ebok.testing.letters import sent_letters
from ebok_plugins.client_zone.models import Registration
from tests.plugins.client_zone.joining.conftest import GOOD, Newcomer, link_in, url

FRONT = "/moje-konto/"


def test_another_browser_must_know_the_password(newcomer: Newcomer, invoice: Invoice) -> None:
    """So a stranger who registers my mailbox gets no account that I confirm and the stranger opens."""
    link = newcomer.register()
    elsewhere = Newcomer(Client())
    assert elsewhere.client.get(link).context["needs_password"]
    assert elsewhere.confirm(link).status_code == 200
    assert elsewhere.confirm(link, password="Nie-to-haslo-wcale-1").status_code == 200
    assert not User.objects.filter(email=newcomer.email).exists()
    assert elsewhere.confirm(link, password=GOOD)["Location"] == FRONT


def test_five_wrong_passwords_end_the_link(newcomer: Newcomer, invoice: Invoice) -> None:
    link = newcomer.register()
    elsewhere = Newcomer(Client())
    for _number in range(5):
        elsewhere.confirm(link, password="Nie-to-haslo-wcale-1")
    assert elsewhere.confirm(link, password=GOOD).status_code == 404
    assert newcomer.confirm(link).status_code == 404
    assert not User.objects.filter(email=newcomer.email).exists()


def test_a_link_works_once_and_for_a_day(newcomer: Newcomer, invoice: Invoice) -> None:
    link = newcomer.register()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert newcomer.client.get(link).status_code == 404
        assert newcomer.confirm(link).status_code == 404
    newcomer.confirm(link)
    replay = Newcomer(Client())
    assert replay.client.get(link).status_code == 404
    assert replay.confirm(link, password=GOOD).status_code == 404
    assert User.objects.filter(email=newcomer.email).count() == 1


def test_the_link_is_not_in_the_database(newcomer: Newcomer, invoice: Invoice) -> None:
    token = newcomer.register().split("/")[-2]
    kept = json.dumps(list(Registration.objects.values()), default=str)
    assert token not in kept
    assert GOOD not in kept


def test_steps_in_the_wrong_order_lead_to_the_beginning(newcomer: Newcomer, invoice: Invoice) -> None:
    assert newcomer.client.get(url("account"))["Location"] == url("start")
    assert newcomer.choose()["Location"] == url("start")
    newcomer.show_invoice()
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert newcomer.choose()["Location"] == url("start")
    newcomer.show_invoice()
    assert newcomer.choose()["Location"] == url("check_mail")
    assert newcomer.choose()["Location"] == url("start")
    assert len(mail.outbox) == 1


def test_weak_and_different_passwords_are_refused_with_words(newcomer: Newcomer, invoice: Invoice) -> None:
    newcomer.show_invoice()
    assert newcomer.choose(password="krótkie", again="krótkie").context["form"].errors["password"]
    assert newcomer.choose(again="Inne-haslo-wcale-nie-to").context["form"].errors["again"]
    assert newcomer.choose(password="zofia@example.org", again="zofia@example.org").status_code == 200
    assert not Registration.objects.exists()


def test_a_mail_server_that_is_down_delays_the_letter(
    newcomer: Newcomer, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(mail.EmailMessage, "send", fail)
        for wrong in ({"code": "K-999999"}, {}):
            newcomer.show_invoice(**wrong)
            assert newcomer.choose()["Location"] == url("check_mail")
    assert mail.outbox == []
    Message.objects.update(next_try=timezone.now())
    letters = sent_letters()
    assert len(letters) == 2
    assert newcomer.confirm(link_in(letters[1])).status_code == 302
    assert "{" not in letters[0].body + letters[1].body
    assert Message.objects.get(kind="client_zone.confirm_address").url == ""
