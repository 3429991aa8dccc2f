"""Sending readings in the client zone: one meter, several, two registers, doubts, twice, two people."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from ebok.accounts.models import User
from ebok.customers.access import give_access
from ebok.customers.models import AccessRole, Meter, Scope, SettlementForm
from ebok.journal.models import Event
from ebok.notifications.models import Message
from ebok.testing import mirror
from ebok.testing.people import person
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_odczyt import services
from ebok_plugins.e_odczyt.models import ReadingWindow, SentReading, SentState
from tests.plugins.e_odczyt.conftest import meter_with_past

pytestmark = pytest.mark.django_db


STREETS = ("Długa", "Jasna", "Krótka", "Lipowa", "Nowa", "Polna", "Rynek", "Szkolna", "Wąska", "Zielona")


def at(name: str, **arguments: object) -> str:
    return reverse(f"client:e_odczyt:{name}", kwargs=arguments or None)


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ").split())


def form(meter: Meter, value: str, register: int = 1, **more: object) -> dict[str, object]:
    return {
        f"m{meter.pk}-{register}": value,
        "dzien": "2026-05-14",
        "klucz": str(uuid.uuid4()),
        **{name.replace("__", "-"): value for name, value in more.items()},
    }


@pytest.mark.feature("F01", "F09", "N02")
def test_one_reading_is_stored_journalled_and_confirmed(
    owner: Client, meter: Meter, home: SampleWorld
) -> None:
    page = words(owner.get(at("enter")))
    assert "Poprzednio 412 m³ · 15 kwietnia" in page
    answer = owner.post(at("enter"), form(meter, "00417"), follow=True)
    assert "Dziękujemy, wszystko się zgadza." in words(answer)
    row = SentReading.objects.get()
    assert (row.value, row.usage, row.state) == (Decimal(417), Decimal(5), SentState.ACCEPTED)
    # Five units for 10.00 net and 8 % VAT.
    assert row.expected_cost == Decimal("54.00")
    assert Event.objects.filter(kind="e_odczyt.readings_sent", customer_id=home.customer.pk).count() == 1
    mail = Message.objects.get(channel="email")
    assert mail.address == home.owner.email
    assert "18340221: 417 m³" in mail.body.replace("\xa0", " ")
    assert "54,00 zł" in mail.body.replace("\xa0", " ")


@pytest.mark.feature("F08")
def test_a_doubt_is_said_and_must_be_confirmed(owner: Client, meter: Meter) -> None:
    typed = form(meter, "431")
    page = words(owner.post(at("enter"), typed))
    assert "To trzy razy więcej niż zwykle." in page
    assert 'value="431"' in page
    assert "205,20 zł" in page
    assert not SentReading.objects.exists()
    typed |= {f"m{meter.pk}-1-tak": "1", f"m{meter.pk}-1-uwaga": "Napełnialiśmy basen"}
    page = words(owner.post(at("enter"), typed, follow=True))
    assert "Pracownik spojrzy" in page
    row = SentReading.objects.get()
    assert (row.state, row.doubts, row.remark) == (SentState.DOUBTFUL, ["too_high"], "Napełnialiśmy basen")


@pytest.mark.feature("F08")
def test_a_refused_reading_cannot_be_confirmed(owner: Client, meter: Meter) -> None:
    page = words(owner.post(at("enter"), form(meter, "400") | {f"m{meter.pk}-1-tak": "1"}))
    assert "Odczyt nie może być niższy niż poprzedni (412)." in page
    assert "Popraw jedno pole" in page
    assert 'aria-invalid="true"' in page
    assert not SentReading.objects.exists()


@pytest.mark.feature("F03", "F05")
def test_all_meters_of_a_point_and_both_registers_in_one_form(owner: Client, home: SampleWorld) -> None:
    first = meter_with_past(home, number="A-1")
    second = mirror.meter(first.point, number="A-2", registers=2)
    for register, value in ((1, "88"), (2, "140")):
        mirror.reading(second, date(2026, 4, 15), value, register=register)
    stranger = mirror.meter(mirror.point(home.customer), number="B-1")
    address = f"{at('enter')}?punkt={first.point_id}"
    page = words(owner.get(address))
    assert f'name="m{second.pk}-1"' in page
    assert page.index(f'name="m{second.pk}-1"') < page.index(f'name="m{second.pk}-2"')
    assert f'name="m{stranger.pk}-1"' not in page
    typed = form(first, "418") | {f"m{second.pk}-1": "91", f"m{second.pk}-2": "139"}
    page = words(owner.post(address, typed))
    assert "Odczyt nie może być niższy niż poprzedni (140)." in page
    # What was typed stays, and nothing is sent by halves.
    assert 'value="91"' in page
    assert 'value="418"' in page
    assert not SentReading.objects.exists()
    owner.post(address, typed | {f"m{second.pk}-2": "141"})
    assert sorted(SentReading.objects.values_list("meter__number", "register", "value")) == [
        ("A-1", 1, Decimal(418)),
        ("A-2", 1, Decimal(91)),
        ("A-2", 2, Decimal(141)),
    ]
    assert len(set(SentReading.objects.values_list("client_key", flat=True))) == 1


@pytest.mark.feature("F03")
def test_a_manager_ticks_meters(owner: Client, home: SampleWorld) -> None:
    meters = [mirror.meter(mirror.point(home.customer, street=f"ul. {name}")) for name in STREETS]
    assert owner.get(at("enter")).headers["Location"] == at("choose")
    page = words(owner.get(at("choose")))
    assert meters[9].number in page
    page = words(owner.get(f"{at('enter')}?licznik={meters[0].pk}&licznik={meters[5].pk}&licznik=abc"))
    assert meters[5].number in page
    assert meters[1].number not in page
    assert words(owner.get(f"{at('choose')}?q=Jasna")).count('name="licznik"') == 1


@pytest.mark.feature("F01")
def test_the_same_form_sent_twice_is_stored_once(owner: Client, meter: Meter) -> None:
    typed = form(meter, "417")
    first, second = owner.post(at("enter"), typed), owner.post(at("enter"), typed)
    assert first.headers["Location"] == second.headers["Location"]
    assert SentReading.objects.count() == 1
    assert Message.objects.filter(channel="email").count() == 1


@pytest.mark.feature("F01")
def test_of_two_people_the_second_is_told(
    owner: Client, meter: Meter, home: SampleWorld, as_user: Callable[[User | None], Client]
) -> None:
    partner = person("partner@example.org")
    give_access(home.customer, partner, role=AccessRole.HOUSEHOLD)
    # Both opened the form before either sent it.
    row = SentReading(
        customer=home.customer, point=meter.point, meter=meter, read_on=date(2026, 5, 14), value=417
    )
    services.send(
        home.customer,
        [services.Item(point=meter.point, meter=meter, value=Decimal(417))],
        on=row.read_on,
        key=uuid.uuid4(),
        site=home.site,
        by=partner,
    )
    with pytest.raises(services.Refused, match="12:00: 417"):
        services.send(
            home.customer,
            [services.Item(point=meter.point, meter=meter, value=Decimal(418))],
            on=row.read_on,
            key=uuid.uuid4(),
            site=home.site,
            by=home.owner,
        )
    page = words(owner.post(at("enter"), form(meter, "418")))
    assert "Mamy już odczyt z 14 maja 2026." in page
    assert SentReading.objects.count() == 1


@pytest.mark.feature("F08")
def test_reading_windows_close_zones(owner: Client, meter: Meter, home: SampleWorld) -> None:
    ReadingWindow.objects.create(
        site=home.site, zone="A", opens_on=date(2026, 6, 10), closes_on=date(2026, 6, 20)
    )
    page = words(owner.get(at("enter")))
    assert "Okno odczytu jest zamknięte." in page
    assert "10 czerwca 2026" in page
    assert "Odczytów z tego dnia nie rozliczamy." in words(owner.post(at("enter"), form(meter, "417")))
    ReadingWindow.objects.update(opens_on=date(2026, 5, 10), closes_on=date(2026, 5, 20))
    owner.post(at("enter"), form(meter, "417"))
    assert SentReading.objects.count() == 1


@pytest.mark.feature("F08")
def test_while_typing_the_server_says_the_same(owner: Client, meter: Meter) -> None:
    page = words(owner.post(at("check"), form(meter, "431")))
    assert "To trzy razy więcej niż zwykle." in page
    assert f'id="m{meter.pk}-1-wynik"' in page
    assert "205,20" in page
    assert not SentReading.objects.exists()
    assert owner.get(at("check")).status_code == 405


def png(size: tuple[int, int] = (20, 10)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    return out.getvalue()


@pytest.mark.feature("F01")
def test_a_photograph_is_drawn_anew_and_seen_by_nobody_else(
    owner: Client, meter: Meter, home: SampleWorld, as_user: Callable[[User | None], Client]
) -> None:
    bad = SimpleUploadedFile("licznik.png", b"GIF89a not a picture", "image/png")
    page = words(owner.post(at("enter"), form(meter, "417") | {f"m{meter.pk}-zdjecie": bad}))
    assert "licznik.png" in page
    assert not SentReading.objects.exists()
    good = SimpleUploadedFile("licznik.png", png() + b"<script>hidden</script>", "image/png")
    owner.post(at("enter"), form(meter, "417") | {f"m{meter.pk}-zdjecie": good})
    row = SentReading.objects.get()
    with row.photo.open() as kept:
        assert b"script" not in kept.read()
    answer = owner.get(at("photo", pk=row.pk))
    assert answer["Content-Type"] == "image/png"
    assert as_user(home.other).get(at("photo", pk=row.pk)).status_code == 404


@pytest.mark.feature("F02")
def test_usage_is_declared_where_there_is_no_meter(owner: Client, home: SampleWorld) -> None:
    mirror.norm("N3", "3.000", date(2026, 1, 1))
    point = mirror.point(
        home.customer, settlement_form=SettlementForm.FLAT, norm_code="N3", persons=4, code="RYCZALT"
    )
    assert "Bez licznika" in words(owner.get(at("choose")))
    page = words(owner.get(at("declare", pk=point.pk)))
    assert "12,0 m³ miesięcznie" in page
    typed = {"usage": "9,5", "day": "2026-05-14", "remark": "Nie było nas", "key": str(uuid.uuid4())}
    assert "Ten dzień dopiero nadejdzie." in words(
        owner.post(at("declare", pk=point.pk), typed | {"day": "2026-06-01"})
    )
    owner.post(at("declare", pk=point.pk), typed)
    row = SentReading.objects.get()
    assert (row.meter, row.usage, row.state) == (None, Decimal("9.5"), SentState.DOUBTFUL)
    assert "9,500 m³" in words(owner.get(at("history")))


@pytest.mark.feature("F01")
def test_a_reading_can_be_withdrawn_until_it_is_handed_over(
    owner: Client, meter: Meter, home: SampleWorld
) -> None:
    owner.post(at("enter"), form(meter, "417"))
    row = SentReading.objects.get()
    owner.post(at("withdraw", pk=row.pk))
    row.refresh_from_db()
    assert row.state == SentState.WITHDRAWN
    assert Event.objects.filter(kind="e_odczyt.reading_withdrawn").count() == 1
    # The day is free again.
    owner.post(at("enter"), form(meter, "418"))
    other = SentReading.objects.get(state=SentState.ACCEPTED)
    SentReading.objects.filter(pk=other.pk).update(state=SentState.EXPORTED)
    page = words(owner.post(at("withdraw", pk=other.pk), follow=True))
    assert "Nic nie zostało zmienione." in page
    other.refresh_from_db()
    assert other.state == SentState.EXPORTED


def test_only_who_may_send_readings_sends_them(
    meter: Meter, home: SampleWorld, as_user: Callable[[User | None], Client]
) -> None:
    accountant = person("bills@example.org")
    give_access(home.customer, accountant, scopes=[Scope.BILLS])
    for someone in (accountant, home.other):
        client = as_user(someone)
        answer = client.post(f"{at('enter')}?licznik={meter.pk}", form(meter, "417"))
        assert answer.status_code == 404
    assert not SentReading.objects.exists()


def test_the_form_asks_the_same_for_one_and_for_thirty(
    owner: Client, home: SampleWorld, assert_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    meters = [meter_with_past(home) for _number in range(30)]
    one = f"{at('enter')}?licznik={meters[0].pk}"
    thirty = f"{at('enter')}?" + "&".join(f"licznik={meter.pk}" for meter in meters)
    owner.get(one)
    for address in (one, thirty):
        with assert_queries(19):
            owner.get(address)
