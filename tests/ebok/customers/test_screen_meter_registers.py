"""Registers of meters, entered, corrected and deleted on the meter's page (C04, F05)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from ebok.accounts.models import User
from ebok.customers.models import Meter, MeterRegister
from ebok.exchange.mirror import Source
from ebok.exchange.models import Finding
from ebok.journal.models import Event
from ebok.testing import mirror
from tests.ebok.exchange.deliveries import take_in, write
from tests.ebok.exchange.register_pages import staff, text, version, wrong

METERS = "/admin/kartoteka/liczniki/"
NIGHT = {"number": "2", "name": "nocna", "unit": "kWh", "multiplier": "1,5", "version": ""}

pytestmark = pytest.mark.django_db


@pytest.fixture
def writing(db: None, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(staff("pisze@example.org", "customers.view", "customers.change"))


@pytest.fixture
def meter(db: None) -> Meter:
    return mirror.meter(mirror.point(mirror.customer()))


def at(meter: Meter, action: str = "liczydlo", number: int | str = "") -> str:
    return f"{METERS}{action}/{meter.pk}/" + (f"?numer={number}" if number else "")


@pytest.mark.feature("C04", "F05")
def test_a_second_register_is_entered_and_corrected(writing: Client, meter: Meter) -> None:
    assert at(meter) in text(writing, f"{METERS}podglad/{meter.pk}/")
    answer = writing.post(at(meter), NIGHT)
    assert answer["Location"] == f"{METERS}podglad/{meter.pk}/"
    register = MeterRegister.objects.get(meter=meter, number=2)
    assert (register.name, register.multiplier, register.source) == ("nocna", Decimal("1.5"), Source.ENTERED)
    copy = version(text(writing, at(meter, number=2)))
    corrected = NIGHT | {"name": "nocna II", "number": "9", "version": copy}
    assert writing.post(at(meter, number=2), corrected).status_code == 302
    register.refresh_from_db()
    assert (register.number, register.name) == (2, "nocna II")
    assert writing.post(at(meter, number=2), corrected).status_code == 422
    kinds = Event.objects.filter(customer_id=meter.customer_id).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["customers.entered", "customers.corrected"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"number": "1"}, "number"),
        ({"number": "0"}, "number"),
        ({"number": ""}, "number"),
        ({"multiplier": "-1"}, "multiplier"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    writing: Client, meter: Meter, typed: dict[str, str], field: str
) -> None:
    answer = writing.post(at(meter), NIGHT | typed)
    assert answer.status_code == 422
    assert wrong(answer.content.decode()) == [field]
    assert MeterRegister.objects.count() == 1


def test_a_multiplier_of_nothing_is_said(writing: Client, meter: Meter) -> None:
    assert writing.post(at(meter), NIGHT | {"multiplier": "0"}).status_code == 422
    assert MeterRegister.objects.count() == 1


def test_the_form_does_not_leave_its_meter(writing: Client, meter: Meter) -> None:
    other = mirror.meter(mirror.point(mirror.customer()))
    stolen = NIGHT | {"meter_number": other.number, "customer_code": other.customer.code}
    assert writing.post(at(meter), stolen).status_code == 302
    assert MeterRegister.objects.get(number=2).meter == meter


@pytest.mark.parametrize("number", ["7", "0", "x", "-1", "99999999999999999999", "²"])
def test_a_register_that_is_not_there_is_not_found(writing: Client, meter: Meter, number: str) -> None:
    assert writing.get(at(meter, number=number)).status_code == 404
    assert writing.get(at(meter, "liczydlo-usun", number)).status_code == 404


@pytest.mark.feature("K15")
def test_only_what_was_entered_is_deleted_by_others(
    writing: Client, meter: Meter, superuser: User, signed_in: Callable[[User], Client]
) -> None:
    writing.post(at(meter), NIGHT)
    assert writing.post(at(meter, "liczydlo-usun", 1), {"reason": "x"}).status_code == 422
    assert writing.post(at(meter, "liczydlo-usun", 2), {"reason": ""}).status_code == 302
    assert [one.number for one in MeterRegister.objects.all()] == [1]
    root = signed_in(superuser)
    assert root.post(at(meter, "liczydlo-usun", 1), {"reason": ""}).status_code == 422
    assert root.post(at(meter, "liczydlo-usun", 1), {"reason": "nie istnieje"}).status_code == 302
    assert not MeterRegister.objects.exists()


def test_who_may_only_look_changes_nothing(meter: Meter, signed_in: Callable[[User], Client]) -> None:
    reading = signed_in(staff("czyta@example.org", "customers.view"))
    assert "liczydlo" not in text(reading, f"{METERS}podglad/{meter.pk}/").replace("liczydla", "")
    assert reading.post(at(meter), NIGHT).status_code == 302
    assert reading.post(at(meter, "liczydlo-usun", 1), {"reason": "x"}).status_code == 302
    assert [one.number for one in MeterRegister.objects.all()] == [1]


@pytest.mark.feature("M08")
def test_a_correction_is_a_conflict_for_a_later_delivery(
    writing: Client, tmp_path: Path, restored_db: None
) -> None:
    files = {
        "customers": ["code;name", "K-1;Anna"],
        "service_points": ["customer_code;code", "K-1;P-1"],
        "meters": ["customer_code;point_code;number", "K-1;P-1;M-1"],
        "registers": ["customer_code;meter_number;number;name", "K-1;M-1;1;dzienna"],
    }
    take_in(write(tmp_path / "first", **files))
    meter = Meter.objects.get()
    typed = NIGHT | {"name": "szczyt", "version": version(text(writing, at(meter, number=1)))}
    assert writing.post(at(meter, number=1), typed).status_code == 302
    files["registers"][1] = "K-1;M-1;1;cała doba"
    delivery = take_in(write(tmp_path / "second", **files))
    finding = Finding.objects.get(part__delivery=delivery)
    assert (finding.kind, finding.ours["name"]) == ("conflict", "szczyt")
    assert MeterRegister.objects.get().name == "szczyt"
