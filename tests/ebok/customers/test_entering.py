"""Rows entered, corrected, approved and deleted by hand, through the validator of the files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from ebok.accounts.models import User
from ebok.billing.models import LedgerEntry
from ebok.customers.models import Customer
from ebok.exchange import entering, natural_keys
from ebok.exchange.entering import Refused
from ebok.exchange.mirror import Source
from ebok.journal.models import Detail, Event
from ebok.testing import mirror as building
from ebok.testing.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(db: None) -> User:
    return person("clerk@example.org")


@pytest.fixture
def superadministrator(db: None) -> User:
    return User.objects.create_superuser(email="root@example.org", password="Lipowo-Woda-2026")


def _new(**fields: object) -> Customer:
    return Customer(**{"code": "K-77", "name": "Jan Kowalski", **fields})


@pytest.mark.feature("L01")
def test_a_customer_entered_by_hand_is_known_by_its_code(clerk: User) -> None:
    customer = entering.enter(_new(virtual_account="12999900001234567800000096"), actor=clerk)
    key = natural_keys.find("customers", "K-77")
    assert key is not None
    assert (key.object_id, key.customer_id) == (customer.pk, customer.pk)
    account = natural_keys.find("customers.virtual_account", "12999900001234567800000096")
    assert account is not None
    assert account.object_id == customer.pk
    assert (customer.source, customer.is_locked) == (Source.ENTERED, False)
    event = Event.objects.get(kind="customers.entered")
    assert event.customer_id == customer.pk


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nip", "5261040829"),
        ("regon", "123456789"),
        ("virtual_account", "12999900001234567800000097"),
        ("email", "nie ma małpy"),
        ("postcode", "6220"),
        ("code", ""),
        ("name", "x" * 300),
    ],
)
@pytest.mark.feature("L01")
def test_what_the_validator_refuses_is_said_at_its_field(clerk: User, field: str, value: str) -> None:
    with pytest.raises(ValidationError) as refused:
        entering.enter(_new(**{field: value}), actor=clerk)
    assert list(refused.value.message_dict) == [field]
    assert Customer.objects.count() == 0


def test_what_can_mean_one_thing_only_is_kept_in_its_one_spelling(clerk: User) -> None:
    customer = entering.enter(_new(postcode="62200", nip="526-104-08-28"), actor=clerk)
    customer.refresh_from_db()
    assert (customer.postcode, customer.nip) == ("62-200", "5261040828")


def test_a_code_that_is_taken_is_refused_and_nothing_is_left(clerk: User) -> None:
    entering.enter(_new(), actor=clerk)
    with pytest.raises(ValidationError) as refused:
        entering.enter(_new(name="Inny"), actor=clerk)
    assert list(refused.value.message_dict) == ["code"]
    assert [customer.name for customer in Customer.objects.all()] == ["Jan Kowalski"]


@pytest.mark.feature("L02")
def test_a_correction_is_marked_and_journalled_with_what_changed(clerk: User) -> None:
    customer = building.customer(name="Anna Nowak")
    customer.name = "Anna Nowak-Kowalska"
    entering.correct(customer, actor=clerk)
    customer.refresh_from_db()
    assert (customer.name, customer.source) == ("Anna Nowak-Kowalska", Source.IMPORTED)
    assert customer.corrected_at is not None
    event = Event.objects.get(kind="customers.corrected")
    assert Detail.objects.get(event_id=event.pk).payload == {
        "changes": {"name": ["Anna Nowak", "Anna Nowak-Kowalska"]}
    }


def test_saving_without_a_change_leaves_no_trace(clerk: User) -> None:
    customer = building.customer()
    entering.correct(customer, actor=clerk)
    assert Customer.objects.get(pk=customer.pk).corrected_at is None
    assert not Event.objects.filter(kind="customers.corrected").exists()


def test_a_new_code_renames_the_natural_key(clerk: User) -> None:
    customer = building.customer(code="OLD")
    customer.code = "NEW"
    entering.correct(customer, actor=clerk)
    found = natural_keys.find("customers", "NEW")
    assert found is not None
    assert found.object_id == customer.pk
    assert natural_keys.find("customers", "OLD") is None


@pytest.mark.feature("K15")
def test_approved_rows_are_deleted_by_the_superadministrator_alone_and_with_a_reason(
    clerk: User, superadministrator: User
) -> None:
    customer = entering.enter(_new(), actor=clerk)
    entering.approve(customer, actor=clerk)
    with pytest.raises(Refused):
        entering.delete(customer, reason="pomyłka", actor=clerk)
    with pytest.raises(Refused):
        entering.delete(customer, reason=" ", actor=superadministrator)
    entering.delete(customer, reason="wpisany dwa razy", actor=superadministrator)
    assert Customer.objects.count() == 0
    assert natural_keys.find("customers", "K-77") is None
    event = Event.objects.get(kind="customers.deleted")
    assert Detail.objects.get(event_id=event.pk).payload["reason"] == "wpisany dwa razy"


def test_a_row_that_is_not_approved_may_be_deleted_by_who_entered_it(clerk: User) -> None:
    customer = entering.enter(_new(), actor=clerk)
    entering.delete(customer, reason="", actor=clerk)
    assert Customer.objects.count() == 0


def test_a_customer_with_a_point_stays(superadministrator: User) -> None:
    customer = building.customer()
    building.point(customer)
    with pytest.raises(Refused):
        entering.delete(customer, reason="porządki", actor=superadministrator)


@pytest.mark.feature("L03")
@pytest.mark.feature("M08")
def test_a_ledger_entry_entered_by_hand_keeps_the_rules_of_the_files(clerk: User) -> None:
    entry = LedgerEntry(
        customer=building.customer(),
        number="KS/1",
        booked_on=date(2026, 5, 1),
        amount=Decimal("10.00"),
        open_amount=Decimal("11.00"),
    )
    with pytest.raises(ValidationError):
        entering.enter(entry, actor=clerk)
    entry.open_amount = Decimal("10.00")
    entering.enter(entry, actor=clerk)
    assert LedgerEntry.objects.get().number == "KS/1"
