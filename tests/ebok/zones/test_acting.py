"""For whom somebody acts: the choice between customers, scopes, an employee who looks as a client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ebok.accounts.models import User
from ebok.customers.access import accesses_of, accesses_to, give_access, revoke_access
from ebok.customers.models import EVERYTHING, CustomerAccess, Scope
from ebok.journal.models import Event
from ebok.testing import mirror
from ebok.testing.people import person
from ebok.testing.samples import SampleWorld
from ebok.zones.acting import VIEWED_AS

Enter = Callable[[User | None], Client]


@pytest.fixture
def zone(enable: Callable[..., None]) -> None:
    enable("client_zone")


def front() -> str:
    return reverse("client:client_zone:dashboard")


@pytest.mark.feature("B11")
def test_the_header_says_for_whom(zone: None, world: SampleWorld, as_user: Enter) -> None:
    page = as_user(world.owner).get(front()).content.decode()
    assert "PROBA-1" in page
    assert world.secret in page
    assert "status: aktywny" in page


def test_a_person_without_customers_is_told_how_to_join(zone: None, as_user: Enter) -> None:
    answer = as_user(person("nikt@example.org")).get(front())
    assert answer.status_code == 200
    assert answer.context["acting"] is None
    assert "faktur" in answer.content.decode()


def test_switching_between_customers(zone: None, world: SampleWorld, as_user: Enter) -> None:
    second = mirror.customer(code="PROBA-3", name="Drugi dom")
    give_access(second, world.owner, role="manager")
    client = as_user(world.owner)
    assert client.get(front()).context["acting"].customer == world.customer
    answer = client.post(reverse("client:client_zone:switch"), {"customer": second.pk, "next": front()})
    assert (answer.status_code, answer["Location"]) == (302, front())
    assert client.get(front()).context["acting"].customer == second


def test_nobody_switches_to_a_stranger(zone: None, world: SampleWorld, as_user: Enter) -> None:
    client = as_user(world.owner)
    for wanted in (world.other_customer.pk, "", "x", "9" * 40, "-1"):
        assert client.post(reverse("client:client_zone:switch"), {"customer": wanted}).status_code == 404
    assert client.get(front()).context["acting"].customer == world.customer


def test_the_way_back_never_leaves_the_zone(zone: None, world: SampleWorld, as_user: Enter) -> None:
    client = as_user(world.owner)
    for away in ("https://example.com/", "//example.com/moje-konto/", "/admin/", "/moje-konto/tablica/5/"):
        answer = client.post(
            reverse("client:client_zone:switch"), {"customer": world.customer.pk, "next": away}
        )
        assert answer["Location"] == front()


@pytest.mark.parametrize("count", [1, 30])
def test_all_customers_together_take_the_same_queries(
    count: int, zone: None, world: SampleWorld, as_user: Enter, assert_queries: Callable[[int], object]
) -> None:
    for number in range(count):
        give_access(mirror.customer(code=f"RAZEM-{number}"), world.owner)
    client = as_user(world.owner)
    address = reverse("client:client_zone:together")
    client.get(address)
    with assert_queries(9):  # type: ignore[attr-defined]
        answer = client.get(address)
    assert len(answer.context["customers"]) == min(count + 1, 25)


@pytest.mark.feature("D14")
def test_balances_of_all_only_where_bills_may_be_seen(zone: None, world: SampleWorld, as_user: Enter) -> None:
    mirror.entry(world.customer, "10.00")
    rented = mirror.customer(code="NAJEM-1")
    mirror.entry(rented, "777.00")
    give_access(rented, world.owner, role="tenant", scopes=[Scope.READINGS])
    answer = as_user(world.owner).get(reverse("client:client_zone:together"))
    balances = {row.access.customer.code: row.balance for row in answer.context["customers"]}
    assert balances["PROBA-1"].total == 10
    assert balances["NAJEM-1"] is None
    assert "777" not in answer.content.decode()


def test_access_ends_by_time_and_by_revoking(world: SampleWorld) -> None:
    tenant = person("najemca@example.org")
    until = timezone.now() + timedelta(days=1)
    access = give_access(world.customer, tenant, role="tenant", valid_until=until, actor=world.owner)
    assert access.scopes == {Scope.READINGS}
    assert list(accesses_of(tenant)) == [access]
    assert list(accesses_of(tenant, moment=until)) == []
    assert revoke_access(access, actor=world.owner)
    assert not revoke_access(access, actor=world.owner)
    assert list(accesses_of(tenant)) == []
    kinds = (
        Event.objects.filter(customer_id=world.customer.pk).order_by("moment").values_list("kind", flat=True)
    )
    assert list(kinds)[-2:] == ["customers.access_given", "customers.access_revoked"]


def test_giving_again_replaces(world: SampleWorld) -> None:
    first = accesses_of(world.owner).get()
    second = give_access(world.customer, world.owner, scopes=[Scope.BILLS])
    assert list(accesses_to(world.customer)) == [second]
    first.refresh_from_db()
    assert first.revoked_at is not None
    assert CustomerAccess.objects.filter(user=world.owner).count() == 2


def test_unknown_scopes_are_refused(world: SampleWorld) -> None:
    with pytest.raises(ValueError, match="No such scopes: fly"):
        give_access(world.customer, world.other, scopes=["fly"])
    assert not accesses_of(world.other).filter(customer=world.customer).exists()


@pytest.mark.feature("K08")
def test_an_employee_looks_as_the_client_and_stops(zone: None, world: SampleWorld, as_user: Enter) -> None:
    employee = person("podglad@example.org", permissions=["customers.view_as"])
    client = as_user(employee)
    session = client.session
    session[VIEWED_AS] = world.customer.pk
    session.save()
    page = client.get(front())
    assert page.context["acting"].is_view_as
    assert page.context["acting"].scopes == EVERYTHING
    assert client.post(reverse("client:client_zone:stop_looking")).status_code == 302
    assert client.get(front()).context["acting"] is None


def test_the_session_alone_lets_nobody_look(zone: None, world: SampleWorld, as_user: Enter) -> None:
    client = as_user(world.other)
    session = client.session
    session[VIEWED_AS] = world.customer.pk
    session.save()
    page = client.get(front())
    assert page.context["acting"].customer == world.other_customer
    assert world.secret not in page.content.decode()
