"""The client's part of the journal: who looked at what."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ebok.accounts.models import User
from ebok.journal.models import Event
from ebok.journal.services import record
from ebok.testing.people import entry_permissions, person
from ebok.testing.samples import SampleWorld


def at(name: str) -> str:
    return reverse(f"client:client_zone:{name}")


@pytest.mark.feature("K01", "B08")
def test_views_of_client_and_office_show(
    home: SampleWorld, owner: Client, as_user: Callable[[User | None], Client]
) -> None:
    owner.get(at("details"))
    clerk = person(
        "biuro@example.org", permissions=[*entry_permissions("employee"), "customers.view"], first_name="Ewa"
    )
    office = reverse("employee:employee_zone:customer", kwargs={"pk": home.customer.pk})
    as_user(clerk).get(office, headers={"user-agent": "Mozilla/5.0 Firefox/130.0"})
    page = owner.get(at("history")).content.decode()
    assert "Moje dane" in page
    assert "Ewa" in page
    assert "biuro@example.org" not in page, "the client learns a name, not a sign-in name"
    assert Event.objects.filter(kind="zones.viewed", customer_id=home.customer.pk).count() == 1


def test_another_customers_events_never_show(home: SampleWorld, owner: Client) -> None:
    record("customers.corrected", text=f"Zmiana {home.secret}", customer_id=home.other_customer.pk)
    assert "Zmiana" not in owner.get(at("history")).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_the_history_takes_the_same_queries(
    count: int, home: SampleWorld, owner: Client, assert_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    for number in range(count):
        record("customers.corrected", text=f"Zmiana {number}", customer_id=home.customer.pk)
    owner.get(at("history"))
    with assert_queries(8):
        owner.get(at("history"))
