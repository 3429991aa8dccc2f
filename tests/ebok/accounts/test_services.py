"""What staff do to accounts: make, lock, unlock, delete, send a link to a new password."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core.mail import EmailMessage
from django.test import Client, RequestFactory
from django.utils import timezone

from ebok.accounts import roles, services, signals
from ebok.accounts.models import User
from ebok.accounts.rules import Refusal
from ebok.accounts.services import Refused
from ebok.journal.models import Detail, Event
from ebok.notifications.models import Message
from ebok.testing.letters import sent_letters
from ebok.testing.people import PASSWORD, person
from tests.ebok.accounts.test_sign_in import journal, sign_in

pytestmark = pytest.mark.django_db
NEW = "Zupelnie-Nowe-8"


def texts(kind: str) -> list[str]:
    return [text for _who, text, _payload in journal(kind)]


# Making -----------------------------------------------------------------------------------


@pytest.mark.feature("K06")
def test_a_new_person_sets_a_password_by_the_letter_and_signs_in(client: Client, administrator: User) -> None:
    user = services.create_account(
        " Nowa@Example.ORG ", first_name=" Nowa ", groups=[roles.EMPLOYEES], actor=administrator
    )
    assert (user.email, user.first_name, user.has_usable_password()) == ("Nowa@example.org", "Nowa", False)
    assert [group.name for group in user.groups.all()] == [roles.EMPLOYEES]
    assert journal("account_made") == [
        (administrator.pk, "Założenie konta: Nowa@example.org", {"groups": [roles.EMPLOYEES]})
    ]
    [letter] = sent_letters()
    assert letter.to == ["Nowa@example.org"]
    [link] = re.findall(r"http://localhost:8000(/konto/password/reset/key/\S+)", str(letter.body))
    form = client.get(link)["Location"]
    assert client.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    # The letter reached the mailbox, so no second letter has to confirm it.
    assert sign_in(client, "nowa@example.org", NEW)["Location"] == "/konto/"
    assert client.get(link, follow=True).context["token_fail"], "the link works once"


@pytest.mark.parametrize("taken", ["klient@example.org", "KLIENT@EXAMPLE.ORG"])
def test_one_address_gets_no_second_account(client_user: User, administrator: User, taken: str) -> None:
    with pytest.raises(Refused, match="już istnieje") as refused:
        services.create_account(taken, actor=administrator)
    assert refused.value.code == Refusal.TAKEN
    assert User.objects.count() == 2
    assert journal("account_made") == []


@pytest.mark.parametrize("wrong", ["", "x", "a@b", "\x00@example.org", "a" * 300 + "@example.org"])
def test_what_is_no_address_makes_no_account(administrator: User, wrong: str) -> None:
    with pytest.raises(Refused) as refused:
        services.create_account(wrong, actor=administrator)
    assert refused.value.code == Refusal.ADDRESS
    assert User.objects.count() == 1


def test_an_unknown_group_undoes_everything(administrator: User) -> None:
    with pytest.raises(Group.DoesNotExist):
        services.create_account("a@example.org", groups=["Nie ma takiej"], actor=administrator)
    assert not User.objects.filter(email="a@example.org").exists()


def test_a_mail_server_that_is_down_loses_no_account(
    administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_arguments: Any) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", down)
        services.create_account("a@example.org", actor=administrator)
        assert sent_letters() == []
    assert User.objects.filter(email="a@example.org").exists()
    Message.objects.update(next_try=timezone.now())
    assert [letter.to for letter in sent_letters()] == [["a@example.org"]]


# Locking ----------------------------------------------------------------------------------


@pytest.fixture
def verified(client_user: User) -> User:
    EmailAddress.objects.create(user=client_user, email=client_user.email, verified=True, primary=True)
    return client_user


def inside(client: Client) -> bool:
    return client.get("/konto/")["Location"].startswith("/moje-konto/")


@pytest.fixture
def zone(enable: Callable[..., None]) -> None:
    enable("client_zone")


def test_a_locked_person_is_out_everywhere_and_does_not_get_in(
    zone: None, verified: User, administrator: User
) -> None:
    first, second = Client(), Client()
    for browser in (first, second):
        sign_in(browser, verified.email, PASSWORD)
        assert inside(browser)
    services.lock_account(verified, reason=" Zgłoszenie 17 ", actor=administrator)
    services.lock_account(verified, reason="Drugi raz", actor=administrator)
    for browser in (first, second):
        assert not inside(browser)
    user = User.objects.get(pk=verified.pk)
    assert (user.is_active, user.lock_reason, user.locked_at is None) == (False, "Zgłoszenie 17", False)
    assert texts("account_locked") == ["Zablokowanie konta: klient@example.org. Powód: Zgłoszenie 17"]
    assert [payload["manner"] for _who, _text, payload in journal("signed_out")] == ["revoked", "revoked"]
    assert {who for who, _text, _payload in journal("signed_out")} == {administrator.pk}
    sign_in(first, verified.email, PASSWORD)
    assert not inside(first)
    services.unlock_account(verified, actor=administrator)
    services.unlock_account(verified, actor=administrator)
    assert texts("account_unlocked") == ["Odblokowanie konta: klient@example.org"]
    assert not inside(second), "an ended session does not come back"
    sign_in(first, verified.email, PASSWORD)
    assert inside(first)


def test_a_lock_needs_a_reason(verified: User, administrator: User) -> None:
    with pytest.raises(Refused, match="Podaj powód"):
        services.lock_account(verified, reason="  ", actor=administrator)
    assert User.objects.get(pk=verified.pk).is_active


@pytest.mark.feature("K13")
@pytest.mark.parametrize("service", [services.lock_account, services.delete_account])
def test_nobody_shuts_out_those_above_or_the_last_one(
    service: Any, administrator: User, superuser: User
) -> None:
    other = person("drugi@example.org", is_superuser=True)

    def refused(user: User, actor: User | str) -> str:
        with pytest.raises(Refused) as error:
            service(user, reason="Powód", actor=actor)
        assert User.objects.get(pk=user.pk).is_active
        return error.value.code

    assert refused(superuser, administrator) == Refusal.ABOVE_YOU
    if service is services.lock_account:
        assert refused(superuser, superuser) == Refusal.YOURSELF
    service(other, reason="Powód", actor=superuser)
    assert refused(superuser, "zegar") == Refusal.LAST_ONE


# Deleting ---------------------------------------------------------------------------------


@pytest.mark.feature("K11")
def test_deleting_forgets_the_person_and_keeps_the_row(
    verified: User, administrator: User, rf: RequestFactory
) -> None:
    browser = Client()
    sign_in(browser, verified.email, PASSWORD)
    Authenticator.objects.create(user=verified, type="totp", data={"secret": "x"})
    told: list[str] = []

    def listen(sender: object, user: User, **_kwargs: Any) -> None:
        told.append(user.email)

    signals.account_deleted.connect(listen)
    try:
        services.delete_account(verified, reason="Wniosek klienta", actor=administrator, request=rf.get("/"))
    finally:
        signals.account_deleted.disconnect(listen)
    assert told == ["klient@example.org"], "rooms above still see whose account it was"
    user = User.objects.get(pk=verified.pk)
    assert (user.first_name, user.last_name, user.is_active, user.has_usable_password()) == (
        "",
        "",
        False,
        False,
    )
    assert user.email == f"{user.public_id}@deleted.invalid"
    for model in (EmailAddress, Authenticator, UserSession):
        assert not model.objects.filter(user=user).exists()
    assert not user.groups.exists()
    said = str(list(Detail.objects.values_list("text", "payload", "actor_label")))
    assert "klient@example.org" not in said
    assert "Anna" not in said
    [event] = Event.objects.filter(kind="accounts.account_deleted")
    assert (event.actor_id, event.object_id) == (administrator.pk, str(user.pk))
    assert Detail.objects.get(pk=event.pk).text == (
        f"Usunięcie konta numer {user.pk}. Powód: Wniosek klienta"
    )
    with pytest.raises(Refused, match="usunięte"):
        services.unlock_account(user, actor=administrator)
    again = services.create_account("klient@example.org", actor=administrator)
    assert again.pk != user.pk, "the address is free"


def test_a_person_closes_their_own_account(verified: User) -> None:
    services.delete_account(verified, reason="Nie korzystam", actor=verified)
    assert User.objects.get(pk=verified.pk).deleted_at
    [(_who, _text, payload)] = journal("account_deleted")
    assert payload == {"reason": "Nie korzystam", "own_wish": True}


# A new password ---------------------------------------------------------------------------


@pytest.mark.feature("K09")
def test_staff_send_a_link_and_the_old_password_works_until_it_is_used(
    verified: User, administrator: User, rf: RequestFactory
) -> None:
    User.objects.filter(pk=verified.pk).update(language="en")
    browser = Client()
    sign_in(browser, verified.email, PASSWORD)
    services.send_password_reset(verified, actor=administrator, request=rf.post("/"))
    assert texts("password_reset_sent") == ["Wysłanie linku do nowego hasła na adres klient@example.org"]
    [letter] = sent_letters()
    assert letter.subject == "Set a new password"
    [link] = re.findall(r"http://testserver(/en/konto/password/reset/key/\S+)", str(letter.body))
    # A sign-in would make the link one of before the last sign-in, and those are dead.
    assert User.objects.get(pk=verified.pk).check_password(PASSWORD)
    other = Client()
    form = other.get(link)["Location"]
    other.post(form, {"password1": NEW, "password2": NEW})
    assert User.objects.get(pk=verified.pk).check_password(NEW)
    assert "/konto/login/" in browser.get("/konto/")["Location"], "whoever had the old password is out"


@pytest.mark.feature("K10")
def test_only_a_superadministrator_resets_a_superadministrator(administrator: User, superuser: User) -> None:
    with pytest.raises(Refused):
        services.send_password_reset(superuser, actor=administrator, request=None)
    assert sent_letters() == []
    assert journal("password_reset_sent") == []
