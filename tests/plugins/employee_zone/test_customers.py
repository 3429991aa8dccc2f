"""Finding customers, one page with everything, looking as the client, account managers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ebok.accounts.models import User
from ebok.exchange import natural_keys
from ebok.journal.models import Detail, Event
from ebok.testing import mirror
from ebok.testing.samples import SampleWorld

AtWork = Callable[..., Client]


def at(name: str, **arguments: object) -> str:
    return reverse(f"employee:employee_zone:{name}", kwargs=arguments or None)


@pytest.fixture
def known(office: SampleWorld) -> SampleWorld:
    customer = office.customer
    contract = mirror.contract(customer, number="UM/2020/77")
    point = mirror.point(
        customer, code="PP-9", street="ul. Wierzbowa", house="12", flat="4", contract=contract
    )
    mirror.meter(point, number="LICZ-2020-5")
    mirror.invoice(customer, "10.00", date(2026, 5, 1), number="FV/2026/05/0007")
    natural_keys.point(
        "customers",
        "virtual_account",
        "12999900001234567800000096",
        object_id=customer.pk,
        customer_id=customer.pk,
    )
    return office


@pytest.mark.feature("L09")
@pytest.mark.parametrize(
    "typed",
    [
        "PROBA-1",
        "anna",
        "Wierzbowa 12",
        "wierzbowa 12/4",
        "LICZ-2020-5",
        "licz-2020",
        "FV/2026/05/0007",
        "UM/2020/77",
        "PP-9",
        "12 9999 0000 1234 5678 0000 0096",
        "PL12999900001234567800000096",
    ],
)
def test_a_customer_is_found_by_anything(typed: str, known: SampleWorld, at_work: AtWork) -> None:
    answer = at_work("customers.view").get(at("search"), {"q": typed})
    assert [hit.customer for hit in answer.context["found"]] == [known.customer]


@pytest.mark.parametrize("typed", ["", "x", "nie ma takiego", "%", "_", "\\", "' OR 1=1", "🙂🙂", "9" * 200])
def test_nobody_is_found_and_the_page_says_so(typed: str, known: SampleWorld, at_work: AtWork) -> None:
    answer = at_work("customers.view").get(at("search"), {"q": typed})
    assert answer.status_code == 200
    assert list(answer.context["found"]) == []


@pytest.mark.parametrize("count", [1, 30])
def test_searching_takes_the_same_queries(
    count: int,
    office: SampleWorld,
    at_work: AtWork,
    assert_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    for number in range(count):
        owner = mirror.customer(code=f"SZUK-{number:03}", name=f"Szukana {number}")
        mirror.point(owner, street="ul. Szukana", house="1")
    client = at_work("customers.view")
    client.get(at("search"), {"q": "szukana 1"})
    with assert_queries(9):
        client.get(at("search"), {"q": "szukana 1"})


@pytest.mark.feature("L09")
def test_one_page_with_everything(known: SampleWorld, at_work: AtWork) -> None:
    mirror.entry(known.customer, "45.60", due_on=timezone.localdate() - timedelta(days=40))
    mirror.payment(known.customer, "11.00", date(2026, 4, 1), number="WB/1")
    client = at_work("customers.view", "billing.view", "journal.view")
    page = client.get(at("customer", pk=known.customer.pk)).content.decode().replace("\xa0", " ")
    for words in (
        "PROBA-1",
        "45,60 zł",
        "WB/1",
        "FV/2026/05/0007",
        "UM/2020/77",
        "LICZ-2020-5",
        known.owner.email,
    ):
        assert words in page, words
    event = Event.objects.get(kind="employee_zone.customer_viewed")
    assert event.customer_id == known.customer.pk


def test_money_and_journal_only_with_their_rights(known: SampleWorld, at_work: AtWork) -> None:
    mirror.entry(known.customer, "45.60")
    answer = at_work("customers.view").get(at("customer", pk=known.customer.pk))
    assert "balance" not in answer.context
    assert "events" not in answer.context
    assert "45,60" not in answer.content.decode()


@pytest.mark.feature("K08")
def test_looking_as_the_client_needs_a_reason_and_leaves_a_trace(known: SampleWorld, at_work: AtWork) -> None:
    client = at_work("customers.view", "customers.view_as")
    address = at("look_as", pk=known.customer.pk)
    assert client.post(address, {"reason": " "})["Location"] == at("customer", pk=known.customer.pk)
    assert not Event.objects.filter(kind="customers.viewed_as").exists()
    answer = client.post(address, {"reason": "telefon klienta"})
    assert answer["Location"] == reverse("client:client_zone:dashboard")
    event = Event.objects.get(kind="customers.viewed_as")
    assert event.customer_id == known.customer.pk
    assert "telefon klienta" in Detail.objects.get(event_id=event.id).text
    page = client.get(reverse("client:client_zone:details"))
    assert known.secret in page.content.decode()
    assert client.post(reverse("client:client_zone:change_data"), {"phone": "1"}).status_code == 302
    assert not Event.objects.filter(kind="client_zone.request_sent").exists()


@pytest.mark.feature("K16", "H23")
def test_an_account_manager_sees_own_customers_only(
    office: SampleWorld, clerk: Callable[..., User], as_user: Callable[[User | None], Client]
) -> None:
    manager = clerk("customers.view", "billing.view")
    office.customer.account_manager = manager
    office.customer.save()
    mirror.entry(office.customer, "20.00", due_on=timezone.localdate() - timedelta(days=3))
    answer = as_user(manager).get(at("my_customers"))
    assert [customer for customer, _overdue in answer.context["customers"]] == [office.customer]
    counters = answer.context["counters"]
    assert (counters.customers, counters.overdue, counters.with_account) == (1, 1, 1)


@pytest.mark.parametrize("count", [1, 25])
def test_my_customers_take_the_same_queries(
    count: int,
    office: SampleWorld,
    clerk: Callable[..., User],
    as_user: Callable[[User | None], Client],
    assert_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    manager = clerk("customers.view", "billing.view")
    for _number in range(count):
        mirror.entry(mirror.customer(account_manager=manager), "5.00", due_on=date(2020, 1, 1))
    client = as_user(manager)
    client.get(at("my_customers"))
    with assert_queries(11):
        client.get(at("my_customers"))
