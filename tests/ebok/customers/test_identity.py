"""The kartoteka compares hashes of PESEL before an identity is linked."""

from __future__ import annotations

import time

import pytest

from ebok.accounts.federation.hashes import personal_number_hash
from ebok.accounts.federation.models import IdentityLink
from ebok.accounts.federation.pending import Pending
from ebok.accounts.federation.services import IdentityRefused, link_identity
from ebok.accounts.models import User
from ebok.customers.access import give_access, revoke_access
from ebok.customers.models import AccessRole
from ebok.exchange.checks_of_text import keyed_hash
from ebok.journal.models import Event
from ebok.testing import mirror

pytestmark = pytest.mark.django_db
ANNA, JAN = "41810100029", "42820100058"


def link(user: User, number: str) -> IdentityLink:
    pending = Pending(
        provider="login_gov_pl.citizen",
        subject_hash="a" * 64,
        personal_number_hash=personal_number_hash(number),
        name="",
        email="",
        at=int(time.time()),
    )
    return link_identity(pending, user, way="consent", consent="Zgadzam się")


@pytest.mark.feature("M04")
def test_the_holder_of_a_contract_links_their_own_number(client_user: User) -> None:
    give_access(mirror.customer(pesel_hash=keyed_hash(ANNA)), client_user)
    assert link(client_user, ANNA).user == client_user


def test_another_number_is_refused_and_nothing_changes(client_user: User) -> None:
    give_access(mirror.customer(pesel_hash=keyed_hash(ANNA)), client_user)
    with pytest.raises(IdentityRefused, match="inny numer PESEL"):
        link(client_user, JAN)
    assert not IdentityLink.objects.exists()
    assert not Event.objects.filter(kind="accounts.identity_linked").exists()


def test_one_of_several_contracts_is_enough(client_user: User) -> None:
    for number in (JAN, ANNA):
        give_access(mirror.customer(pesel_hash=keyed_hash(number)), client_user)
    assert link(client_user, ANNA)


@pytest.mark.parametrize("role", [AccessRole.HOUSEHOLD, AccessRole.TENANT, AccessRole.ATTORNEY])
def test_who_acts_for_somebody_else_has_another_number(client_user: User, role: str) -> None:
    give_access(mirror.customer(pesel_hash=keyed_hash(ANNA)), client_user, role=role)
    assert link(client_user, JAN)


def test_a_contract_without_a_number_cannot_be_compared(client_user: User) -> None:
    give_access(mirror.customer(), client_user)
    assert link(client_user, JAN)


def test_an_access_that_was_revoked_does_not_count(client_user: User) -> None:
    revoke_access(give_access(mirror.customer(pesel_hash=keyed_hash(ANNA)), client_user))
    assert link(client_user, JAN)


def test_a_provider_without_numbers_is_not_compared(client_user: User) -> None:
    give_access(mirror.customer(pesel_hash=keyed_hash(ANNA)), client_user)
    assert link(client_user, "")
