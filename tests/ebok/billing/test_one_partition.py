"""Every query about one customer touches one partition where tables are split by customer.

The tables are copied into a schema of their own, hash-partitioned by customer, and every query the
functions below send is explained there. What a deployment that outgrew one machine does with Citus is
decided here: a join or a lookup that forgets the customer shows as several partitions.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ebok.billing import queries
from ebok.billing.models import Allocation, Invoice, InvoiceLine, LedgerEntry, Payment, Reading
from ebok.customers import queries as network
from ebok.customers.models import (
    Contract,
    Customer,
    CustomerAccess,
    GroupMember,
    Invitation,
    Meter,
    MeterRegister,
    ServicePoint,
)
from ebok.testing import mirror as building

OWNED = (
    GroupMember,
    Contract,
    ServicePoint,
    Meter,
    MeterRegister,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    Payment,
    Allocation,
    Reading,
)
FOUND_BY_PERSON = {CustomerAccess, Invitation}
"""Of the portal itself, not of the mirror: who may act for whom is asked by the person."""
TODAY = date(2026, 6, 15)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="partitions are PostgreSQL's"),
]


@pytest.fixture
def split(db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA split")
        for model in (Customer, *OWNED):
            table = model._meta.db_table
            column = "id" if model is Customer else "customer_id"
            cursor.execute(
                f"CREATE TABLE split.{table} (LIKE public.{table} INCLUDING DEFAULTS)"
                f" PARTITION BY HASH ({column})"
            )
            for number in range(4):
                cursor.execute(
                    f"CREATE TABLE split.{table}_{number} PARTITION OF split.{table}"
                    f" FOR VALUES WITH (MODULUS 4, REMAINDER {number})"
                )
        cursor.execute("SET LOCAL search_path = split, public")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = public")


def history() -> Customer:
    """A customer with something of everything."""
    owner = building.customer()
    contract = building.contract(owner)
    meter = building.meter(building.point(owner, contract=contract), registers=2, verified_to=TODAY)
    first = building.invoice(owner, "100.00", date(2026, 4, 1), lines=2, open_amount=Decimal("100.00"))
    building.invoice(owner, "-10.00", date(2026, 5, 1), corrects=first)
    building.reading(meter, date(2026, 4, 1), "50", invoice_id=first.pk, invoice_position=1)
    paid = building.payment(owner, "5.00", date(2026, 5, 1))
    building.allocation(paid, building.entry(owner, "100.00", open_amount=Decimal("95.00")), "5.00")
    return owner


def ask_everything(owner: Customer) -> None:
    """Every public query about one customer; a new one is added here."""
    list(network.contracts_for(owner))
    list(network.points_for(owner))
    meters = list(network.meters_for(owner))
    list(network.meters_to_verify(owner, TODAY))
    bills = list(queries.invoices_for(owner))
    list(queries.unpaid_for(owner))
    for bill in bills:
        list(queries.lines_of(bill))
        queries.correction_chain(bill)
    readings = list(queries.readings_for(owner, meter=meters[0], since=date(2025, 1, 1)))
    queries.last_readings(owner, meters)
    assert queries.settling_lines(owner, readings)
    list(queries.entries_for(owner))
    list(queries.open_entries_for(owner))
    list(queries.payments_for(owner))
    queries.balance_of(owner, TODAY)
    queries.ageing_of(owner, TODAY)
    queries.dues_of(owner, TODAY)
    account = queries.statement_of(owner, date(2025, 1, 1), date(2026, 5, 31), TODAY)
    assert len(account.movements[1:2]) == 1
    queries.statement_of(owner, date(2025, 1, 1), TODAY, TODAY)
    assert queries.metered_usage(owner, date(2026, 1, 1)).readings
    assert queries.charges_over(owner, date(2026, 1, 1), points=[""], meter_number="")
    queries.billed_usage(owner, date(2026, 1, 1))


@pytest.mark.usefixtures("split")
def test_every_query_of_one_customer_touches_one_partition() -> None:
    owner = history()
    with CaptureQueriesContext(
        connection,
    ) as sent:
        ask_everything(owner)
    assert len(sent) > 20
    for query in sent.captured_queries:
        assert partitions_of(query["sql"]) == {}, query["sql"]


@pytest.mark.usefixtures("split")
def test_a_query_that_forgets_the_customer_is_caught() -> None:
    owner = history()
    entry = LedgerEntry.objects.filter(customer=owner).get()
    with CaptureQueriesContext(connection) as sent:
        list(LedgerEntry.objects.filter(pk=entry.pk))
        list(Allocation.objects.filter(customer=owner).select_related("entry"))
    assert [partitions_of(query["sql"]) for query in sent.captured_queries] == [
        {"billing_ledgerentry": 4},
        {"billing_ledgerentry": 4},
    ]


def test_every_table_of_a_customer_is_in_the_list() -> None:
    owned = {
        model
        for label in ("customers", "billing")
        for model in apps.get_app_config(label).get_models()
        if any(field.attname == "customer_id" for field in model._meta.concrete_fields)
    }
    assert owned - FOUND_BY_PERSON == set(OWNED)


def partitions_of(sql: str) -> dict[str, int]:
    """Tables of which the plan reads more than one partition, with the number."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        found = cursor.fetchone()[0]
    plan = json.loads(found) if isinstance(found, str) else found
    read = Counter[str]()
    for alias, relations in _relations(plan[0]["Plan"]).items():
        read[alias] = len(relations)
    return {alias: number for alias, number in read.items() if number > 1}


def _relations(plan: dict[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    nodes = [plan]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        relation = node.get("Relation Name")
        if relation is not None and relation[-2:-1] == "_":
            # A partition's alias is its table's with the number of the partition behind it.
            found.setdefault(relation[:-2], set()).add(relation)
    return found
