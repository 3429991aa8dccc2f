"""Accounts of people, positions and their rights, and who signed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from ebok.accounts.models import User
from ebok.customers.access import accesses_of
from ebok.journal.models import Event
from ebok.plugins.permissions import allowed
from ebok.testing.letters import sent_letters
from ebok.testing.people import PASSWORD, person
from ebok.testing.samples import SampleWorld

AtWork = Callable[..., Client]
Commit = Callable[..., AbstractContextManager[Any]]
MANAGE = "employee_zone.manage_accounts"


def at(name: str, **arguments: object) -> str:
    return reverse(f"employee:employee_zone:{name}", kwargs=arguments or None)


def page_of(account: User) -> str:
    return at("account", public_id=account.public_id)


@pytest.mark.feature("K06")
def test_a_new_account_gets_a_letter_and_sets_its_password(
    office: SampleWorld, at_work: AtWork, django_capture_on_commit_callbacks: Commit
) -> None:
    clients = Group.objects.get(name="CLIENTS")
    typed = {"email": "nowa@example.org", "first_name": "Nowa", "last_name": "Osoba", "groups": [clients.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        answer = at_work(MANAGE).post(at("new_account"), typed)
    made = User.objects.get(email="nowa@example.org")
    assert answer["Location"] == page_of(made)
    assert not made.has_usable_password()
    assert [group.name for group in made.groups.all()] == ["CLIENTS"]
    link = re.search(r"http\S+/konto/\S+", str(sent_letters()[-1].body))
    assert link is not None
    visitor = Client()
    form = visitor.get(link.group(), follow=True)
    visitor.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    made.refresh_from_db()
    assert made.check_password(PASSWORD)
    assert Event.objects.filter(kind="accounts.account_made").count() == 1


@pytest.mark.parametrize(
    "typed", [{"email": ""}, {"email": "x"}, {"email": "owner@example.org"}, {"email": "OWNER@example.org"}]
)
def test_wrong_new_accounts_come_back(typed: dict[str, str], office: SampleWorld, at_work: AtWork) -> None:
    before = User.objects.count()
    client = at_work(MANAGE)
    answer = client.post(at("new_account"), {**typed, "first_name": "Zostaje"})
    assert "email" in answer.context["form"].errors
    assert "Zostaje" in answer.content.decode()
    assert User.objects.count() == before + 1, "only the clerk"


@pytest.mark.feature("K18", "K19")
def test_accounts_by_type_and_state(office: SampleWorld, at_work: AtWork, superuser: User) -> None:
    client = at_work(MANAGE)
    person("w-grupie@example.org", groups=["Employees"])
    office.other.is_active = False
    office.other.save()

    def listed(**query: str) -> set[str]:
        return {account.email for account in client.get(at("accounts"), query).context["accounts"]}

    assert listed(typ="pracownik") == {"w-grupie@example.org"}
    assert listed(typ="administrator") == {superuser.email}
    assert listed(typ="klient", q="owner") == {"owner@example.org"}
    assert listed(stan="zablokowane") == {"other@example.org"}
    assert "owner@example.org" in listed(typ="nieznany")


@pytest.mark.parametrize("count", [1, 29])
def test_the_list_takes_the_same_queries(
    count: int,
    office: SampleWorld,
    at_work: AtWork,
    assert_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    for number in range(count):
        person(f"k{number:02}@example.org", groups=["CLIENTS"])
    client = at_work(MANAGE)
    client.get(at("accounts"))
    with assert_queries(8):
        client.get(at("accounts"))


@pytest.mark.feature("K11")
def test_deleting_forgets_the_person_and_keeps_the_customer(office: SampleWorld, at_work: AtWork) -> None:
    client = at_work(MANAGE)
    assert client.post(page_of(office.owner), {"do": "delete", "reason": ""}).status_code == 200
    assert User.objects.filter(email="owner@example.org").exists()
    client.post(page_of(office.owner), {"do": "delete", "reason": "na życzenie"})
    office.owner.refresh_from_db()
    assert office.owner.email.endswith(".invalid")
    assert not office.owner.is_active
    assert not EmailAddress.objects.filter(user=office.owner).exists()
    office.customer.refresh_from_db()
    assert office.secret in office.customer.name
    assert Event.objects.filter(kind="accounts.account_deleted").count() == 1
    User.objects.create_user("owner@example.org", PASSWORD)


@pytest.mark.feature("K09", "K10")
def test_a_link_to_a_new_password_is_sent(
    office: SampleWorld, at_work: AtWork, django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        at_work(MANAGE).post(page_of(office.owner), {"do": "reset"})
    assert sent_letters()[-1].to == ["owner@example.org"]
    assert "/konto/" in sent_letters()[-1].body
    assert office.owner.check_password(PASSWORD), "nothing changes until the link is used"


def test_a_locked_person_is_out_at_once(office: SampleWorld, at_work: AtWork, client: Client) -> None:
    EmailAddress.objects.create(user=office.owner, email=office.owner.email, primary=True, verified=True)
    front = reverse("client:client_zone:dashboard")
    client.post(reverse("account_login"), {"login": office.owner.email, "password": PASSWORD})
    assert client.get(front).status_code == 200
    clerk = at_work(MANAGE)
    clerk.post(page_of(office.owner), {"do": "lock", "reason": "podejrzane logowania"})
    assert client.get(front).status_code == 302
    client.post(reverse("account_login"), {"login": office.owner.email, "password": PASSWORD})
    assert client.get(front).status_code == 302
    clerk.post(page_of(office.owner), {"do": "unlock"})
    client.post(reverse("account_login"), {"login": office.owner.email, "password": PASSWORD})
    assert client.get(front).status_code == 200


@pytest.mark.feature("K13")
def test_a_superadministrator_is_changed_by_superadministrators_only(
    office: SampleWorld, at_work: AtWork, superuser: User
) -> None:
    client = at_work(MANAGE)
    for deed in ("change", "lock", "reset", "delete"):
        client.post(page_of(superuser), {"do": deed, "reason": "x", "first_name": "Zły"})
    superuser.refresh_from_db()
    assert superuser.is_active
    assert superuser.first_name == "Zofia"
    assert sent_letters() == []


def test_nobody_locks_themself(office: SampleWorld, clerk: Callable[..., User], as_user: Any) -> None:
    me = clerk(MANAGE)
    as_user(me).post(page_of(me), {"do": "lock", "reason": "x"})
    me.refresh_from_db()
    assert me.is_active


@pytest.mark.feature("K14")
def test_names_and_groups_are_changed_but_not_beyond_ones_own_rights(
    office: SampleWorld, at_work: AtWork
) -> None:
    client = at_work(MANAGE)
    clients = Group.objects.get(name="CLIENTS")
    client.post(page_of(office.owner), {"do": "change", "first_name": "Anna", "groups": [clients.pk]})
    office.owner.refresh_from_db()
    assert office.owner.first_name == "Anna"
    administrators = Group.objects.get(name="Administrators")
    client.post(
        page_of(office.owner),
        {"do": "change", "first_name": "Zła", "groups": [clients.pk, administrators.pk]},
    )
    office.owner.refresh_from_db()
    assert office.owner.first_name == "Anna"
    assert [group.name for group in office.owner.groups.all()] == ["CLIENTS"]


@pytest.mark.feature("H01", "K07")
def test_a_position_is_added_and_given_rights(office: SampleWorld, at_work: AtWork) -> None:
    client = at_work("employee_zone.manage_positions", "customers.view")
    client.post(at("positions"), {"name": "Kasjer"})
    position = Group.objects.get(name="Kasjer")
    address = at("position", pk=position.pk)
    client.post(address, {"right": ["customers.view", "employee_zone.enter"]})
    cashier = person("kasa@example.org", groups=["Kasjer"])
    assert allowed(cashier, "customers.view")
    assert allowed(cashier, "employee_zone.enter")
    assert not allowed(cashier, "billing.change")
    client.post(address, {"right": ["employee_zone.enter"]})
    assert not allowed(User.objects.get(pk=cashier.pk), "customers.view")
    assert Event.objects.filter(kind="employee_zone.position_changed").count() == 3


@pytest.mark.feature("H01")
def test_nobody_gives_a_right_they_do_not_have(office: SampleWorld, at_work: AtWork) -> None:
    client = at_work("employee_zone.manage_positions")
    position = Group.objects.create(name="Stażysta")
    answer = client.post(at("position", pk=position.pk), {"right": ["billing.change"]}, follow=True)
    assert "billing.change" in answer.content.decode()
    assert position.permissions.count() == 0


def test_rights_one_may_not_change_stay(office: SampleWorld, at_work: AtWork) -> None:
    client = at_work("employee_zone.manage_positions", "customers.view")
    position = Group.objects.get(name="Employees")
    before = set(position.permissions.values_list("codename", flat=True))
    assert "billing.view" in before
    client.post(at("position", pk=position.pk), {"right": ["employee_zone.enter"]})
    after = set(position.permissions.values_list("codename", flat=True))
    assert before - after == {"customers.view"}


def test_a_group_of_one_name_once(office: SampleWorld, at_work: AtWork) -> None:
    answer = at_work("employee_zone.manage_positions").post(at("positions"), {"name": "employees"})
    assert "name" in answer.context["form"].errors


@pytest.mark.feature("B08", "B09", "B10")
def test_staff_see_who_signed_in_and_who_could_not(office: SampleWorld, at_work: AtWork) -> None:
    EmailAddress.objects.create(user=office.owner, email=office.owner.email, primary=True, verified=True)
    visitor = Client()
    visitor.post(reverse("account_login"), {"login": office.owner.email, "password": "Zgadywane-haslo-1"})
    visitor.post(reverse("account_login"), {"login": office.owner.email, "password": PASSWORD})
    visitor.post(reverse("account_logout"))
    client = at_work("employee_zone.see_sign_ins")
    for what in ("zalogowania", "wylogowania", "nieudane"):
        answer = client.get(at("sign_ins"), {"co": what, "kto": "owner@"})
        assert [row.login for row in answer.context["page"].rows] == ["owner@example.org"], what
        assert "Zgadywane-haslo-1" not in answer.content.decode()
    ways = [row.way for row in client.get(at("sign_ins"), {"kto": "owner@"}).context["page"].rows]
    assert ways[0] == "przez tę osobę"
    assert "hasło" in ways[1]


def test_an_access_outlives_a_lock(office: SampleWorld, at_work: AtWork) -> None:
    at_work(MANAGE).post(page_of(office.owner), {"do": "lock", "reason": "x"})
    assert accesses_of(office.owner).count() == 1
