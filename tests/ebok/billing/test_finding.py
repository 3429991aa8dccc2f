"""The staff's one search over customers and what is theirs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from ebok.billing.queries import Found, find_everywhere
from ebok.customers.models import Customer
from ebok.exchange import natural_keys
from ebok.testing import mirror

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


NRB = "12999900001234567800000096"


def told(found: list[Found]) -> list[tuple[str, str, str]]:
    return [(str(one.kind), one.customer.code, one.text) for one in found]


@pytest.fixture
def town(db: None) -> Customer:
    """One customer with everything, and another who must not be found by it."""
    anna = mirror.customer(code="K-000123", name="Łucja Żołądź-Nowak", nip="5261040828", virtual_account=NRB)
    natural_keys.point("customers", "virtual_account", NRB, object_id=anna.pk, customer_id=anna.pk)
    contract = mirror.contract(anna, number="UM/2019/0077")
    point = mirror.point(
        anna,
        code="PS-5501",
        street="ul. Świętej Jadwigi",
        house="7A",
        flat="3",
        town="Lipowo",
        contract=contract,
    )
    mirror.meter(point, number="WM20771234")
    mirror.invoice(anna, "10.00", date(2026, 5, 1), number="FV/2026/05/00991")
    other = mirror.customer(code="K-000999", name="Piotr Zieliński", nip="7010101010")
    mirror.meter(mirror.point(other, code="PS-9", street="Polna", town="Dęby"), number="WM555")
    mirror.invoice(other, "10.00", date(2026, 5, 1), number="FA/1/2025")
    return anna


@pytest.mark.feature("L09", "L10")
@pytest.mark.parametrize(
    ("words", "kind", "text"),
    [
        ("żołądź", "customer", "K-000123"),
        ("nowak łucja", "customer", "K-000123"),
        ("K-0001", "customer", "K-000123"),
        ("k-000123", "customer", "K-000123"),
        ("526-104-08-28", "customer", "K-000123"),
        ("PL5261040828", "customer", "K-000123"),
        ("12 9999 0000 1234 5678 0000 0096", "account for payments (NRB)", NRB),
        ("PL12 9999 0000 1234 5678 0000 0096", "account for payments (NRB)", NRB),
        ("567800000096", "account for payments (NRB)", NRB),
        ("m/2019", "contract", "UM/2019/0077"),
        ("um/2019/0077", "contract", "UM/2019/0077"),
        ("5501", "service point", "PS-5501"),
        ("jadwigi 7a/3", "address of a point", "ul. Świętej Jadwigi 7A/3, Lipowo"),
        ("jadwigi 7a lipowo", "address of a point", "ul. Świętej Jadwigi 7A/3, Lipowo"),
        ("2077123", "meter", "WM20771234"),
        ("wm20771234", "meter", "WM20771234"),
        ("05/0099", "invoice", "FV/2026/05/00991"),
        ("fv/2026/05/00991", "invoice", "FV/2026/05/00991"),
    ],
)
def test_a_part_of_a_word_finds_the_thing_and_its_customer(
    town: Customer, words: str, kind: str, text: str
) -> None:
    assert told(find_everywhere(words)) == [(kind, "K-000123", text)]


@pytest.mark.parametrize(
    "words",
    ["", "   ", "%%%", "___", "\\\\\\", "nobody", "nowak polna", "K-", "\x00", "jadwigi 7", "jadwigi 3"],
)
def test_what_is_nowhere_finds_nothing(town: Customer, words: str) -> None:
    assert find_everywhere(words) == []


def test_a_short_name_is_found_only_whole(town: Customer) -> None:
    mirror.customer(code="K7", name="Ala Bąk")
    assert told(find_everywhere("k7")) == [("customer", "K7", "K7")]
    assert find_everywhere("K") == []


def test_the_exact_one_comes_first_and_the_ways_take_turns(town: Customer) -> None:
    for number in range(40):
        owner = mirror.customer(code=f"X-{number}")
        mirror.invoice(owner, "1.00", date(2026, 1, 1), number=f"WM555/{number:03d}")
    mirror.contract(mirror.customer(code="Y-1"), number="U/WM555")
    mirror.payment(mirror.customer(code="Z-1"), "1.00", date(2026, 1, 1), number="WM555-P")
    found = find_everywhere("wm555", most=10)
    assert len(found) == 10
    assert [str(hit.kind) for hit in found[:4]] == ["meter", "contract", "invoice", "payment"]
    assert {str(hit.kind) for hit in found[4:]} == {"invoice"}
    assert len(find_everywhere("wm555")) == 30
    assert find_everywhere("wm") == []


def test_a_customer_is_told_once(town: Customer) -> None:
    for number in range(40):
        mirror.point(town, street="Wspólna", house=str(number))
    assert [hit.customer for hit in find_everywhere("wspólna")] == [town]


@pytest.mark.parametrize("customers", [1, 30])
def test_it_asks_four_times_whatever_it_finds(
    town: Customer,
    customers: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:
    for number in range(customers):
        mirror.customer(name=f"Wspólna {number}")
        mirror.point(mirror.customer(), street="Wspólna")
        mirror.meter(mirror.point(mirror.customer()), number=f"WSPÓLNA-{number}")
    with django_assert_num_queries(4):
        found = find_everywhere("wspólna", most=100)
    assert len(found) == customers * 3
    with django_assert_num_queries(0):
        assert find_everywhere("  ") == []


def fill(owner: Customer) -> None:
    """Thousands of names, as few as make an index worth while to the planner."""
    with connection.cursor() as cursor:
        for dataset in ("contracts", "service_points", "meters", "invoices", "customers.virtual_account"):
            cursor.execute(
                "INSERT INTO exchange_naturalkey (dataset, key, customer_id)"
                " SELECT %s, md5(number::text), 1 FROM generate_series(1, 5000) number",
                [dataset],
            )
        cursor.execute(
            "INSERT INTO customers_servicepoint"
            " (id, customer_id, code, name, service, status, settlement_form, tariff_code,"
            " norm_code, reading_zone, street, house, flat, postcode, town, source)"
            " SELECT 1000000 + number, %s, number::text, '', 'water', 'active', 'metered', '', '', '',"
            " md5(number::text), '1', '', '', 'Lipowo', 1 FROM generate_series(1, 5000) number",
            [owner.pk],
        )
        cursor.execute("ANALYZE exchange_naturalkey, customers_servicepoint")


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="trigrams are PostgreSQL's")
def test_every_part_of_it_has_an_index(town: Customer) -> None:
    fill(town)
    with CaptureQueriesContext(connection) as sent:
        find_everywhere("żołądź 20771234")
        find_everywhere("9999 0000 1234")
    with connection.cursor() as cursor:
        # So few names are looked through quicker by the index of whole names; a million are not.
        cursor.execute("ALTER TABLE exchange_naturalkey DROP CONSTRAINT exchange_naturalkey_name")
        # Tables this small are walked in any order; only what can be looked up by parts of words is left.
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        plans = []
        for query in sent.captured_queries:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {query['sql']}")
            plans.append(json.dumps(cursor.fetchone()[0]))
    for index in (
        "customers_contract_trgm",
        "customers_point_trgm",
        "customers_meter_trgm",
        "customers_account_trgm",
        "billing_invoice_trgm",
        "customers_customer_name_trgm",
        "customers_point_place_trgm",
    ):
        assert any(index in plan for plan in plans), index
