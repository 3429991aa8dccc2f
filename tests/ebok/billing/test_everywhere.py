"""The staff's one search over customers and what is theirs."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ebok.billing.queries import Found, FoundKind, find_everywhere
from ebok.customers.models import Customer
from ebok.exchange import natural_keys
from tests.ebok.billing import building

pytestmark = pytest.mark.django_db

NRB = "12999900001234567800000096"


def told(found: list[Found]) -> list[tuple[str, str, str]]:
    return [(str(one.kind), one.customer.code, one.text) for one in found]


@pytest.fixture
def town(db: None) -> Customer:
    """One customer with everything, and another who must not be found by it."""
    anna = building.customer(
        code="K-000123", name="Łucja Żołądź-Nowak", nip="5261040828", virtual_account=NRB
    )
    natural_keys.point("customers", "virtual_account", NRB, object_id=anna.pk, customer_id=anna.pk)
    contract = building.contract(anna, number="UM/2019/0077")
    point = building.point(
        anna, code="PS-5501", street="ul. Świętej Jadwigi", house="7A", town="Lipowo", contract=contract
    )
    building.meter(point, number="WM20771234")
    building.invoice(anna, "10.00", date(2026, 5, 1), number="FV/2026/05/00991")
    other = building.customer(code="K-000999", name="Piotr Zieliński", nip="7010101010")
    building.meter(building.point(other, code="PS-9", street="Polna", town="Dęby"), number="WM555")
    building.invoice(other, "10.00", date(2026, 5, 1), number="FA/1/2025")
    return anna


@pytest.mark.feature("C01", "L10")
@pytest.mark.parametrize(
    ("words", "kind", "text"),
    [
        ("żołądź", "customer", "K-000123 Łucja Żołądź-Nowak"),
        ("nowak łucja", "customer", "K-000123 Łucja Żołądź-Nowak"),
        ("0123", "customer", "K-000123 Łucja Żołądź-Nowak"),
        ("k-000123", "customer", "K-000123 Łucja Żołądź-Nowak"),
        ("526-104-08-28", "customer", "K-000123 Łucja Żołądź-Nowak"),
        ("PL5261040828", "customer", "K-000123 Łucja Żołądź-Nowak"),
        ("12 9999 0000 1234 5678 0000 0096", "account", NRB),
        ("PL12 9999 0000 1234 5678 0000 0096", "account", NRB),
        ("567800000096", "account", NRB),
        ("m/2019", "contract", "UM/2019/0077"),
        ("um/2019/0077", "contract", "UM/2019/0077"),
        ("5501", "point", "PS-5501, ul. Świętej Jadwigi 7A, Lipowo"),
        ("jadwigi 7a lipowo", "point", "PS-5501, ul. Świętej Jadwigi 7A, Lipowo"),
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


@pytest.mark.parametrize("words", ["", "   ", "%%%", "___", "\\\\\\", "nobody", "nowak polna", "K-", "\x00"])
def test_what_is_nowhere_finds_nothing(town: Customer, words: str) -> None:
    assert find_everywhere(words) == []


def test_a_short_name_is_found_only_whole(town: Customer) -> None:
    short = building.customer(code="K7", name="Ala Bąk")
    assert told(find_everywhere("k7")) == [("customer", "K7", "K7 Ala Bąk")]
    assert short.pk == find_everywhere("K7")[0].pk
    assert find_everywhere("K") == []


def test_the_kinds_share_the_places_and_the_exact_one_comes_first(town: Customer) -> None:
    for number in range(40):
        building.invoice(town, "1.00", date(2026, 1, 1), number=f"WM555/{number:03d}")
    found = find_everywhere("wm555", most=10)
    assert len(found) == 10
    assert (found[0].kind, found[0].text) == (FoundKind.METER, "WM555")
    assert {one.kind for one in found[1:]} == {FoundKind.INVOICE}
    assert len(find_everywhere("wm555")) == 30
    assert len(find_everywhere("wm", most=5)) == 0


@pytest.mark.parametrize("customers", [1, 30])
def test_it_asks_four_times_whatever_it_finds(
    town: Customer,
    customers: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:
    for number in range(customers):
        owner = building.customer(name=f"Wspólna {number}")
        building.meter(building.point(owner, street="Wspólna"), number=f"WSPÓLNA-{number}")
    with django_assert_num_queries(4):
        found = find_everywhere("wspólna", most=100)
    assert len(found) == customers * 3
    with django_assert_num_queries(0):
        assert find_everywhere("  ") == []


def fill() -> None:
    """Thousands of names, as few as make an index worth while to the planner."""
    with connection.cursor() as cursor:
        for dataset in ("contracts", "service_points", "meters", "invoices", "customers.virtual_account"):
            cursor.execute(
                "INSERT INTO exchange_naturalkey (dataset, key, customer_id)"
                " SELECT %s, md5(number::text), 1 FROM generate_series(1, 5000) number",
                [dataset],
            )
        cursor.execute("ANALYZE exchange_naturalkey")


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="trigrams are PostgreSQL's")
def test_every_part_of_it_has_an_index(town: Customer) -> None:
    fill()
    with CaptureQueriesContext(connection) as sent:
        find_everywhere("żołądź 20771234")
        find_everywhere("9999 0000 1234")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plans = []
        for query in sent.captured_queries:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {query['sql']}")
            plans.append(json.dumps(cursor.fetchone()[0]))
    assert "Seq Scan" not in "".join(plans)
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
