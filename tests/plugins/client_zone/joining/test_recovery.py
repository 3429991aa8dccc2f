"""New sign-in data with an invoice, a mailbox and a letter (B04)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.utils import timezone

from ebok.accounts import roles
from ebok.accounts.models import User
from ebok.billing.models import Invoice
from ebok.customers.access import accesses_of, give_access, revoke_access
from ebok.customers.models import Customer
from ebok.journal.models import Event
from ebok.testing import mirror
from ebok.testing.people import PASSWORD, person
from ebok_plugins.client_zone.models import AccessLetter, Claim, ClaimState
from tests.plugins.client_zone.joining.conftest import CODE, GOOD, Newcomer, link_in, url

OLD = "stara@example.org"


@pytest.fixture
def holder(invoice: Invoice) -> User:
    """The customer's account holder, who no longer reads the mailbox."""
    user = person(OLD)
    EmailAddress.objects.create(user=user, email=OLD, verified=True, primary=True)
    give_access(invoice.customer, user)
    return user


def begin(newcomer: Newcomer, **typed: str) -> str:
    """Both steps; the link of the letter to the new mailbox."""
    newcomer.show_invoice("recover", **{"old_email": OLD, **typed})
    newcomer.choose()
    letter = mail.outbox[-1]
    assert letter.to == [newcomer.email]
    return link_in(letter)


def with_letter(newcomer: Newcomer, place: str, code: str = CODE) -> str:
    """Type a code on the page of the claim; where that leads, or ""."""
    return newcomer.client.post(place, {"letter_code": code}).get("Location", "")


@pytest.mark.feature("B04")
def test_a_new_mailbox_by_invoice_and_letter(
    newcomer: Newcomer, holder: User, customer: Customer, make_letter: Callable[..., AccessLetter]
) -> None:
    """The old mailbox hears twice, old sessions end, the old password and mailbox no longer open anything."""
    old_browser = Client()
    old_browser.post("/konto/login/", {"login": OLD, "password": PASSWORD})
    assert UserSession.objects.filter(user=holder).count() == 1
    answer = newcomer.confirm(begin(newcomer))
    place = answer["Location"]
    assert place.startswith("/rejestracja/odzyskanie/")
    assert {letter.to[0] for letter in mail.outbox[-2:]} == {OLD, newcomer.email}
    kept = next(letter for letter in mail.outbox if letter.to == [newcomer.email] and place in letter.body)
    assert kept
    holder.refresh_from_db()
    assert holder.email == OLD  # nothing has changed yet
    newcomer.client.post(place, {"do": "letter"})
    assert AccessLetter.objects.filter(claim__user=holder).count() == 1
    make_letter(customer)
    assert with_letter(newcomer, place, "WWWW-WWWW-WWWW") == ""
    assert with_letter(newcomer, place) == "/konto/login/"
    assert mail.outbox[-1].to == [OLD]
    holder.refresh_from_db()
    assert holder.email == newcomer.email
    assert holder.check_password(GOOD)
    assert list(EmailAddress.objects.filter(user=holder).values_list("email", "verified", "primary")) == [
        (newcomer.email, True, True)
    ]
    assert not UserSession.objects.filter(user=holder).exists()
    assert old_browser.get("/moje-konto/").status_code == 302
    assert Client().post("/konto/login/", {"login": OLD, "password": PASSWORD}).status_code == 200
    answer = Client().post("/konto/login/", {"login": newcomer.email, "password": GOOD})
    assert answer.status_code == 302
    assert accesses_of(holder).get().customer == customer
    assert Event.objects.filter(kind="client_zone.credentials_recovered").count() == 1
    assert newcomer.client.get(place).status_code == 404
    assert not Claim.objects.exclude(new_password="").exists()


@pytest.mark.feature("B04")
def test_who_still_reads_the_mailbox_needs_no_letter(newcomer: Newcomer, holder: User) -> None:
    """The invoice and the letter to the old mailbox are both proofs."""
    newcomer.email = OLD
    assert newcomer.confirm(begin(newcomer))["Location"] == "/konto/login/"
    holder.refresh_from_db()
    assert holder.check_password(GOOD)
    assert not Claim.objects.exists()


def test_the_second_factor_stays(newcomer: Newcomer, holder: User) -> None:
    """A stolen letter alone opens no account that has one."""
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=holder, type=Authenticator.Type.TOTP, data={"secret": "x"})
    newcomer.email = OLD
    newcomer.confirm(begin(newcomer))
    answer = Client().post("/konto/login/", {"login": OLD, "password": GOOD})
    assert "/2fa/" in answer["Location"]


@pytest.mark.parametrize("reason", ["stranger", "nobody", "delegate", "revoked", "staff", "inactive"])
@pytest.mark.feature("B04")
def test_accounts_that_are_not_recovered(newcomer: Newcomer, invoice: Invoice, reason: str) -> None:
    """The letter to the new mailbox holds no link, and nothing else happens."""
    if reason != "nobody":
        user = person(OLD, groups=[roles.EMPLOYEES] if reason == "staff" else [])
        if reason != "stranger":
            access = give_access(invoice.customer, user, role="tenant" if reason == "delegate" else "owner")
            if reason == "revoked":
                revoke_access(access)
        if reason == "inactive":
            User.objects.filter(pk=user.pk).update(is_active=False)
    assert "/potwierdz/" not in begin(newcomer)
    assert len(mail.outbox) == 1


def test_a_mailbox_of_another_account_is_no_new_mailbox(newcomer: Newcomer, holder: User) -> None:
    person(newcomer.email)
    assert "/potwierdz/" not in begin(newcomer)


def test_an_account_with_several_contracts_is_for_the_office(
    newcomer: Newcomer,
    holder: User,
    customer: Customer,
    make_letter: Callable[..., AccessLetter],
    verifier: User,
    as_user: Callable[..., Client],
) -> None:
    """One letter to one address must not open the others; an employee may approve."""
    give_access(mirror.customer(), holder)
    place = newcomer.confirm(begin(newcomer))["Location"]
    letter = make_letter(customer)
    assert with_letter(newcomer, place) == ""
    letter.refresh_from_db()
    assert letter.used_at is None
    holder.refresh_from_db()
    assert holder.email == OLD
    claim = Claim.objects.get()
    decide = url("verify", "employee", claim=claim.public_id)
    page = as_user(verifier).get(decide).content.decode()
    assert newcomer.email in page
    assert OLD in page
    as_user(verifier).post(decide, {"do": "approve"})
    holder.refresh_from_db()
    assert (holder.email, holder.check_password(GOOD)) == (newcomer.email, True)


def test_a_mailbox_that_was_taken_meanwhile(
    newcomer: Newcomer, holder: User, customer: Customer, make_letter: Callable[..., AccessLetter]
) -> None:
    """Words, no 500; the letter's code stays good."""
    place = newcomer.confirm(begin(newcomer))["Location"]
    person(newcomer.email)
    letter = make_letter(customer)
    assert with_letter(newcomer, place) == ""
    letter.refresh_from_db()
    assert letter.used_at is None
    assert Claim.objects.get().state == ClaimState.WAITING
    holder.refresh_from_db()
    assert holder.email == OLD


def test_another_browser_must_know_the_new_password(newcomer: Newcomer, holder: User) -> None:
    link = begin(newcomer)
    elsewhere = Newcomer(Client())
    assert elsewhere.confirm(link).status_code == 200
    assert elsewhere.confirm(link, password=GOOD)["Location"].startswith("/rejestracja/odzyskanie/")


def test_tokens_are_not_kept_and_end(newcomer: Newcomer, holder: User) -> None:
    place = newcomer.confirm(begin(newcomer))["Location"]
    token = re.search(r"odzyskanie/([^/]+)/", place)
    assert token
    assert not Claim.objects.filter(token_hash=token[1]).exists()
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        assert newcomer.client.get(place).status_code == 404
        assert with_letter(newcomer, place) == ""


def test_codes_for_a_claim_are_limited(newcomer: Newcomer, holder: User) -> None:
    place = newcomer.confirm(begin(newcomer))["Location"]
    with time_machine.travel(timezone.now(), tick=False):
        answers = [
            newcomer.client.post(place, {"letter_code": f"WWWW-WWWW-WWW{number}"}).status_code
            for number in range(6)
        ]
    assert answers == [200] * 5 + [429]
