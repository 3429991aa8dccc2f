"""Customers and what is theirs, entered, corrected, approved and deleted in the Wagtail admin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from ebok.accounts.models import User
from ebok.customers.models import Customer, CustomerGroup, GroupMember, Meter
from ebok.exchange import natural_keys, refreshing
from ebok.exchange.mirror import Source
from ebok.journal.models import Detail, Event
from ebok.testing import mirror as building
from tests.ebok.exchange.register_pages import staff, text, version, wrong

pytestmark = pytest.mark.django_db
CUSTOMERS = "/admin/kartoteka/klienci/"
POINTS = "/admin/kartoteka/punkty/"
METERS = "/admin/kartoteka/liczniki/"
CONTRACTS = "/admin/kartoteka/umowy/"
GROUPS = "/admin/kartoteka/grupy/"
LISTS = (CUSTOMERS, POINTS, METERS, CONTRACTS, GROUPS)


@pytest.fixture
def clerk(db: None) -> User:
    return staff("pisze@example.org", "customers.view", "billing.view", "customers.change", "billing.change")


@pytest.fixture
def writing(clerk: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(clerk)


def of_form(**typed: str) -> dict[str, str]:
    """What a browser sends of an empty form of a customer."""
    return {
        "code": "K-77",
        "name": "Jan Kowalski",
        "kind": "household",
        "status": "active",
        "settlement_form": "metered",
        "version": "",
        **typed,
    }


# Entering and correcting -----------------------------------------------------------------


@pytest.mark.feature("L01")
def test_a_customer_is_added_in_groups(writing: Client, clerk: User) -> None:
    group = CustomerGroup.objects.create(pk=natural_keys.take("groups", "VIP"), code="VIP", name="Ważni")
    answer = writing.post(f"{CUSTOMERS}nowy/", {**of_form(nip="526-104-08-28"), "member_of": [str(group.pk)]})
    customer = Customer.objects.get()
    assert answer["Location"] == f"{CUSTOMERS}podglad/{customer.pk}/"
    assert (customer.nip, customer.source, customer.approved_at) == ("5261040828", Source.ENTERED, None)
    codes = customer.memberships.order_by("group__code").values_list("group__code", flat=True)
    assert list(codes) == ["CLIENTS", "VIP"]
    assert (
        Event.objects.get(
            kind="customers.entered", customer_id=customer.pk, object_type="customers.customer"
        ).actor_id
        == clerk.pk
    )


@pytest.mark.feature("L01")
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(writing: Client) -> None:
    answer = writing.post(
        f"{CUSTOMERS}nowy/", of_form(code="", nip="5261040829", postcode="6220", name="Jan <b>")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert wrong(page) == ["code", "nip", "postcode"]
    assert ('value="5261040829"' in page, 'value="Jan &lt;b&gt;"' in page) == (True, True)
    assert re.findall(r'aria-describedby="(\S*id_nip_error)"', page) == ["id_nip_error"]
    assert Customer.objects.count() == 0


def test_a_code_that_is_taken_is_said_at_the_code(writing: Client) -> None:
    building.customer(code="K-77")
    page = writing.post(f"{CUSTOMERS}nowy/", of_form()).content.decode()
    assert wrong(page) == ["code"]


@pytest.mark.feature("L02")
def test_a_customer_is_corrected(writing: Client) -> None:
    customer = building.customer(code="K-1", name="Anna Nowak", email="anna@example.org", pesel_hash="a" * 64)
    customer.refresh_from_db()
    url = f"{CUSTOMERS}popraw/{customer.pk}/"
    copy = version(text(writing, url))
    writing.post(url, of_form(code="K-1", name="Anna Nowak-Kowalska", version=copy))
    customer.refresh_from_db()
    assert (customer.name, customer.email, customer.pesel_hash) == ("Anna Nowak-Kowalska", "", "a" * 64)
    assert customer.corrected_at is not None


@pytest.mark.feature("L02")
def test_two_people_at_once_do_not_overwrite_each_other(writing: Client) -> None:
    customer = building.customer(code="K-1", name="Anna Nowak")
    customer.refresh_from_db()
    url, stale = f"{CUSTOMERS}popraw/{customer.pk}/", customer.changed_at.isoformat()
    writing.post(url, of_form(code="K-1", name="Pierwsza", version=stale))
    answer = writing.post(url, of_form(code="K-1", name="Druga", version=stale))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ("Pierwsza" in page, 'value="Druga"' in page) == (True, True)
    assert Customer.objects.get().name == "Pierwsza"
    copy = version(page)
    writing.post(url, of_form(code="K-1", name="Druga", version=copy))
    assert Customer.objects.get().name == "Druga"


def test_a_membership_given_by_the_billing_system_stays(writing: Client) -> None:
    customer = building.customer(code="K-1")
    group = CustomerGroup.objects.create(pk=natural_keys.take("groups", "VIP"), code="VIP", name="Ważni")
    GroupMember.objects.create(customer=customer, group=group, source=Source.IMPORTED)
    customer.refresh_from_db()
    url = f"{CUSTOMERS}popraw/{customer.pk}/"
    answer = writing.post(url, of_form(code="K-1", name="Inna", version=customer.changed_at.isoformat()))
    assert "Ważni" in answer.content.decode()
    assert (answer.status_code, Customer.objects.get().name) == (422, "Anna Nowak")


@pytest.mark.feature("M08")
def test_points_contracts_and_meters_are_entered_for_their_customer(writing: Client) -> None:
    customer, other = building.customer(code="K-1"), building.customer(code="K-2")
    theirs = building.contract(other, number="U/OBCA")
    writing.post(
        f"{CONTRACTS}nowy/", {"customer_code": "K-1", "number": "U/1", "recipient_kind": "household"}
    )
    point = {
        "customer_code": "K-1",
        "code": "P-1",
        "service": "water",
        "status": "active",
        "settlement_form": "metered",
    }
    refused = writing.post(f"{POINTS}nowy/", {**point, "contract_number": theirs.number})
    assert re.findall(r'id="id_(\w+)_error"', refused.content.decode())[0] == "contract_number"
    writing.post(f"{POINTS}nowy/", {**point, "contract_number": "U/1"})
    meter = {
        "customer_code": "K-1",
        "point_code": "P-1",
        "number": "M-1",
        "digits": "5",
        "decimals": "0",
        "role": "metered",
        "mounted_state": "1 234,5",
        "is_active": "on",
    }
    assert writing.post(f"{METERS}nowy/", {**meter, "point_code": "P-404"}).status_code == 422
    assert writing.post(f"{METERS}nowy/", meter).status_code == 302
    made = Meter.objects.select_related("point__contract").get()
    assert (made.customer_id, made.point.code, made.mounted_state) == (
        customer.pk,
        "P-1",
        Decimal("1234.500"),
    )
    assert made.point.contract is not None
    assert made.point.contract.number == "U/1"


def test_the_form_may_begin_with_the_customer(writing: Client) -> None:
    assert 'value="K-1"' in text(writing, f"{POINTS}nowy/", customer_code="K-1")


@pytest.mark.parametrize(
    "value", ["\x00", "a\x00b", "x" * 5000, "=1+1", "💧", "<script>", "99999999999999999999"]
)
@pytest.mark.parametrize("path", ["klienci", "umowy", "punkty", "liczniki", "grupy"])
def test_nothing_typed_is_an_error_of_ours(writing: Client, path: str, value: str) -> None:
    url = f"/admin/kartoteka/{path}/nowy/"
    fields = set(re.findall(r'name="(\w+)"', text(writing, url)))
    answer = writing.post(url, dict.fromkeys(fields - {"csrfmiddlewaretoken"}, value))
    assert answer.status_code in (302, 422)


# Approving and deleting ------------------------------------------------------------------


@pytest.mark.feature("K15")
def test_approved_customers_are_deleted_by_the_superadministrator_with_a_reason(
    writing: Client, superuser: User, signed_in: Callable[[User], Client]
) -> None:
    writing.post(f"{CUSTOMERS}nowy/", of_form())
    customer = Customer.objects.get()
    approving = signed_in(staff("zatwierdza@example.org", "customers.view", "customers.approve"))
    approving.post(f"{CUSTOMERS}zatwierdz/{customer.pk}/")
    url = f"{CUSTOMERS}usun/{customer.pk}/"
    assert writing.post(url, {"reason": "pomyłka"}).status_code == 302
    assert Customer.objects.count() == 1
    root = signed_in(superuser)
    assert "Powód" in text(root, url)
    refused = root.post(url, {"reason": " "})
    assert (refused.status_code, Customer.objects.count()) == (422, 1)
    assert root.post(url, {"reason": "wpisany dwa razy"})["Location"] == CUSTOMERS
    assert Customer.objects.count() == 0
    event = Event.objects.get(kind="customers.deleted")
    assert Detail.objects.get(event_id=event.pk).payload["reason"] == "wpisany dwa razy"


@pytest.mark.feature("L01")
def test_why_a_customer_stays_is_a_sentence(superuser: User, signed_in: Callable[[User], Client]) -> None:
    customer = building.customer()
    building.point(customer)
    answer = signed_in(superuser).post(f"{CUSTOMERS}usun/{customer.pk}/", {"reason": "porządki"})
    page = answer.content.decode()
    assert (answer.status_code, "punkty" in page, Customer.objects.count()) == (422, True, 1)


def test_what_is_not_approved_goes_with_who_entered_it(writing: Client) -> None:
    writing.post(f"{CUSTOMERS}nowy/", of_form())
    writing.post(f"{CUSTOMERS}usun/{Customer.objects.get().pk}/", {"reason": ""})
    assert Customer.objects.count() == 0


class Billing:
    """A system that can be asked about one customer."""

    key = "test.billing"
    title: Any = "Biling"

    def fetch(self, customer_code: str) -> Iterable[tuple[str, Iterable[Mapping[str, Any]]]]:
        return [("customers", [{"code": customer_code, "name": "Anna Nowak-Kowalska"}])]


@pytest.mark.feature("K12")
def test_a_customers_data_are_renewed_by_a_button(
    restored_db: None, superuser: User, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        refreshing, "ways", lambda: [refreshing.Way("test.billing", "Biling", adapter=Billing())]
    )
    customer = building.customer(code="K-1", name="Anna Nowak")
    client = signed_in(superuser)
    url = f"{CUSTOMERS}odswiez/{customer.pk}/?way=test.billing"
    assert f'action="{url}"' in text(client, f"{CUSTOMERS}podglad/{customer.pk}/")
    assert client.get(url).status_code == 405
    client.post(url)
    customer.refresh_from_db()
    assert customer.name == "Anna Nowak-Kowalska"
    assert "Dane pobrano: przejęta" in text(client, f"{CUSTOMERS}podglad/{customer.pk}/")


def test_renewing_needs_the_right_to_upload_and_somebody_to_ask(
    writing: Client, superuser: User, signed_in: Callable[[User], Client]
) -> None:
    customer = building.customer()
    url = f"{CUSTOMERS}odswiez/{customer.pk}/"
    assert writing.post(url)["Location"] == "/admin/"
    client = signed_in(superuser)
    client.post(url)
    page = text(client, f"{CUSTOMERS}podglad/{customer.pk}/")
    assert ("o jednego klienta" in page, "Odśwież dane klienta" in page) == (True, False)
