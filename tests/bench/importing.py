"""A process that imports what it is told to, and nothing else: one order and one answer (JSON) a line.

Orders: {"do": "import", "path": …, "complete": true} and {"do": "bulk_create", "path": …, "rows": …}.
Memory is told as what the process has at most above what it had once Django and the exchange were loaded.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

MIB = 1 << 20


def main() -> None:
    """Load the portal, then answer until the input ends."""
    import django

    from ebok.starting import give_way

    django.setup()
    # As manage.py does.
    give_way("ebok_import")
    from django.db import connection

    from ebok.exchange import pipeline
    from ebok.exchange.declared import declared_datasets

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    # What every import begins with, however small: the modules are read, the declarations looked up.
    assert pipeline
    assert declared_datasets()
    start = _memory("VmRSS")
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        answer = bulk_create(order) if order["do"] == "bulk_create" else import_delivery(order)
        print(json.dumps({**answer, "grew": (_memory("VmHWM") - start) / MIB}), flush=True)


def import_delivery(order: dict[str, Any]) -> dict[str, Any]:
    """Take one delivery through the whole pipeline."""
    from django.db import connection

    from ebok.exchange import pipeline
    from ebok.exchange.report import report

    # Untyped: what is replaced there for a while are names it imports itself.
    phases: Any = import_module("ebok.exchange.phases")

    took: dict[str, float] = {}
    usual, reconcile, tidy = dict(pipeline._AFTER), phases.reconcile, phases.tidy
    for phase, work in usual.items():
        pipeline._AFTER[phase] = _timed(took, work.__name__, work)
    phases.reconcile = _timed(took, "reconcile", reconcile)
    phases.tidy = _timed(took, "tidy", tidy)
    wal, began = _wal(connection), time.perf_counter()
    try:
        delivery = pipeline.receive([Path(order["path"])], profile="neutral", complete=order["complete"])
        took["receive"] = time.perf_counter() - began
        delivery = pipeline.proceed(delivery.pk)
        told = report(delivery)
    finally:
        pipeline._AFTER.update(usual)
        phases.reconcile, phases.tidy = reconcile, tidy
    return {
        # Until the report was there. Tidying up (VACUUM) comes after it, and no raw COPY does that.
        "seconds": time.perf_counter() - began - took.get("tidy", 0.0),
        "took": took,
        "outcome": str(delivery.outcome),
        "sentence": delivery.sentence,
        "datasets": told["datasets"],
        "wal": _wal(connection) - wal,
    }


def bulk_create(order: dict[str, Any]) -> dict[str, Any]:
    """The usual Django way: the first rows of the file, names resolved from a dictionary, upserted."""
    from decimal import Decimal

    from ebok.billing.models import Reading
    from ebok.exchange.models import NaturalKey

    def ids(dataset: str) -> dict[str, int]:
        return dict(NaturalKey.objects.filter(dataset=dataset).values_list("key", "id"))

    # Not timed: a sample would carry the whole network's names.
    customers, meters = ids("customers"), ids("meters")
    began = time.perf_counter()
    with Path(order["path"]).open(encoding="utf-8", newline="") as file:
        rows = islice(csv.DictReader(file, delimiter=";"), order["rows"])
        readings = [
            Reading(
                customer_id=customers[row["customer_code"]],
                meter_id=meters[row["meter_number"]],
                read_on=row["read_on"],
                register=int(row["register"]),
                kind=1,
                value=Decimal(row["value"]),
                usage=Decimal(row["usage"]),
                state=2,
                source=1,
                batch_id=1,
            )
            for row in rows
        ]
    Reading.objects.bulk_create(
        readings,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["customer_id", "meter_id", "read_on", "register", "kind"],
        update_fields=["value", "usage", "state", "source", "batch_id"],
    )
    return {"seconds": time.perf_counter() - began, "rows": len(readings)}


def _timed(took: dict[str, float], name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def timed(*args: Any) -> Any:
        began = time.perf_counter()
        try:
            return work(*args)
        finally:
            took[name] = took.get(name, 0.0) + time.perf_counter() - began

    return timed


def _memory(which: str) -> int:
    """Bytes: `VmRSS` now, `VmHWM` at most so far."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(which):
            return int(line.split()[1]) * 1024
    return 0


def _wal(connection: Any) -> int:
    """Bytes of WAL the server has written so far; nothing where there is none."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main()
