"""A process that asks what a customer's dashboard asks: one order and one answer (JSON) a line.

Orders: {"do": "ask", "times": n} or {"do": "ask", "until": FILE, "seconds": at most}, both with "pause";
{"do": "explain", "times": n}.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

WARM = 50


def main() -> None:
    """Load the portal, then answer until the input ends. The argument is the last day that is asked about."""
    import django

    django.setup()
    from ebok.customers.models import Customer

    today = date.fromisoformat(sys.argv[1])
    known = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    chance = random.Random(1)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        work = explain if order["do"] == "explain" else ask
        print(json.dumps(work(order, lambda: Customer(pk=chance.choice(known)), today)), flush=True)


def questions(customer: Any, today: date) -> dict[str, Callable[[], Any]]:
    """The queries a dashboard leans on, by name."""
    from ebok.billing import queries

    year = today - timedelta(days=365)
    return {
        "balance": lambda: queries.balance_of(customer, today),
        "invoices": lambda: list(queries.invoices_for(customer)[:12]),
        "readings": lambda: list(queries.readings_for(customer, since=year)),
    }


def ask(order: dict[str, Any], customer: Callable[[], Any], today: date) -> dict[str, Any]:
    """Milliseconds of each dashboard."""
    times: list[float] = []
    until = Path(order["until"]) if order.get("until") else None
    end = time.monotonic() + order.get("seconds", 600)
    most = order.get("times", sys.maxsize)
    while len(times) < most and time.monotonic() < end and not (until and until.exists()):
        began = time.perf_counter()
        for question in questions(customer(), today).values():
            question()
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(order.get("pause", 0))
    return {"times": times}


def explain(order: dict[str, Any], customer: Callable[[], Any], today: date) -> dict[str, Any]:
    """For each question: queries, buffers touched on average, and tables that are read from end to end."""
    found: dict[str, dict[str, Any]] = {}
    for _ in range(order["times"]):
        for name, cost in costs(customer(), today).items():
            into = found.setdefault(name, {"queries": set(), "buffers": 0.0, "scans": set()})
            into["queries"].add(cost["queries"])
            into["buffers"] += cost["buffers"] / order["times"]
            into["scans"] |= cost["scans"]
    return {
        name: {**cost, "queries": sorted(cost["queries"]), "scans": sorted(cost["scans"])}
        for name, cost in found.items()
    }


def costs(customer: Any, today: date) -> dict[str, dict[str, Any]]:
    """What each question costs: its queries, and the buffers and whole scans their plans show."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = {}
    for name, question in questions(customer, today).items():
        with CaptureQueriesContext(connection) as sent:
            question()
        plans = [_plan(query["sql"]) for query in sent.captured_queries]
        found[name] = {
            "queries": len(sent),
            "buffers": sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans),
            "scans": {relation for plan in plans for relation in _whole_scans(plan)},
        }
    return found


def _plan(sql: str) -> dict[str, Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        found = cursor.fetchone()[0]
    told = json.loads(found) if isinstance(found, str) else found
    plan: dict[str, Any] = told[0]["Plan"]
    return plan


def _whole_scans(plan: dict[str, Any]) -> set[str]:
    """Tables read from end to end, empty partitions aside."""
    nodes, found = [plan], set()
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        if node["Node Type"] == "Seq Scan" and node["Shared Hit Blocks"] + node["Shared Read Blocks"]:
            found.add(node["Relation Name"])
    return found


if __name__ == "__main__":
    main()
