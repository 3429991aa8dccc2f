"""A customer with a printed invoice, and somebody who wants in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.billing.models import Invoice
from ebok.customers.access import accesses_of
from ebok.customers.models import Customer
from ebok.plugins.registry import registry
from ebok.ports.messages import SMS, NotSent
from ebok.testing import mirror
from ebok.testing.people import entry_permissions, person
from ebok_plugins.client_zone.models import AccessLetter, Claim
from ebok_plugins.client_zone.registration import tokens

GOOD = "Cztery-wiadra-deszczu-9"
AMOUNT = "412.55"
CODE = "ABCDEFGHJKMN"


@pytest.fixture(autouse=True)
def _zone(
    enable: Callable[..., None], monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    """The client zone is on; what waits for the end of a transaction happens at once."""
    enable("client_zone", "employee_zone")
    settings.EBOK_PRIVATE_ROOT = tmp_path / "private"
    monkeypatch.setattr(transaction, "on_commit", lambda run, using=None, robust=False: run())


@pytest.fixture
def customer(db: None) -> Customer:
    """A customer of whom the billing data know no mailbox."""
    return mirror.customer(
        code="K-000777", name="Zofia Lis", street="Lipowa", house="5", postcode="62-200", town="Lipowo"
    )


@pytest.fixture
def invoice(customer: Customer) -> Invoice:
    """The customer's newest invoice."""
    day = timezone.localdate() - timedelta(days=20)
    return mirror.invoice(customer, AMOUNT, day, number="FV/2026/000777")


@pytest.fixture
def known_mailbox(customer: Customer) -> Customer:
    """The billing data know a mailbox and a telephone."""
    customer.email, customer.phone = "zofia@lis.example", "+48990123789"
    customer.save(update_fields=["email", "phone"])
    return customer


@dataclass
class Newcomer:
    """Somebody at the public pages, in one browser."""

    client: Client
    email: str = "zofia@example.org"
    password: str = GOOD

    def show_invoice(self, view: str = "invoice", **typed: str) -> Any:
        """The first step."""
        given = {"code": "K-000777", "number": "FV/2026/000777", "amount": "412,55", **typed}
        return self.client.post(url(view), given)

    def choose(self, **typed: str) -> Any:
        """The second step."""
        given = {"email": self.email, "password": self.password, "again": self.password, **typed}
        return self.client.post(url("account"), given)

    def register(self, **typed: str) -> str:
        """Both steps; the link of the letter."""
        assert self.show_invoice(**typed).status_code == 302
        assert self.choose().status_code == 302
        return link_in(mail.outbox[-1])

    def confirm(self, link: str, **typed: str) -> Any:
        """Press the button behind the link."""
        return self.client.post(link, typed)


@pytest.fixture
def newcomer(db: None) -> Newcomer:
    """A visitor with a fresh browser."""
    return Newcomer(Client())


@pytest.fixture
def another(db: None) -> Newcomer:
    """Another one."""
    return Newcomer(Client(), email="marek@example.org", password="Piec-kaloryferow-i-kot-3")


def url(view: str, zone: str = "public", **arguments: object) -> str:
    """Address of a view of the client zone's plugin."""
    return reverse(f"{zone}:client_zone:{view}", kwargs=arguments or None)


def link_in(letter: Any) -> str:
    """The path of the first of our links in a letter, or ""."""
    found = re.search(r"https?://[^/\s]+(/\S+)", str(letter.body))
    return found[1] if found else ""


@pytest.fixture
def verifier(db: None) -> User:
    """An employee who verifies accounts."""
    return person(
        "weryfikacja@example.org",
        permissions=[*entry_permissions("employee"), "client_zone.verify_accounts"],
    )


@pytest.fixture
def sender(db: None) -> User:
    """An employee who orders letters."""
    return person(
        "listy@example.org", permissions=[*entry_permissions("employee"), "client_zone.bulk_accounts"]
    )


@pytest.fixture
def make_letter(db: None) -> Callable[..., AccessLetter]:
    """`make_letter(customer)`: a printed letter with the code `CODE`."""

    def make(customer: Customer, code: str = CODE, **fields: Any) -> AccessLetter:
        now = timezone.now()
        given = {"asked_at": now, "made_at": now, "expires_at": now + timedelta(days=30), **fields}
        hashed = tokens.letter_hash(customer.pk, code)
        return AccessLetter.objects.create(customer=customer, code_hash=hashed, **given)

    return make


class Gate:
    """An SMS gate that keeps what it was given."""

    key = "client_zone.gate"
    title = "Bramka"
    medium = SMS

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.is_broken = False

    def serves(self, site: Site) -> bool:
        """Always set up."""
        return True

    def send(self, address: str, text: str, *, site: Site) -> None:
        """Keep it, or fail."""
        if self.is_broken:
            raise NotSent("no")
        self.sent.append((address, text))


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """A gate for SMS, brought by the plugin under test."""
    made = Gate()
    real = registry.contributions
    monkeypatch.setattr(
        registry,
        "contributions",
        lambda name: [(registry.plugin("client_zone"), made)] if name == "message_channels" else real(name),
    )
    return made


def claimed(newcomer: Newcomer) -> Claim:
    """Registered with a mailbox the billing data do not know."""
    answer = newcomer.confirm(newcomer.register())
    claim = Claim.objects.get(user__email=newcomer.email)
    assert answer["Location"] == url("claim", "client", claim=claim.public_id)
    assert not accesses_of(claim.user).exists()
    return claim
