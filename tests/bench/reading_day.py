"""The day on which everybody sends a reading: `python -m tests.bench readings`, on PostgreSQL.

Two towns as for `growth`. In each, two processes take readings at fifty a second together, journal, letters
and all, while a third asks what dashboards ask.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.bench import figures, growing, sizes
from tests.bench.answers import p95
from tests.bench.figures import Figure, at_least, at_most, told
from tests.bench.servers import CannotMeasure, say
from tests.bench.sizes import Sizes
from tests.bench.workers import DASHBOARDS, Worker, run_module, settings_in_words, worker

SENDERS = "tests.bench.senders"
RATE = 50
PROCESSES = 2
SECONDS, SECONDS_QUICK = 10, 3
NOON = "2026-07-20T12:00:00+02:00"
"""Three weeks after the towns' last reading."""
READ = "222"
"""Six cubic metres after it, so that nothing is doubtful."""
HOST = "localhost"
ALONE, PAUSE = 60, 0.02


@dataclass
class Town:
    """What was measured in one town, round by round."""

    sending: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)


def measure(folder: Path, wanted: Sizes, seconds: int, small: str, large: str) -> list[Figure]:
    """Both towns in turn, so that what else the machine does meets both."""
    towns = Town(), Town()
    with ExitStack() as stack:
        crews = []
        for url in (small, large):
            senders = [
                stack.enter_context(worker(folder, SENDERS, database=url)) for _number in range(PROCESSES)
            ]
            others = stack.enter_context(worker(folder, DASHBOARDS, str(growing.TODAY), database=url))
            crews.append((senders, others))
        for number in range(wanted.rounds):
            for town, (senders, others) in zip(towns, crews, strict=True):
                _round(town, senders, others, number, seconds)
    few, many = towns
    name = f"{wanted.few} → {wanted.customers} customers"
    ratio = statistics.median(two / one for one, two in zip(few.sending, many.sending, strict=True))
    return [
        told("PostgreSQL", settings_in_words()),
        at_least(
            f"readings a second, sustained by {PROCESSES} processes, larger town",
            RATE * 0.99,
            statistics.median(many.rates),
            f"smaller town {statistics.median(few.rates):.1f}",
        ),
        at_most(
            f"{name}: p95 of sending a reading",
            1.2,
            ratio,
            f"{statistics.median(few.sending):.0f} → {statistics.median(many.sending):.0f} ms",
        ),
        told("  the same, from the moment it was due", _words(few.late, many.late)),
        at_most(
            f"processor time of a reading in the portal, {PROCESSES} cores at {RATE} a second",
            PROCESSES / RATE * 1000,
            statistics.median(many.worked),
            f"smaller town {statistics.median(few.worked):.1f} ms",
            unit="ms",
        ),
        told("  a dashboard's p95 meanwhile / alone", _ratios(few.others, many.others)),
    ]


def _round(town: Town, senders: list[Worker], others: Worker, number: int, seconds: int) -> None:
    each = RATE // PROCESSES * seconds
    for place, one in enumerate(senders):
        one.ask(do="sign-in", first=1 + (number * PROCESSES + place) * each, count=each)
    others.ask(do="ask", times=ALONE)
    alone = p95(others.ask(do="ask", times=ALONE, pause=PAUSE)["times"])
    for one in senders:
        one.tell(do="send", rate=RATE / PROCESSES, seconds=seconds)
    meanwhile = p95(others.ask(do="ask", seconds=seconds, pause=PAUSE)["times"])
    answers: list[dict[str, Any]] = [one.hear() for one in senders]
    stored = sum(answer["stored"] for answer in answers)
    if stored != each * PROCESSES:
        raise CannotMeasure(f"{stored} of {each * PROCESSES} readings were stored.")
    town.sending.append(p95([time for answer in answers for time in answer["times"]]))
    town.late.append(p95([time for answer in answers for time in answer["late"]]))
    town.rates.append(stored / max(answer["took"] for answer in answers))
    town.others.append(meanwhile / alone)
    town.worked.append(statistics.mean(answer["worked"] for answer in answers))


def _words(few: list[float], many: list[float]) -> str:
    return f"{statistics.median(few):.0f} → {statistics.median(many):.0f} ms"


def _ratios(few: list[float], many: list[float]) -> str:
    return f"{statistics.median(few):.2f}, larger town {statistics.median(many):.2f}"


def people(count: int) -> None:
    """The first customers may sign in, and the module is on."""
    from django.utils import timezone
    from wagtail.models import Site

    from ebok.accounts.models import User
    from ebok.customers.models import AccessRole, Customer, CustomerAccess, MeterRegister
    from ebok.customers.models.access import SCOPE_FIELDS
    from ebok.plugins.activation import enable

    site = Site.objects.get(is_default_site=True)
    for key in ("client_zone", "e_odczyt"):
        enable(site, key)
    customers = list(Customer.objects.order_by("pk")[:count])
    if len(customers) < count:
        raise CannotMeasure(f"{count} people must send; the smaller town has {len(customers)} customers.")
    users = User.objects.bulk_create(
        User(email=f"odczyt{customer.pk}@example.org", password="!", is_active=True) for customer in customers
    )
    everything = dict.fromkeys(SCOPE_FIELDS.values(), True)
    CustomerAccess.objects.bulk_create(
        CustomerAccess(
            customer=customer,
            user=user,
            role=AccessRole.OWNER,
            given_at=timezone.now() - timedelta(days=400),
            **everything,
        )
        for customer, user in zip(customers, users, strict=True)
    )
    MeterRegister.objects.bulk_create(
        MeterRegister(customer_id=customer.pk, meter_id=customer.pk, number=1) for customer in customers
    )
    growing.analyze()


def main() -> None:
    """Make both databases and write the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--people", type=int)
    sizes.add_arguments(parser)
    options = parser.parse_args()

    import django

    django.setup()
    try:
        if options.people:
            people(options.people)
            return
        wanted = sizes.chosen(options)
        small = os.environ["DATABASE_URL"]
        large = f"{small}_large"
        growing.make(small, large, wanted, options.folder)
        count = str(RATE * options.seconds * wanted.rounds)
        for url in (small, large):
            say(f"{count} people …")
            arguments = ("--folder", str(options.folder), "--into", os.devnull, "--people", count)
            run_module(options.folder, "tests.bench.reading_day", *arguments, database=url)
        found = measure(options.folder, wanted, options.seconds, small, large)
    except CannotMeasure as error:
        sys.exit(f"Stopped: {error}")
    figures.write(options.into, found)


if __name__ == "__main__":
    main()
