"""Letting others in: inviting, accepting, ending, resigning, and who may what (C-6)."""

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
from ebok.customers.access import accesses_of, accesses_to, give_access
from ebok.customers.models import EVERYTHING, Customer, CustomerAccess, Invitation, Scope
from ebok.journal.models import Detail, Event
from ebok.testing import mirror
from ebok.testing.people import person
from ebok.testing.queries import exactly_queries
from ebok_plugins.client_zone import sharing
from tests.plugins.client_zone.joining.conftest import GOOD, Newcomer, link_in, url

Enter = Callable[[User | None], Client]
FRONT = "/moje-konto/"


@pytest.fixture
def owner(customer: Customer) -> User:
    """The account holder."""
    user = person("zofia@example.org", first_name="Zofia", last_name="Lis")
    give_access(customer, user)
    return user


@pytest.fixture
def as_owner(owner: User, as_user: Enter) -> Client:
    """The account holder's browser."""
    return as_user(owner)


def invite(client: Client, role: str = "tenant", **typed: object) -> str:
    """Send an invitation; the link of its letter."""
    given = {"email": "najemca@example.org", "scopes": ["readings"], "last_day": "", **typed}
    answer = client.post(url("invite", "client") + f"?rola={role}", given)
    assert answer.status_code == 302, answer.context["form"].errors
    return link_in(mail.outbox[-1])


# Inviting -------------------------------------------------------------------------------------------


@pytest.mark.feature("C-6")
def test_inviting_a_new_person_to_readings_only(as_owner: Client, customer: Customer) -> None:
    """The invited mailbox proves itself by the link; a password, and the tenant sees readings only."""
    last = timezone.localdate() + timedelta(days=30)
    link = invite(as_owner, last_day=f"{last:%Y-%m-%d}")
    letter = mail.outbox[-1]
    assert letter.to == ["najemca@example.org"]
    assert "Zofia Lis" in letter.body
    visitor = Newcomer(Client())
    assert visitor.client.get(link).context["is_new"]
    assert Invitation.objects.get().accepted_at is None
    answer = visitor.client.post(link, {"password": GOOD, "again": GOOD})
    assert answer["Location"] == FRONT
    user = User.objects.get(email="najemca@example.org")
    access = accesses_of(user).get()
    assert (access.role, access.scopes, access.way) == ("tenant", {Scope.READINGS}, "invitation")
    assert access.valid_until is not None
    assert timezone.localtime(access.valid_until).date() == last + timedelta(days=1)
    assert EmailAddress.objects.get(user=user).verified
    assert visitor.client.get(url("sharing", "client")).status_code == 404
    assert visitor.client.get(url("invite", "client")).status_code == 404
    mine = visitor.client.get(url("my_access", "client")).content.decode()
    assert "Zofia Lis" in mine
    navigation = visitor.client.get(FRONT).content.decode()
    assert url("my_access", "client") in navigation
    assert url("sharing", "client") not in navigation
    assert mail.outbox[-1].to == ["zofia@example.org"]  # who invited hears of it
    kinds = set(Event.objects.filter(customer_id=customer.pk).values_list("kind", flat=True))
    assert {"client_zone.invited", "client_zone.invitation_accepted", "customers.access_given"} <= kinds


@pytest.mark.feature("C-6")
def test_the_role_ticks_the_boxes(as_owner: Client) -> None:
    """Without scripts: first the role, then a form with its boxes ticked."""
    page = as_owner.get(url("invite", "client"))
    assert [choice.role for choice in page.context["roles"]] == ["household", "tenant", "manager", "attorney"]
    form = as_owner.get(url("invite", "client") + "?rola=household").context["form"]
    assert set(form["scopes"].initial) == EVERYTHING - {Scope.ACCOUNT}
    assert as_owner.get(url("invite", "client") + "?rola=owner").context["role"] == ""
    assert as_owner.post(url("invite", "client") + "?rola=owner", {"email": "a@b.pl"}).status_code == 302
    assert not Invitation.objects.exists()


def test_the_token_is_kept_as_a_hash_only(as_owner: Client) -> None:
    token = invite(as_owner).split("/")[-2]
    written = json.dumps(
        [list(Invitation.objects.values()), list(Detail.objects.values("text", "payload"))], default=str
    )
    assert token not in written


def test_accepting_with_an_account(as_owner: Client, as_user: Enter) -> None:
    """Signs in first; somebody else who is signed in cannot take it."""
    user = person("najemca@example.org")
    link = invite(as_owner)
    assert Client().post(link)["Location"].startswith("/konto/login/?next=")
    stranger = as_user(person("obcy@example.org"))
    assert stranger.get(link).context["is_someone_elses"]
    assert stranger.post(link).status_code == 200
    assert not accesses_of(user).exists()
    client = as_user(user)
    assert client.get(link).status_code == 200
    assert client.post(link)["Location"] == FRONT
    assert accesses_of(user).get().scopes == {Scope.READINGS}


def test_an_account_cannot_be_taken_over_by_a_new_password(as_owner: Client) -> None:
    user = person("najemca@example.org")
    before = user.password
    Client().post(invite(as_owner), {"password": GOOD, "again": GOOD})
    user.refresh_from_db()
    assert user.password == before
    assert not accesses_of(user).exists()


def test_a_link_works_once_for_fourteen_days_and_until_it_is_withdrawn(as_owner: Client) -> None:
    link = invite(as_owner)
    with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1)):
        assert Client().get(link).status_code == 404
    newer = invite(as_owner)  # takes the place of the first
    assert Client().get(link).status_code == 404
    assert Client().post(newer, {"password": GOOD, "again": GOOD}).status_code == 302
    assert Client().get(newer).status_code == 404
    assert Client().post(newer, {"password": GOOD, "again": GOOD}).status_code == 404
    third = invite(as_owner, email="drugi@example.org")
    offered = Invitation.objects.get(email="drugi@example.org")
    place = url("invitation", "client", invitation=offered.public_id)
    assert as_owner.get(place).status_code == 200
    as_owner.post(place)
    assert Client().get(third).status_code == 404
    assert Client().post(third, {"password": GOOD, "again": GOOD}).status_code == 404
    assert as_owner.get(place).status_code == 404
    assert Event.objects.filter(kind="client_zone.invitation_withdrawn").count() == 1
    assert User.objects.filter(email="drugi@example.org").count() == 0


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "nie-mail"},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"last_day": "2020-01-01"},
        {"last_day": "2026-02-30"},
        {"last_day": "9999-12-31"},
    ],
)
def test_invitations_that_make_no_sense(as_owner: Client, typed: dict[str, object]) -> None:
    given = {"email": "najemca@example.org", "scopes": ["readings"], "last_day": "", **typed}
    answer = as_owner.post(url("invite", "client") + "?rola=tenant", given)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def test_the_owner_is_not_invited_to_less(as_owner: Client, owner: User) -> None:
    """Inviting an account holder would take from them what they have."""
    given = {"email": owner.email, "scopes": ["readings"]}
    answer = as_owner.post(url("invite", "client") + "?rola=tenant", given)
    assert answer.context["form"].non_field_errors()
    assert not Invitation.objects.exists()


def test_who_became_an_owner_meanwhile_keeps_everything(
    as_owner: Client, customer: Customer, as_user: Enter
) -> None:
    user = person("najemca@example.org")
    link = invite(as_owner)
    give_access(customer, user)
    as_user(user).post(link)
    assert accesses_of(user).get().scopes == EVERYTHING


def test_nobody_gives_more_or_longer_than_they_have(as_user: Enter, customer: Customer, owner: User) -> None:
    end = timezone.now() + timedelta(days=10)
    manager = person("zarzadca@example.org")
    give_access(customer, manager, role="manager", scopes={Scope.ACCOUNT, Scope.READINGS}, valid_until=end)
    client = as_user(manager)
    form = client.get(url("invite", "client") + "?rola=attorney").context["form"]
    assert [value for value, _label in form.fields["scopes"].choices] == ["account", "readings"]
    place = url("invite", "client") + "?rola=tenant"
    for typed in (
        {"scopes": ["bills"]},
        {"scopes": ["readings"], "last_day": ""},
        {"scopes": ["readings"], "last_day": f"{timezone.localdate() + timedelta(days=20):%Y-%m-%d}"},
    ):
        answer = client.post(place, {"email": "x@example.org", **typed})
        assert answer.context["form"].errors
    near = f"{timezone.localdate() + timedelta(days=5):%Y-%m-%d}"
    typed = {"email": "x@example.org", "scopes": ["readings"], "last_day": near}
    assert client.post(place, typed).status_code == 302
    mine = accesses_of(manager).get()
    with pytest.raises(sharing.SharingRefused):
        sharing.invite(
            mine,
            email="y@example.org",
            role="tenant",
            scopes=[Scope.PAYING],
            valid_until=None,
            request=client.get(FRONT).wsgi_request,
        )


# Ending -----------------------------------------------------------------------------------------------


@pytest.mark.feature("C-6")
def test_ending_an_access_works_at_once(as_owner: Client, customer: Customer, as_user: Enter) -> None:
    tenant = person("najemca@example.org")
    access = give_access(customer, tenant, role="tenant")
    client = as_user(tenant)
    assert "K-000777" in client.get(FRONT).content.decode()
    place = url("access", "client", access=access.pk)
    assert as_owner.get(place).status_code == 200
    assert as_owner.post(place)["Location"] == url("sharing", "client")
    assert "K-000777" not in client.get(FRONT).content.decode()
    assert mail.outbox[-1].to == ["najemca@example.org"]
    assert as_owner.get(place).status_code == 404
    assert Event.objects.filter(kind="customers.access_revoked", customer_id=customer.pk).count() == 1


@pytest.mark.feature("C-6")
def test_the_last_account_holder_stays(as_owner: Client, owner: User, customer: Customer) -> None:
    access = accesses_of(owner).get()
    assert as_owner.get(url("access", "client", access=access.pk)).context["stays"]
    as_owner.post(url("access", "client", access=access.pk))
    as_owner.post(url("my_access", "client"))
    assert accesses_of(owner).get() == access
    # Somebody whose access ends some day does not count.
    give_access(customer, person("maz@example.org"), valid_until=timezone.now() + timedelta(days=1))
    as_owner.post(url("my_access", "client"))
    assert accesses_of(owner).exists()
    give_access(customer, person("zona@example.org"))
    as_owner.post(url("my_access", "client"))
    assert not accesses_of(owner).exists()


def test_two_holders_cannot_end_each_other_at_once(owner: User, customer: Customer, as_user: Enter) -> None:
    """The second is told that they are the last; here one after the other, each with what they had read."""
    other = person("maz@example.org")
    give_access(customer, other)
    mine, theirs = accesses_of(owner).get(), accesses_of(other).get()
    request = as_user(owner).get(FRONT).wsgi_request
    assert sharing.end_access(theirs, mine=mine, request=request)
    assert not sharing.end_access(mine, mine=theirs, request=request)
    assert accesses_to(customer).get() == mine


def test_a_delegate_cannot_end_an_account_holder(owner: User, customer: Customer, as_user: Enter) -> None:
    manager = person("zarzadca@example.org")
    give_access(customer, manager, role="manager")
    holder = accesses_of(owner).get()
    give_access(customer, person("maz@example.org"))
    place = url("access", "client", access=holder.pk)
    client = as_user(manager)
    assert client.get(place).context["stays"]
    assert client.post(place)["Location"] == place
    assert accesses_of(owner).exists()


@pytest.mark.feature("C-6")
def test_a_delegate_resigns(owner: User, customer: Customer, as_user: Enter) -> None:
    tenant = person("najemca@example.org")
    give_access(customer, tenant, role="tenant", actor=owner)
    client = as_user(tenant)
    assert "Zofia Lis" in client.get(url("my_access", "client")).content.decode()
    client.post(url("my_access", "client"))
    assert not accesses_of(tenant).exists()
    assert mail.outbox[-1].to == [owner.email]


def test_accesses_and_invitations_of_other_customers_are_not_there(as_owner: Client, owner: User) -> None:
    stranger = mirror.customer()
    theirs = give_access(stranger, person("obcy@example.org"))
    offered = Invitation.objects.create(
        customer=stranger,
        email="a@example.org",
        token_hash="x" * 64,
        invited_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=1),
    )
    for place in (
        url("access", "client", access=theirs.pk),
        url("access", "client", access=2**70),
        url("invitation", "client", invitation=offered.public_id),
    ):
        assert as_owner.get(place).status_code == 404
        assert as_owner.post(place).status_code == 404
    theirs.refresh_from_db()
    offered.refresh_from_db()
    assert (theirs.revoked_at, offered.withdrawn_at) == (None, None)


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_the_same_queries(
    as_owner: Client, owner: User, customer: Customer, count: int
) -> None:
    for number in range(count):
        give_access(customer, person(f"gosc{number}@example.org"), role="household", actor=owner)
        sharing.invite(
            accesses_of(owner).get(),
            email=f"nowy{number}@example.org",
            role="tenant",
            scopes=[Scope.READINGS],
            valid_until=None,
            request=as_owner.get(FRONT).wsgi_request,
        )
    as_owner.get(url("sharing", "client"))
    with exactly_queries(9):
        page = as_owner.get(url("sharing", "client"))
    assert len(page.context["invitations"]) == count
    assert len(page.context["accesses"]) == min(count + 1, 25)


def test_an_expired_access_opens_nothing(customer: Customer, as_user: Enter) -> None:
    user = person("byly@example.org")
    end = timezone.now() + timedelta(hours=1)
    give_access(customer, user, role="manager", valid_until=end)
    client = as_user(user)
    assert client.get(url("sharing", "client")).status_code == 200
    CustomerAccess.objects.filter(user=user).update(valid_until=timezone.now() - timedelta(seconds=1))
    assert "K-000777" not in client.get(url("sharing", "client")).content.decode()
    assert client.post(url("invite", "client") + "?rola=tenant", {}).status_code == 404
