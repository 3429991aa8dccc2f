"""From an invoice to an account: the steps, the second proof, links, letters, and what goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from ebok.accounts.models import User
from ebok.billing.models import Invoice
from ebok.customers.access import accesses_of, give_access
from ebok.customers.models import EVERYTHING, AccessWay, Customer, CustomerAccess
from ebok.journal.models import Detail, Event
from ebok.testing import mirror
from ebok.testing.people import person
from ebok_plugins.client_zone.models import AccessLetter, Claim, JoiningSettings, Registration
from tests.plugins.client_zone.joining.conftest import (
    AMOUNT,
    CODE,
    GOOD,
    Gate,
    Newcomer,
    claimed,
    link_in,
    url,
)

FRONT = "/moje-konto/"


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


# The way through ---------------------------------------------------------------------------


@pytest.mark.feature("B02", "B03", "B05")
def test_from_an_invoice_to_the_whole_history(newcomer: Newcomer, invoice: Invoice) -> None:
    """Two steps, one letter, one button: signed in, with everything the customer has."""
    link = newcomer.register()
    assert not User.objects.filter(email=newcomer.email).exists()
    assert newcomer.client.get(link).status_code == 200
    assert not User.objects.filter(email=newcomer.email).exists()  # mail programs open links, too
    answer = newcomer.confirm(link)
    assert (answer.status_code, answer["Location"]) == (302, FRONT)
    user = User.objects.get(email=newcomer.email)
    assert user.check_password(GOOD)
    assert user.groups.filter(name="CLIENTS").exists()
    assert EmailAddress.objects.get(user=user).verified
    access = accesses_of(user).get()
    assert (access.customer, access.role, access.scopes) == (invoice.customer, "owner", EVERYTHING)
    assert access.way == AccessWay.REGISTRATION
    page = newcomer.client.get(FRONT)
    assert page.status_code == 200
    assert "K-000777" in page.content.decode()
    assert {"client_zone.registered", "customers.access_given", "accounts.signed_in"} <= set(kinds())


def test_the_new_account_signs_in_as_any_other(newcomer: Newcomer, invoice: Invoice) -> None:
    newcomer.confirm(newcomer.register())
    answer = Client().post("/konto/login/", {"login": newcomer.email.upper(), "password": GOOD})
    assert answer.status_code == 302


@pytest.mark.parametrize("amount", ["412,55", "412.55", " 412,55 zł ", "412,55 PLN"])
@pytest.mark.feature("B02")
def test_amounts_as_people_write_them(newcomer: Newcomer, invoice: Invoice, amount: str) -> None:
    assert "/potwierdz/" in newcomer.register(amount=amount)


def test_codes_in_small_letters_with_spaces_around(newcomer: Newcomer, invoice: Invoice) -> None:
    assert "/potwierdz/" in newcomer.register(code=" k-000777 ", number="fv/2026/000777")


def test_an_amount_that_is_none_is_refused_with_words(newcomer: Newcomer) -> None:
    answer = newcomer.show_invoice(amount="dużo")
    assert answer.status_code == 200
    assert answer.context["form"].errors["amount"]
    assert "Błąd:" in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "K-999999"},
        {"number": "FV/2026/000778"},
        {"amount": "412,56"},
        {"amount": "-412,55"},
    ],
)
@pytest.mark.feature("B02")
def test_what_does_not_fit_leads_to_a_letter_without_a_link(
    newcomer: Newcomer, invoice: Invoice, wrong: dict[str, str]
) -> None:
    link = newcomer.register(**wrong)
    assert "/potwierdz/" not in link
    assert mail.outbox[-1].to == [newcomer.email]
    assert Registration.objects.get().customer is None


def test_an_invoice_of_somebody_else_does_not_fit(newcomer: Newcomer, invoice: Invoice) -> None:
    other = mirror.customer(code="K-000778")
    mirror.invoice(other, AMOUNT, invoice.issued_on, number="FV/2026/000778")
    assert "/potwierdz/" not in newcomer.register(number="FV/2026/000778")


def test_cancelled_and_old_invoices_prove_nothing(newcomer: Newcomer, invoice: Invoice) -> None:
    Invoice.objects.filter(pk=invoice.pk).update(is_cancelled=True)
    assert "/potwierdz/" not in newcomer.register()
    old = timezone.localdate() - timedelta(days=31 * 24 + 1)
    Invoice.objects.filter(pk=invoice.pk).update(is_cancelled=False, issued_on=old)
    assert "/potwierdz/" not in newcomer.register()
    JoiningSettings.objects.update(invoice_months=0)
    assert "/potwierdz/" in newcomer.register()


def test_a_utility_may_close_registration_by_invoice(newcomer: Newcomer, invoice: Invoice) -> None:
    newcomer.client.get(url("start"))
    JoiningSettings.objects.update(invoices_open=False)
    assert newcomer.client.get(url("invoice")).status_code == 404
    assert newcomer.show_invoice().status_code == 404
    page = newcomer.client.get(url("start")).content.decode()
    assert url("invoice") not in page
    assert url("letter") in page


# The second proof -----------------------------------------------------------------------------


@pytest.mark.feature("B05")
def test_the_mailbox_of_the_billing_data_needs_no_second_proof(
    newcomer: Newcomer, invoice: Invoice, known_mailbox: Customer
) -> None:
    newcomer.email = "Zofia@LIS.example"
    assert newcomer.confirm(newcomer.register())["Location"] == FRONT
    assert accesses_of(User.objects.get(email="zofia@lis.example")).count() == 1


@pytest.mark.feature("B05")
def test_another_mailbox_needs_the_code_from_a_letter(
    newcomer: Newcomer, invoice: Invoice, known_mailbox: Customer, make_letter: Callable[..., AccessLetter]
) -> None:
    claim = claimed(newcomer)
    place = url("claim", "client", claim=claim.public_id)
    page = newcomer.client.get(place).content.decode()
    assert "telefon" not in page  # no gate, so only the letter is offered
    assert "Zofia Lis" not in page
    newcomer.client.post(place, {"do": "letter"})
    newcomer.client.post(place, {"do": "letter"})
    assert AccessLetter.objects.filter(claim=claim).count() == 1
    letter = make_letter(known_mailbox)
    wrong = newcomer.client.post(place, {"do": "letter_code", "letter_code": "WWWW-WWWW-WWWW"})
    assert wrong.status_code == 200
    assert wrong.context["letter_form"].errors
    answer = newcomer.client.post(place, {"do": "letter_code", "letter_code": "abcd-efgh-jkmn"})
    assert answer["Location"] == FRONT
    assert accesses_of(claim.user).get().way == AccessWay.LETTER
    letter.refresh_from_db()
    assert letter.used_by == claim.user
    assert newcomer.client.get(place).status_code == 404
    waiting = AccessLetter.objects.get(claim=claim)
    assert waiting.cancelled_at is not None  # need not be printed any more


@pytest.mark.feature("B05")
def test_another_mailbox_and_a_code_to_the_phone(
    newcomer: Newcomer, invoice: Invoice, known_mailbox: Customer, gate: Gate
) -> None:
    claim = claimed(newcomer)
    place = url("claim", "client", claim=claim.public_id)
    page = newcomer.client.get(place).content.decode()
    assert "••• ••• 789" in page
    assert "990123" not in page
    newcomer.client.post(place, {"do": "phone"})
    ((number, text),) = gate.sent
    assert number == "+48990123789"
    code = next(word.strip(".") for word in text.split() if word.strip(".").isdigit())
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert newcomer.client.post(place, {"do": "phone_code", "phone_code": wrong}).status_code == 200
    answer = newcomer.client.post(place, {"do": "phone_code", "phone_code": f"{code[:3]} {code[3:]}"})
    assert answer["Location"] == FRONT
    assert accesses_of(claim.user).get().scopes == EVERYTHING
    assert code not in json.dumps(list(Detail.objects.values_list("text", "payload")), default=str)


def test_a_phone_code_ends_after_ten_minutes_and_five_tries(
    newcomer: Newcomer, invoice: Invoice, known_mailbox: Customer, gate: Gate
) -> None:
    claim = claimed(newcomer)
    place = url("claim", "client", claim=claim.public_id)
    newcomer.client.post(place, {"do": "phone"})
    code = next(word.strip(".") for word in gate.sent[0][1].split() if word.strip(".").isdigit())
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        late = newcomer.client.post(place, {"do": "phone_code", "phone_code": code})
    assert late.status_code == 200
    Claim.objects.filter(pk=claim.pk).update(phone_tries=5)
    assert newcomer.client.post(place, {"do": "phone_code", "phone_code": code}).status_code == 200
    assert not accesses_of(claim.user).exists()


def test_a_gate_that_fails_is_said_and_three_codes_are_enough(
    newcomer: Newcomer, invoice: Invoice, known_mailbox: Customer, gate: Gate
) -> None:
    claim = claimed(newcomer)
    place = url("claim", "client", claim=claim.public_id)
    gate.is_broken = True
    answer = newcomer.client.post(place, {"do": "phone"}, follow=True)
    assert "list" in answer.content.decode()
    gate.is_broken = False
    newcomer.client.post(place, {"do": "phone"})
    newcomer.client.post(place, {"do": "phone"})
    assert newcomer.client.post(place, {"do": "phone"}).status_code == 404
    assert len(gate.sent) == 2


# A code from a letter in place of the invoice ------------------------------------------------------


@pytest.mark.feature("H21", "B05")
def test_registering_with_the_code_from_a_letter(
    newcomer: Newcomer, known_mailbox: Customer, make_letter: Callable[..., AccessLetter]
) -> None:
    """The letter went to the customer's address, so another mailbox is no obstacle."""
    letter = make_letter(known_mailbox)
    typed = {"code": "K-000777", "letter_code": "ABCD EFGH JKMN"}
    assert newcomer.client.post(url("letter"), typed)["Location"] == url("account")
    newcomer.choose()
    letter.refresh_from_db()
    assert letter.used_at is None  # not before the mailbox is proven
    assert newcomer.confirm(link_in(mail.outbox[-1]))["Location"] == FRONT
    letter.refresh_from_db()
    assert letter.used_at is not None
    assert accesses_of(User.objects.get(email=newcomer.email)).get().way == AccessWay.LETTER


def test_a_letters_code_works_once(
    newcomer: Newcomer, another: Newcomer, customer: Customer, make_letter: Callable[..., AccessLetter]
) -> None:
    """Two people type it before either has confirmed: one gets in, the other gets an empty account."""
    make_letter(customer)
    links = []
    for visitor in (newcomer, another):
        visitor.client.post(url("letter"), {"code": "K-000777", "letter_code": CODE})
        visitor.choose()
        links.append(link_in(mail.outbox[-1]))
    assert newcomer.confirm(links[0])["Location"] == FRONT
    assert another.confirm(links[1])["Location"] == url("join", "client")
    assert CustomerAccess.objects.count() == 2 + 1  # those of the sample world, and one


@pytest.mark.parametrize("ended", ["used_at", "cancelled_at", "expires_at"])
def test_codes_that_no_longer_work(
    newcomer: Newcomer, customer: Customer, make_letter: Callable[..., AccessLetter], ended: str
) -> None:
    make_letter(customer, **{ended: timezone.now()})
    newcomer.client.post(url("letter"), {"code": "K-000777", "letter_code": CODE})
    newcomer.choose()
    assert "/potwierdz/" not in link_in(mail.outbox[-1])


def test_the_code_of_another_customers_letter(
    newcomer: Newcomer, customer: Customer, make_letter: Callable[..., AccessLetter]
) -> None:
    make_letter(mirror.customer(code="K-000778"))
    newcomer.client.post(url("letter"), {"code": "K-000777", "letter_code": CODE})
    newcomer.choose()
    assert "/potwierdz/" not in link_in(mail.outbox[-1])


# Accounts that exist ----------------------------------------------------------------------------


def test_a_mailbox_with_an_account_signs_in_and_joins(newcomer: Newcomer, invoice: Invoice) -> None:
    """The typed password never replaces the account's."""
    user = person(newcomer.email)
    EmailAddress.objects.create(user=user, email=newcomer.email, verified=True, primary=True)
    before = user.password
    link = newcomer.register()
    page = newcomer.client.get(link).content.decode()
    assert "/konto/login/?next=" in page
    assert newcomer.confirm(link)["Location"].startswith("/konto/login/?next=")
    assert not accesses_of(user).exists()
    newcomer.client.force_login(user)
    assert newcomer.confirm(link)["Location"] == FRONT
    user.refresh_from_db()
    assert (user.password, accesses_of(user).get().customer) == (before, invoice.customer)


def test_somebody_else_who_is_signed_in_changes_nothing(newcomer: Newcomer, invoice: Invoice) -> None:
    link = newcomer.register()
    newcomer.client.force_login(person("obcy@example.org"))
    assert "obcy@example.org" in newcomer.client.get(link).content.decode()
    assert newcomer.confirm(link).status_code == 200
    assert not User.objects.filter(email=newcomer.email).exists()
    assert Registration.objects.get().done_at is None


def test_a_signed_in_person_joins_from_inside(invoice: Invoice, as_user: Callable[..., Client]) -> None:
    user = person("zofia@example.org")
    client = as_user(user)
    assert client.get(url("invoice"))["Location"] == url("join", "client")
    assert client.get(url("letter"))["Location"] == url("join_letter", "client")
    typed = {"code": "K-000777", "number": "FV/2026/000777", "amount": "1,00"}
    wrong = client.post(url("join", "client"), typed)
    assert wrong.context["form"].non_field_errors()
    answer = client.post(url("join", "client"), {**typed, "amount": "412,55"})
    assert answer["Location"] == FRONT
    assert accesses_of(user).get().customer == invoice.customer


def test_joining_twice_changes_nothing(invoice: Invoice, as_user: Callable[..., Client]) -> None:
    user = person("zofia@example.org")
    access = give_access(invoice.customer, user)
    typed = {"code": "K-000777", "number": "FV/2026/000777", "amount": "412,55"}
    assert as_user(user).post(url("join", "client"), typed)["Location"] == FRONT
    assert accesses_of(user).get() == access


def test_who_was_invited_and_proves_to_be_the_customer_gets_everything(
    invoice: Invoice, as_user: Callable[..., Client]
) -> None:
    user = person("zofia@example.org")
    give_access(invoice.customer, user, role="tenant")
    typed = {"code": "K-000777", "number": "FV/2026/000777", "amount": "412,55"}
    as_user(user).post(url("join", "client"), typed)
    assert accesses_of(user).get().scopes == EVERYTHING


def test_earlier_holders_hear_of_a_new_one(newcomer: Newcomer, invoice: Invoice) -> None:
    give_access(invoice.customer, person("maz@example.org"))
    give_access(invoice.customer, person("najemca@example.org"), role="tenant")
    newcomer.confirm(newcomer.register())
    told = [letter.to[0] for letter in mail.outbox if "/potwierdz/" not in letter.body]
    assert told == ["maz@example.org"]


@pytest.mark.feature("B05")
def test_two_people_register_the_same_customer(
    newcomer: Newcomer, another: Newcomer, invoice: Invoice
) -> None:
    """Both know the invoice and both get in; each hears nothing of the other but the first, who is told."""
    first, second = newcomer.register(), another.register()
    assert newcomer.confirm(first)["Location"] == FRONT
    assert another.confirm(second)["Location"] == FRONT
    holders = CustomerAccess.objects.filter(customer=invoice.customer, revoked_at__isnull=True)
    assert holders.count() == 2
    assert mail.outbox[-1].to == [newcomer.email]


def test_one_mailbox_registered_twice_at_once(newcomer: Newcomer, invoice: Invoice) -> None:
    """Two links for one mailbox: the second leads to signing in, not to another account."""
    elsewhere = Newcomer(Client(), email=newcomer.email.upper())
    first, second = newcomer.register(), elsewhere.register()
    newcomer.confirm(first)
    assert elsewhere.confirm(second)["Location"].startswith("/konto/login/?next=")
    assert User.objects.filter(email__iexact=newcomer.email).count() == 1
