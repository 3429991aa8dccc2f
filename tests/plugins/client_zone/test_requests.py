"""Requests about the account: sent by the client, decided by the office, taken to the billing system."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ebok.accounts.models import User
from ebok.journal.models import Event
from ebok.notifications.delivery import deliver_due
from ebok.plugins.registry import registry
from ebok.testing.people import entry_permissions, person
from ebok.testing.samples import SampleWorld
from ebok_plugins.client_zone import requesting
from ebok_plugins.client_zone.models import AccountRequest, RequestKind, RequestState

Enter = Callable[[User | None], Client]


def change(home: SampleWorld, **wanted: str) -> AccountRequest:
    return requesting.send_change(home.customer, wanted, by=home.owner)


@pytest.fixture
def clerk(home: SampleWorld) -> User:
    return person(
        "biuro@example.org",
        permissions=[*entry_permissions("employee"), "client_zone.handle_requests"],
        first_name="Ewa",
    )


@pytest.mark.feature("B13")
def test_a_client_asks_for_another_phone(home: SampleWorld, owner: Client) -> None:
    answer = owner.post(
        reverse("client:client_zone:change_data"),
        {"phone": "600 300 400", "email": "", "remark": "nowy numer"},
    )
    made = AccountRequest.objects.get()
    assert answer["Location"] == reverse("client:client_zone:request", kwargs={"pk": made.pk})
    assert made.changes["phone"][0] == ""
    assert made.changes["phone"][1].endswith("600300400")
    assert made.remark == "nowy numer"
    home.customer.refresh_from_db()
    assert home.customer.phone == ""
    assert Event.objects.filter(kind="client_zone.request_sent", customer_id=home.customer.pk).count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "abc"), ("email", "nie-adres"), ("correspondence_postcode", "1"), ("nip", "123")],
)
def test_wrong_values_come_back_with_what_was_typed(
    field: str, value: str, home: SampleWorld, owner: Client
) -> None:
    home.customer.kind = "company"
    home.customer.save()
    answer = owner.post(reverse("client:client_zone:change_data"), {field: value, "remark": "pamiętaj"})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    page = answer.content.decode()
    assert f'value="{value}"' in page
    assert "pamiętaj" in page
    assert not AccountRequest.objects.exists()


def test_nothing_changed_is_said(home: SampleWorld, owner: Client) -> None:
    answer = owner.post(reverse("client:client_zone:change_data"), {})
    assert answer.context["form"].non_field_errors()
    assert not AccountRequest.objects.exists()


def test_two_changes_do_not_wait_at_once(home: SampleWorld) -> None:
    change(home, phone="600300400")
    with pytest.raises(ValidationError, match="biuro"):
        change(home, phone="600300401")
    assert AccountRequest.objects.count() == 1


def test_a_change_that_waits_is_said_before_another_is_typed(home: SampleWorld, owner: Client) -> None:
    made = change(home, phone="600300400")
    page = reverse("client:client_zone:change_data")
    earlier = reverse("client:client_zone:request", kwargs={"pk": made.pk})
    shown = owner.get(page).content.decode()
    assert earlier in shown
    assert 'name="phone"' not in shown
    # Somebody else of the household was quicker: what was typed stays.
    typed = owner.post(page, {"phone": "600 300 402"}).content.decode()
    assert earlier in typed
    assert "600 300 402" in typed
    owner.post(earlier)
    assert 'name="phone"' in owner.get(page).content.decode()


@pytest.mark.feature("B14")
@pytest.mark.parametrize("kind", [RequestKind.E_INVOICE_ON, RequestKind.E_INVOICE_OFF, RequestKind.CLOSING])
def test_other_requests(kind: str, home: SampleWorld, owner: Client) -> None:
    day = timezone.localdate() + timedelta(days=30)
    owner.post(reverse("client:client_zone:new_request"), {"kind": kind, "wanted_on": day.isoformat()})
    made = AccountRequest.objects.get()
    assert (made.kind, made.wanted_on, made.state) == (kind, day, RequestState.WAITING)
    again = owner.post(reverse("client:client_zone:new_request"), {"kind": kind})
    assert again.context["form"].non_field_errors()


def test_a_day_that_has_passed_is_refused(home: SampleWorld, owner: Client) -> None:
    day = timezone.localdate() - timedelta(days=1)
    answer = owner.post(
        reverse("client:client_zone:new_request"), {"kind": "closing", "wanted_on": day.isoformat()}
    )
    assert "wanted_on" in answer.context["form"].errors
    assert not AccountRequest.objects.exists()


@pytest.mark.feature("B13", "K14")
def test_a_clerk_approves_and_the_client_is_told(
    home: SampleWorld, as_user: Enter, clerk: User, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    made = change(home, phone="600300400")
    office = as_user(clerk)
    address = reverse("employee:client_zone:request", kwargs={"pk": made.pk})
    page = office.get(address).content.decode()
    assert "600300400" in page
    answer = office.post(address, {"do": "approve", "answer": "Zrobione, 100 %."})
    assert answer["Location"] == reverse("employee:client_zone:request_queue")
    made.refresh_from_db()
    assert (made.state, made.decided_by, made.answer) == (RequestState.APPROVED, clerk, "Zrobione, 100 %.")
    deliver_due()
    assert mail.outbox[-1].to == [home.owner.email]
    assert "Zrobione, 100 %." in mail.outbox[-1].body
    assert made.number in mail.outbox[-1].subject
    home.customer.refresh_from_db()
    assert home.customer.phone == "", "only the billing system changes the mirror"
    assert requesting.waiting_changes(home.customer)["phone"].endswith("600300400")


def test_the_export_for_the_billing_system_contains_it(home: SampleWorld, clerk: User) -> None:
    made = change(home, phone="600300400")
    waiting = change_other(home)
    requesting.decide(made, approve=True, by=clerk)
    outlet = next(
        o for _owner, o in registry.contributions("outlets") if o.key == "client_zone.approved_requests"
    )
    assert list(outlet.records()) == [made]
    cells = dict(
        zip((column.name for column in outlet.columns), outlet.cells(outlet.records()[0]), strict=True)
    )
    assert cells["customer_code"] == "PROBA-1"
    assert json.loads(str(cells["changes"]))["phone"].endswith("600300400")
    assert waiting.is_waiting


def test_the_day_of_a_decision_is_the_day_in_poland(home: SampleWorld, clerk: User) -> None:
    made = change(home, phone="600300400")
    with time_machine.travel(datetime(2026, 6, 30, 22, 30, tzinfo=UTC), tick=False):
        requesting.decide(made, approve=True, by=clerk)
    outlet = next(
        o for _owner, o in registry.contributions("outlets") if o.key == "client_zone.approved_requests"
    )
    (row,) = outlet.records()
    assert date(2026, 7, 1) in outlet.cells(row)


def change_other(home: SampleWorld) -> AccountRequest:
    return requesting.send_request(home.customer, RequestKind.OTHER, remark="x", by=home.owner)


def test_a_refusal_needs_words(home: SampleWorld, as_user: Enter, clerk: User) -> None:
    made = change(home, phone="600300400")
    address = reverse("employee:client_zone:request", kwargs={"pk": made.pk})
    answer = as_user(clerk).post(address, {"do": "refuse", "answer": " "})
    assert "answer" in answer.context["form"].errors
    made.refresh_from_db()
    assert made.is_waiting


def test_two_clerks_at_once(home: SampleWorld, as_user: Enter, clerk: User) -> None:
    made = change(home, phone="600300400")
    requesting.decide(made, approve=True, by=clerk)
    address = reverse("employee:client_zone:request", kwargs={"pk": made.pk})
    answer = as_user(clerk).post(address, {"do": "refuse", "answer": "Nie da się."})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    made.refresh_from_db()
    assert made.state == RequestState.APPROVED
    assert Event.objects.filter(kind="client_zone.request_refused").count() == 0


def test_a_client_withdraws_before_the_decision_only(home: SampleWorld, owner: Client, clerk: User) -> None:
    made = change(home, phone="600300400")
    address = reverse("client:client_zone:request", kwargs={"pk": made.pk})
    owner.post(address)
    made.refresh_from_db()
    assert made.state == RequestState.WITHDRAWN
    owner.post(address)
    assert Event.objects.filter(kind="client_zone.request_withdrawn").count() == 1
    with pytest.raises(requesting.RequestRefused):
        requesting.decide(made, approve=True, by=clerk)


@pytest.mark.parametrize("count", [1, 30])
def test_queues_take_the_same_queries(
    count: int,
    home: SampleWorld,
    as_user: Enter,
    owner: Client,
    clerk: User,
    assert_queries: Callable[[int], object],
) -> None:
    for _number in range(count):
        change_other(home)
    for client, address, queries in (
        (owner, reverse("client:client_zone:requests"), 8),
        (as_user(clerk), reverse("employee:client_zone:request_queue"), 7),
    ):
        client.get(address)
        with assert_queries(queries):  # type: ignore[attr-defined]
            client.get(address)


def test_the_queue_pages_by_key(home: SampleWorld, as_user: Enter, clerk: User) -> None:
    for _number in range(35):
        change_other(home)
    office, address = as_user(clerk), reverse("employee:client_zone:request_queue")
    first = office.get(address)
    assert len(first.context["rows"]) == 30
    second = office.get(f"{address}?po={first.context['next_after']}")
    assert len(second.context["rows"]) == 5
    assert not {row.pk for row in first.context["rows"]} & {row.pk for row in second.context["rows"]}
    assert office.get(f"{address}?q=Inny").context["rows"] == []
    assert len(office.get(f"{address}?q={home.secret}").context["rows"]) == 30
