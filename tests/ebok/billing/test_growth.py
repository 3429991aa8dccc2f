"""Ten times as many customers: the same queries, hardly more blocks. `make bench` does it with a million."""

from __future__ import annotations

import pytest
from django.db import connection

from ebok.customers.models import Customer
from tests.bench import dashboards, growing

SMALL, LARGE = 300, 3_000
MOST_BUFFERS = 40

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="buffers are PostgreSQL's"),
]


def asked(customers: int) -> dict[str, dict[str, object]]:
    """What the questions of a dashboard cost on average of some customers, in a town of so many."""
    growing.fill(customers)
    growing.analyze()
    with connection.cursor() as cursor:
        # A table of three hundred rows is read from end to end at less cost; a town is never so small.
        cursor.execute("SET LOCAL enable_seqscan = off")
    numbers = iter(range(1, customers, customers // 20))
    return dashboards.explain({"times": 20}, lambda: Customer(pk=next(numbers)), growing.TODAY)


def test_a_larger_town_costs_a_customer_nothing() -> None:
    small = asked(SMALL)
    with connection.cursor() as cursor:
        # References are checked when the transaction ends, and until then no table can be emptied.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "TRUNCATE billing_reading, billing_ledgerentry, billing_invoice, customers_meter,"
            " customers_servicepoint, customers_customer CASCADE"
        )
    large = asked(LARGE)

    assert {name: cost["queries"] for name, cost in large.items()} == {
        "balance": [1],
        "invoices": [1],
        "readings": [1],
    }
    assert {name: cost["queries"] for name, cost in small.items()} == {
        name: cost["queries"] for name, cost in large.items()
    }
    assert [cost["scans"] for cost in large.values()] == [[], [], []]
    blocks = [sum(float(str(cost["buffers"])) for cost in town.values()) for town in (small, large)]
    assert blocks[1] <= MOST_BUFFERS
    assert blocks[1] <= 1.3 * blocks[0]
