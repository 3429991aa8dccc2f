"""The employees' queue of accounts that wait for a proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from ebok.accounts.models import User
from ebok.customers.access import accesses_of
from ebok.customers.models import AccessWay, Customer
from ebok.journal.models import Event
from ebok.testing import mirror
from ebok.testing.people import grant, person
from ebok.testing.queries import exactly_queries
from ebok_plugins.client_zone.models import Claim, ClaimState
from ebok_plugins.client_zone.registration.queue import waiting_claims
from tests.plugins.client_zone.joining.conftest import url

Enter = Callable[[User | None], Client]


@pytest.fixture
def claim(known_mailbox: Customer) -> Claim:
    """Somebody knows an invoice and has another mailbox."""
    return make_claim(known_mailbox, person("czeka@example.org"))


def make_claim(customer: Customer, user: User) -> Claim:
    now = timezone.now()
    return Claim.objects.create(
        customer=customer, user=user, made_at=now, expires_at=now + timedelta(days=60)
    )


@pytest.mark.feature("H21")
def test_approving(claim: Claim, verifier: User, as_user: Enter) -> None:
    client, place = as_user(verifier), url("verify", "employee", claim=claim.public_id)
    assert "czeka@example.org" in client.get(url("verification", "employee")).content.decode()
    page = client.get(place).content.decode()
    assert "zofia@lis.example" in page
    client.post(place, {"do": "approve"})
    access = accesses_of(claim.user).get()
    assert (access.way, access.given_by) == (AccessWay.STAFF, verifier)
    assert mail.outbox[-1].to == ["czeka@example.org"]
    assert Event.objects.filter(kind="client_zone.claim_approved", actor_id=verifier.pk).count() == 1
    assert client.get(place).status_code == 404
    assert client.post(place, {"do": "approve"}).status_code == 404


@pytest.mark.feature("H21")
def test_refusing_needs_a_reason_which_the_person_reads(claim: Claim, verifier: User, as_user: Enter) -> None:
    client, place = as_user(verifier), url("verify", "employee", claim=claim.public_id)
    assert client.post(place, {"do": "refuse", "reason": " "}).context["form"].errors
    client.post(place, {"do": "refuse", "reason": "Dowód na inne nazwisko."})
    claim.refresh_from_db()
    assert claim.state == ClaimState.REFUSED
    assert not accesses_of(claim.user).exists()
    assert "Dowód na inne nazwisko." in mail.outbox[-1].body


def test_two_employees_decide_at_once(
    claim: Claim, verifier: User, as_user: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second hears that it has been decided, and changes nothing."""
    from ebok_plugins.client_zone.views.verification import Verification

    read_before = Claim.objects.get(pk=claim.pk)
    client, place = as_user(verifier), url("verify", "employee", claim=claim.public_id)
    client.post(place, {"do": "refuse", "reason": "Nie."})
    monkeypatch.setattr(Verification, "claim", lambda _view: read_before)
    assert client.post(place, {"do": "approve"}).status_code == 302
    claim.refresh_from_db()
    assert claim.state == ClaimState.REFUSED
    assert not accesses_of(claim.user).exists()


def test_nobody_approves_themself(known_mailbox: Customer, verifier: User, as_user: Enter) -> None:
    claim = make_claim(known_mailbox, verifier)
    place = url("verify", "employee", claim=claim.public_id)
    assert as_user(verifier).get(place).context["is_own"]
    assert as_user(verifier).post(place, {"do": "approve"}).status_code == 404
    assert not accesses_of(verifier).exists()


def test_without_the_permission_there_is_no_queue(claim: Claim, sender: User, as_user: Enter) -> None:
    place = url("verify", "employee", claim=claim.public_id)
    assert as_user(sender).get(place).status_code == 404
    assert as_user(sender).post(place, {"do": "approve"}).status_code == 404
    assert not accesses_of(claim.user).exists()
    assert as_user(grant(sender, ["client_zone.verify_accounts"])).get(place).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_queue_takes_the_same_queries(verifier: User, as_user: Enter, count: int) -> None:
    for number in range(count):
        make_claim(mirror.customer(), person(f"osoba{number}@example.org"))
    client = as_user(verifier)
    client.get(url("verification", "employee"))
    with exactly_queries(9):
        client.get(url("verification", "employee"))
    assert waiting_claims(client.get(url("verification", "employee")).wsgi_request) == count
