"""The tab "Account" of a customer, and what modules add to the customer's page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from ebok.accounts.models import User
from ebok.customers.access import give_access
from ebok.journal.models import Event
from ebok.plugins.activation import disable
from ebok.testing.letters import sent_letters
from ebok.testing.people import person
from ebok.testing.samples import SampleWorld
from ebok_plugins.employee_zone.queries import staff_groups

AsUser = Callable[[User | None], Client]
Clerk = Callable[..., User]


def tab(world: SampleWorld) -> str:
    return reverse("employee:employee_zone:customer_account", kwargs={"pk": world.customer.pk})


def page(world: SampleWorld) -> str:
    return reverse("employee:employee_zone:customer", kwargs={"pk": world.customer.pk})


@pytest.fixture
def manager(office: SampleWorld, clerk: Clerk) -> User:
    """The account manager of the sample customer, who may do nothing else."""
    made = clerk("customers.view")
    office.customer.account_manager = made
    office.customer.save()
    return made


@pytest.mark.feature("K17")
def test_the_tab_is_there_for_the_account_manager_only(
    office: SampleWorld, manager: User, clerk: Clerk, as_user: AsUser, superuser: User
) -> None:
    other = clerk("customers.view", "employee_zone.manage_accounts", email="inny@example.org")
    assert tab(office) in as_user(manager).get(page(office)).content.decode()
    assert as_user(manager).get(tab(office)).status_code == 200
    assert tab(office) not in as_user(other).get(page(office)).content.decode()
    assert as_user(other).get(tab(office)).status_code == 404
    assert as_user(other).post(tab(office), {"do": "reset"}).status_code == 404
    assert as_user(superuser).get(tab(office)).status_code == 200


@pytest.mark.feature("K17")
def test_it_shows_login_and_name_and_changes_the_name(
    office: SampleWorld, manager: User, as_user: AsUser
) -> None:
    client = as_user(manager)
    assert office.owner.email in client.get(tab(office)).content.decode()
    typed = {
        "account": str(office.owner.public_id),
        "do": "change",
        "first_name": "Anna",
        "last_name": "Nowa",
    }
    assert client.post(tab(office), typed)["Location"] == tab(office)
    office.owner.refresh_from_db()
    assert office.owner.get_full_name() == "Anna Nowa"
    assert Event.objects.filter(kind="employee_zone.account_changed", actor_id=manager.pk).exists()
    answer = client.post(tab(office), {**typed, "first_name": "x" * 151})
    assert answer.status_code == 200
    assert "x" * 151 in answer.content.decode()
    office.owner.refresh_from_db()
    assert office.owner.first_name == "Anna"


@pytest.mark.feature("K17", "K09")
def test_a_new_password_goes_by_letter(office: SampleWorld, manager: User, as_user: AsUser) -> None:
    client = as_user(manager)
    assert (
        client.post(tab(office), {"account": str(office.owner.public_id), "do": "reset"}).status_code == 302
    )
    assert [letter.to for letter in sent_letters()] == [[office.owner.email]]
    assert Event.objects.filter(kind="accounts.password_reset_sent", actor_id=manager.pk).exists()


def test_other_peoples_accounts_are_out_of_reach(office: SampleWorld, manager: User, as_user: AsUser) -> None:
    """A tenant, somebody else's holder, and an employee who holds the customer privately."""
    tenant, employee = person("najemca@example.org"), person("prywatnie@example.org")
    employee.groups.add(staff_groups()[0])
    give_access(office.customer, tenant, role="tenant")
    give_access(office.customer, employee)
    client = as_user(manager)
    before = Event.objects.count()
    text = client.get(tab(office)).content.decode()
    for account in (tenant, office.other, employee):
        assert account.email not in text
        sent = {"account": str(account.public_id), "do": "reset"}
        assert client.post(tab(office), sent).status_code == 404
    assert client.post(tab(office), {"account": str(office.owner.public_id), "do": "fly"}).status_code == 404
    assert (sent_letters(), Event.objects.count()) == ([], before)


@pytest.mark.feature("L09")
def test_modules_add_sections_to_the_page_of_a_customer(
    office: SampleWorld, clerk: Clerk, as_user: AsUser, enable: Callable[..., None]
) -> None:
    enable("noticeboard")
    moderator = as_user(clerk("customers.view", "noticeboard.moderate"))
    section = 'id="noticeboard-notices"'
    assert section in moderator.get(page(office)).content.decode()
    stranger = as_user(clerk("customers.view", email="inny@example.org"))
    assert section not in stranger.get(page(office)).content.decode()
    disable(office.site, "noticeboard")
    assert section not in moderator.get(page(office)).content.decode()
