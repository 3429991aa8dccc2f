"""A process that imports, to be killed: `python -m tests.ebok.exchange.interrupted FOLDER [AS-OF]`."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from tests.database import ROOT, process_environment

HOUSES = 400
MONTHS = 6


COUNTED = """
import json
NAMES = ["customers.Customer", "customers.Meter", "billing.Invoice", "billing.Reading", "exchange.NaturalKey"]
from django.apps import apps
from ebok.exchange.models import Delivery, DeliveryPart
from ebok.exchange.report import report
from ebok.billing.models import Reading, Invoice
from ebok.customers.models import Meter
counts = {name: apps.get_model(name)._default_manager.count() for name in NAMES}
delivery = Delivery.objects.first()
print(json.dumps({
    "counts": counts,
    "deliveries": Delivery.objects.count(),
    "report": report(delivery)["datasets"],
    "differences": report(delivery)["differences"],
    "corrected": Invoice.objects.filter(corrects__isnull=False).count(),
    "changed": Meter.objects.filter(seal__endswith="b").count(),
    "orphans": Reading.objects.exclude(meter__in=Meter.objects.all()).count(),
}))
"""
"""For `manage.py shell`: prints what the mirror and the last report say."""


def big_town(folder: Path, *, changed: bool = False) -> Path:
    """A town large enough to be killed in the middle of it; `changed` gives its next delivery."""
    folder.mkdir(exist_ok=True, parents=True)
    customers = ["code;name;virtual_account"]
    points, meters = ["customer_code;code"], ["customer_code;point_code;number;seal"]
    invoices = ["customer_code;number;issued_on;net;vat;gross;corrects_number"]
    readings = ["customer_code;meter_number;read_on;value"]
    for house in range(HOUSES):
        code, seal = f"K{house}", f"S{house}{'b' if changed and house % 7 == 0 else ''}"
        customers.append(f"{code};Odbiorca {house};")
        points.append(f"{code};P{house}")
        meters.append(f"{code};P{house};M{house};{seal}")
        # Each corrects one that comes later in the file.
        for number in range(2):
            invoices.append(
                f"{code};F{house}-{number};2026-01-31;10;1;11;{f'F{house}-1' if number == 0 else ''}"
            )
        for month in range(1, MONTHS + 1 + (1 if changed else 0)):
            readings.append(f"{code};M{house};2026-{month:02}-28;{house + month}.5")
    if not changed:
        readings.append("K1;M1;wczoraj;1")
    files = {
        "customers": customers, "service_points": points, "meters": meters,
        "invoices": invoices, "readings": readings,
    }  # fmt: skip
    for key, lines in files.items():
        (folder / f"{key}.csv").write_text("\n".join(lines) + "\n")
    return folder


def expected(*, changed: bool = False) -> dict[str, int]:
    """How many rows of each kind the mirror has after a delivery."""
    months = MONTHS + (1 if changed else 0)
    return {
        "customers.Customer": HOUSES,
        "customers.Meter": HOUSES,
        "billing.Invoice": 2 * HOUSES,
        "billing.Reading": months * HOUSES,
        "exchange.NaturalKey": 5 * HOUSES + 1,  # and the group everybody is in
    }


def start(database_url: str, runtime: Path, folder: Path, as_of: str = "") -> subprocess.Popen[bytes]:
    """Import the folder (or continue what was begun) in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ebok.exchange.interrupted", str(folder), as_of],
        env={**process_environment(database_url, sample=False), "EBOK_IMPORT_RUNTIME": str(runtime)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def import_with_kills(
    database_url: str, runtime: Path, folder: Path, kills: int, seed: int, as_of: str = ""
) -> int:
    """Kill the import at random moments, then let it finish; returns how many kills hit a living import.

    Raises `AssertionError` with what the process said when it ends badly by itself.
    """
    chance, hit = random.Random(seed), 0
    for _attempt in range(kills):
        process = start(database_url, runtime, folder, as_of)
        assert process.stdout is not None
        process.stdout.readline()  # it says when it begins
        time.sleep(chance.random() ** 2 * 1.2)
        hit += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
    process = start(database_url, runtime, folder, as_of)
    _out, said = process.communicate(timeout=300)
    assert process.returncode == 0, said.decode()
    return hit


def main() -> int:
    """Continue what is unfinished, or receive the folder when that was not done yet."""
    import django

    from ebok.starting import collect_rarely

    collect_rarely()
    django.setup()
    from django.conf import settings

    settings.EBOK_RUNTIME_DIR = Path(os.environ["EBOK_IMPORT_RUNTIME"])
    from ebok.exchange import pipeline
    from ebok.exchange.models import Delivery, Outcome

    folder, as_of = Path(sys.argv[1]), sys.argv[2]
    print("began", flush=True)
    waiting = pipeline.unfinished()
    received = Delivery.objects.filter(name=folder.name)
    if not received.exists():
        moment = datetime.fromisoformat(as_of) if as_of else None
        waiting.append(pipeline.receive([folder], profile="neutral", as_of=moment).pk)
    outcomes = {pipeline.proceed(key, wait=True).outcome for key in waiting}
    return 0 if outcomes <= {Outcome.DONE} else 1


if __name__ == "__main__":
    sys.exit(main())
