"""One customer's data renewed on demand: adapters, databases, and what is refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ebok.accounts.models import User
from ebok.billing.models import LedgerEntry
from ebok.customers.models import Customer
from ebok.exchange import freshness
from ebok.exchange.models import Delivery, Outcome
from ebok.exchange.refreshing import CannotRefresh, refresh_customer
from ebok.journal.models import Event
from ebok.plugins.registry import registry
from ebok.ports import DataSource
from tests.ebok.exchange.deliveries import CUSTOMERS, LEDGER, take_in, write

PROFILE = """
[title]
pl = "Baza"
[database]
url = "TEST_BILLING_URL"
[datasets.customers]
table = "klienci"
[datasets.customers.columns]
code = "KOD"
name = "NAZWA"
[datasets.ledger]
query = "SELECT kod AS klient, nr, data, kwota, do_zaplaty FROM ksiega;"
[datasets.ledger.columns]
customer_code = "klient"
number = "nr"
booked_on = "data"
amount = "kwota"
open_amount = "do_zaplaty"
"""


class Billing:
    """A system that answers what it was told to."""

    key = "test.billing"
    title = "Biling"

    def __init__(self, *answers: tuple[str, list[dict[str, Any]]], error: Exception | None = None) -> None:
        self.answers = answers
        self.error = error
        self.asked: list[str] = []

    def fetch(self, customer_code: str) -> Iterable[tuple[str, Iterable[Mapping[str, Any]]]]:
        self.asked.append(customer_code)
        if self.error:
            raise self.error
        return self.answers


@pytest.fixture
def loaded(tmp_path: Path, restored_db: None) -> None:
    """Ten customers with an entry each."""
    take_in(write(tmp_path / "first", customers=CUSTOMERS, ledger=LEDGER))


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`offer(adapter)`: as though a plugin had brought it."""

    def put(source: DataSource) -> None:
        real = registry.contributions

        def contributions(name: str) -> Any:
            return [(None, source)] if name == "data_sources" else real(name)

        monkeypatch.setattr(registry, "contributions", contributions)

    return put


def test_the_adapter_is_a_data_source() -> None:
    assert isinstance(Billing(), DataSource)


@pytest.mark.feature("K12", "M10")
def test_an_adapter_is_asked_about_one_customer(loaded: None, offer: Any, administrator: User) -> None:
    entry = {
        "customer_code": "K-000003",
        "number": "N/3",
        "kind": "invoice",
        "booked_on": date(2026, 5, 1),
        "due_on": "2026-05-15",
        "amount": Decimal("3.50"),
        "open_amount": 0,
    }
    customer_row = {"code": "K-000003", "name": "Po zmianie", "pesel": "44051401359"}
    billing = Billing(("customers", [customer_row]), ("ledger", [entry]))
    offer(billing)
    before = freshness.as_of()
    delivery = refresh_customer("K-000003", user=administrator)
    assert (delivery.outcome, delivery.way_in, delivery.name) == (
        Outcome.DONE,
        "refresh",
        "Jeden klient, źródło: Biling",
    )
    customer = Customer.objects.get(code="K-000003")
    assert (customer.name, len(customer.pesel_hash)) == ("Po zmianie", 64)
    assert LedgerEntry.objects.get(number="N/3").open_amount == 0
    assert billing.asked == ["K-000003"]
    assert freshness.as_of() == before
    assert {part.vanished for part in delivery.parts.all()} == {0}
    event = Event.objects.get(kind="exchange.customer_refreshed")
    assert (event.customer_id, event.actor_id) == (customer.pk, administrator.pk)


def test_a_pesel_is_not_kept_in_the_delivery(loaded: None, offer: Any, runtime_dir: Path) -> None:
    offer(Billing(("customers", [{"code": "K-000003", "name": "X", "pesel": "44051401359"}])))
    refresh_customer("K-000003")
    kept = [path.read_bytes() for path in runtime_dir.rglob("*") if path.is_file()]
    assert not [content for content in kept if b"44051401359" in content]


@pytest.mark.parametrize(
    "billing",
    [
        Billing(error=TimeoutError("password=secret")),
        Billing(),
        Billing(("dragons", [])),
        Billing(("customers", [{"code": "K-000004", "name": "Cudzy"}])),
        Billing(("customers", [{"code": "K-000003"}]), ("customers", [])),
    ],
    ids=["silent", "nothing", "unknown", "another", "twice"],
)
def test_what_an_adapter_may_not_do(loaded: None, offer: Any, billing: Billing) -> None:
    offer(billing)
    with pytest.raises(CannotRefresh) as refused:
        refresh_customer("K-000003")
    assert "secret" not in refused.value.sentence
    assert Customer.objects.get(code="K-000004").name == "Klient 4"
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("code", ["K-999999", "", "K-1'; --", "K-\x00", "x" * 500])
def test_only_known_customers_are_asked_about(loaded: None, offer: Any, code: str) -> None:
    billing = Billing()
    offer(billing)
    with pytest.raises(CannotRefresh):
        refresh_customer(code)
    assert billing.asked == []


def test_without_a_system_it_says_so(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ebok.exchange.refreshing.ways", list)
    with pytest.raises(CannotRefresh):
        refresh_customer("K-000003")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """A database of a billing system and the profile that reads it."""
    path = tmp_path / "billing.sqlite3"
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("CREATE TABLE klienci (kod TEXT, nazwa TEXT)")
        base.executemany(
            "INSERT INTO klienci VALUES (?, ?)",
            [(f"K-{number:06d}", f"Z bazy {number}") for number in range(1, 11)],
        )
        base.execute("CREATE TABLE ksiega (kod TEXT, nr TEXT, data TEXT, kwota TEXT, do_zaplaty TEXT)")
        base.executemany(
            "INSERT INTO ksiega VALUES (?, ?, '2026-05-01', ?, '0')",
            [(f"K-{number:06d}", f"N/{number}", f"{number}.50") for number in range(1, 11)],
        )
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    (profiles / "baza.toml").write_text(PROFILE)
    settings.EBOK_EXCHANGE_PROFILES = profiles
    monkeypatch.setenv("TEST_BILLING_URL", f"sqlite:///{path}")
    return path


@pytest.mark.feature("K12")
def test_a_database_is_asked_about_one_customer(loaded: None, database: Path) -> None:
    call_command("ebok_import", customer="K-000003", profile="baza")
    names = dict(Customer.objects.values_list("code", "name"))
    assert names.pop("K-000003") == "Z bazy 3"
    assert {name[:6] for name in names.values()} == {"Klient"}
    assert LedgerEntry.objects.get(number="N/3").open_amount == 0
    assert LedgerEntry.objects.get(number="N/4").open_amount == Decimal("4.50")
    assert {part.rows for part in Delivery.objects.latest("pk").parts.all()} == {1}


def test_a_later_whole_delivery_is_not_refused(loaded: None, database: Path, tmp_path: Path) -> None:
    call_command("ebok_import", customer="K-000003", profile="baza")
    whole = take_in(write(tmp_path / "whole", customers=CUSTOMERS, ledger=LEDGER))
    assert whole.outcome == Outcome.DONE


def test_a_database_that_does_not_answer(loaded: None, database: Path) -> None:
    database.write_bytes(b"no database at all" * 100)
    with pytest.raises(CommandError):
        call_command("ebok_import", customer="K-000003", profile="baza")
    assert Delivery.objects.count() == 1


def test_a_plugins_system_is_asked_while_the_plugin_is_on(
    loaded: None, enable: Any, disable: Any, world: Any
) -> None:
    with pytest.raises(CannotRefresh):
        refresh_customer("K-000003")
    enable("noticeboard")
    assert refresh_customer("K-000003").parts.get().new == 1
    disable("noticeboard")
    with pytest.raises(CannotRefresh):
        refresh_customer("K-000003", profile="noticeboard.register")
