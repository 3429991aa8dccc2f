"""Tariffs with versions and components, and norms, entered and corrected by hand (C07, C08)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from ebok.accounts.models import User
from ebok.billing.models import FlatRateNorm, Tariff, TariffComponent, TariffVersion
from ebok.billing.queries import prices_on
from ebok.exchange.models import Finding, FindingKind
from ebok.journal.models import Event
from ebok.testing import mirror
from tests.ebok.exchange.deliveries import take_in, write
from tests.ebok.exchange.register_pages import staff, text, version, wrong

TARIFFS = "/admin/rozliczenia/taryfy/"
VERSIONS = "/admin/rozliczenia/wersje-taryf/"
COMPONENTS = "/admin/rozliczenia/ceny/"
NORMS = "/admin/rozliczenia/normy/"
ALL = (TARIFFS, VERSIONS, COMPONENTS, NORMS)
VERSION = {"tariff_code": "G1", "valid_from": "2026-01-01", "valid_to": "", "decision": "PO.1", "version": ""}
PRICE = {
    "tariff_code": "G1",
    "valid_from": "2026-01-01",
    "code": "WODA",
    "name": "Woda",
    "kind": "usage",
    "unit": "m³",
    "net_price": "5,12",
    "vat_rate": "8",
    "version": "",
}
NORM = {
    "code": "N4",
    "name": "Łazienka",
    "monthly_quantity": "5,4",
    "unit": "m³",
    "valid_from": "2002-02-01",
    "valid_to": "",
    "version": "",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def writing(db: None, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(staff("pisze@example.org", "billing.view", "billing.change"))


@pytest.mark.feature("C07")
def test_a_tariff_is_entered_with_its_version_and_price(writing: Client) -> None:
    entered = writing.post(
        f"{TARIFFS}nowy/", {"code": "G1", "name": "Domy", "service": "water", "version": ""}
    )
    tariff = Tariff.objects.get(code="G1")
    assert entered["Location"] == f"{TARIFFS}podglad/{tariff.pk}/"
    page = text(writing, f"{TARIFFS}podglad/{tariff.pk}/")
    assert f"{VERSIONS}nowy/?tariff_code=G1" in page
    assert 'value="G1"' in text(writing, f"{VERSIONS}nowy/", tariff_code="G1")
    assert writing.post(f"{VERSIONS}nowy/", VERSION).status_code == 302
    assert writing.post(f"{COMPONENTS}nowy/", PRICE).status_code == 302
    (price,) = prices_on("G1", date(2026, 6, 1))
    assert (price.net_price, price.version.decision) == (Decimal("5.12000"), "PO.1")
    page = text(writing, f"{TARIFFS}podglad/{tariff.pk}/")
    assert f"{COMPONENTS}nowy/?tariff_code=G1&amp;valid_from=2026-01-01" in page
    assert "5,12" in page
    assert Event.objects.filter(kind="billing.entered").count() == 3


@pytest.mark.feature("C08")
def test_a_norm_is_entered_and_corrected(writing: Client) -> None:
    assert writing.post(f"{NORMS}nowy/", NORM).status_code == 302
    norm = FlatRateNorm.objects.get()
    form = f"{NORMS}popraw/{norm.pk}/"
    copy = version(text(writing, form))
    answer = writing.post(form, {**NORM, "monthly_quantity": "6", "version": copy})
    assert answer.status_code == 302
    norm.refresh_from_db()
    assert norm.monthly_quantity == 6
    stale = writing.post(form, {**NORM, "monthly_quantity": "7", "version": copy})
    assert stale.status_code == 422
    norm.refresh_from_db()
    assert norm.monthly_quantity == 6


@pytest.mark.parametrize(
    ("url", "typed", "fields"),
    [
        (f"{VERSIONS}nowy/", VERSION | {"tariff_code": "NIE-MA"}, ["tariff_code"]),
        (f"{VERSIONS}nowy/", VERSION | {"valid_from": ""}, ["valid_from"]),
        (f"{COMPONENTS}nowy/", PRICE | {"net_price": "-1"}, ["net_price"]),
        (f"{COMPONENTS}nowy/", PRICE | {"valid_from": "2025-01-01"}, ["valid_from"]),
        (f"{NORMS}nowy/", NORM | {"monthly_quantity": "dużo"}, ["monthly_quantity"]),
        (f"{NORMS}nowy/", NORM | {"code": "N1"}, ["code"]),
    ],
)
def test_the_forms_judge_as_the_import_does(
    writing: Client, url: str, typed: dict[str, str], fields: list[str]
) -> None:
    mirror.tariff("G1", {date(2026, 1, 1): "1"})
    mirror.norm("N1", "1", date(2002, 1, 1))
    answer = writing.post(url, typed)
    assert answer.status_code == 422
    assert wrong(answer.content.decode()) == fields
    assert (TariffVersion.objects.count(), TariffComponent.objects.count(), FlatRateNorm.objects.count()) == (
        1,
        1,
        1,
    )


def test_an_end_before_the_beginning_is_refused(writing: Client) -> None:
    mirror.tariff("G1", {date(2020, 1, 1): "1"})
    answer = writing.post(f"{VERSIONS}nowy/", VERSION | {"valid_to": "2025-12-31"})
    assert answer.status_code == 422
    assert TariffVersion.objects.count() == 1


def test_what_belongs_to_other_names_is_not_renamed(writing: Client) -> None:
    tariff = mirror.tariff("G1", {date(2026, 1, 1): "1"})
    form = f"{TARIFFS}popraw/{tariff.pk}/"
    typed = {"code": "G9", "name": "Inna", "service": "water", "version": version(text(writing, form))}
    assert writing.post(form, typed).status_code == 302
    tariff.refresh_from_db()
    assert (tariff.code, tariff.name) == ("G1", "Inna")


def test_who_may_only_look_changes_nothing(signed_in: Callable[[User], Client]) -> None:
    tariff = mirror.tariff("G1", {date(2026, 1, 1): "1"})
    reading = signed_in(staff("czyta@example.org", "billing.view"))
    assert [reading.get(url).status_code for url in ALL] == [200] * 4
    assert "nowy/" not in text(reading, f"{TARIFFS}podglad/{tariff.pk}/")
    assert [reading.post(f"{url}nowy/", {"code": "X"}).status_code for url in ALL] == [302] * 4
    assert Tariff.objects.count() == 1


def test_the_menu_names_tariffs_and_not_their_parts(writing: Client) -> None:
    page = text(writing, "/admin/")
    assert TARIFFS in page
    assert VERSIONS not in page
    assert COMPONENTS not in page


@pytest.mark.feature("M08")
def test_a_corrected_price_is_a_conflict_for_a_later_delivery(
    writing: Client, tmp_path: Path, restored_db: None
) -> None:
    files = {
        "tariffs": ["code;name", "G1;Domy"],
        "tariff_versions": ["tariff_code;valid_from", "G1;2026-01-01"],
        "tariff_components": ["tariff_code;valid_from;code;name;net_price", "G1;2026-01-01;WODA;Woda;5.12"],
    }
    take_in(write(tmp_path / "first", **files))
    price = TariffComponent.objects.get()
    form = f"{COMPONENTS}popraw/{price.pk}/"
    typed = PRICE | {"net_price": "5,21", "version": version(text(writing, form))}
    assert writing.post(form, typed).status_code == 302
    files["tariff_components"][1] = "G1;2026-01-01;WODA;Woda;5.30"
    delivery = take_in(write(tmp_path / "second", **files))
    assert Finding.objects.get(part__delivery=delivery).kind == FindingKind.CONFLICT
    price.refresh_from_db()
    assert price.net_price == Decimal("5.21")
