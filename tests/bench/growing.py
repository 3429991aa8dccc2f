"""From a small town to a large one: the same queries, hardly more buffers, hardly more time.

`python -m tests.bench growth`; runs inside `.ci/postgres.sh` with two databases on one server. Rows are
made by the server itself, months after months, so that a customer's rows lie far apart as in life.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.bench import figures, sizes
from tests.bench.answers import p95
from tests.bench.figures import Figure, at_most, told
from tests.bench.servers import CannotMeasure, say
from tests.bench.sizes import Sizes
from tests.bench.workers import DASHBOARDS, run_module, settings_in_words, worker

TODAY = date(2026, 6, 30)
MONTHS = 24
ASKED = 200
EXPLAINED = 60
ROUNDS_OF_ASKING = 5


def fill(customers: int, *, checked: bool = True) -> None:
    """Fill the current database: for each customer a meter and, monthly, an invoice, its entry, a reading.

    `checked=False` spares the references' triggers, which only a superuser may.
    """
    from django.db import connection, transaction

    from ebok.billing.models import Invoice, LedgerEntry, Reading
    from ebok.billing.partitions import create_missing
    from ebok.customers.models import Customer, Meter, ServicePoint

    create_missing(range(TODAY.year - MONTHS // 12 - 1, TODAY.year + 1))
    everybody = f"generate_series(1, {customers}) c"
    month = f"(DATE '{TODAY}' - (m || ' months')::interval)::date"
    monthly = f"generate_series(0, {MONTHS - 1}) m, {everybody}"
    newest_last = "ORDER BY m DESC, c"
    # Ids are the customer's number and, for what comes monthly, the month behind all customers.
    document = f"(({MONTHS} - m) * {customers}::bigint + c)"
    left = "CASE WHEN m = 0 AND c % 4 = 0 THEN 123.95 ELSE 0 END"
    with transaction.atomic(), connection.cursor() as cursor:
        if not checked:
            cursor.execute("SET LOCAL session_replication_role = replica")
        _insert(cursor, Customer, {"id": "c", "code": "'K-' || c", "name": "'Anna Nowak ' || c"}, everybody)
        _insert(cursor, ServicePoint, {"id": "c", "customer_id": "c", "code": "'P-' || c"}, everybody)
        _insert(
            cursor, Meter, {"id": "c", "customer_id": "c", "point_id": "c", "number": "'M-' || c"}, everybody
        )
        _insert(
            cursor,
            Invoice,
            {
                "id": document, "customer_id": "c", "number": f"'FV/' || {document}", "issued_on": month,
                "due_on": f"{month} + 14", "net": "114.77", "vat": "9.18", "gross": "123.95",
                "open_amount": left,
            },
            f"{monthly} {newest_last}",
        )  # fmt: skip
        _insert(
            cursor,
            LedgerEntry,
            {
                "id": document, "customer_id": "c", "number": f"'KS/' || {document}",
                "invoice_id": document, "booked_on": month, "due_on": f"{month} + 14", "amount": "123.95",
                "open_amount": left,
            },
            f"{monthly} {newest_last}",
        )  # fmt: skip
        _insert(
            cursor,
            Reading,
            {
                "customer_id": "c", "meter_id": "c", "read_on": month, "register": "1", "kind": "1",
                "value": f"({MONTHS} - m) * 9", "usage": "9", "state": "2",
            },
            f"{monthly} {newest_last}",
        )  # fmt: skip


def _insert(cursor: Any, model: Any, given: dict[str, str], source: str) -> None:
    """INSERT … SELECT; what is not given takes the default of its field."""
    from django.db import connection

    columns, values, parameters = list(given), list(given.values()), []
    for field in model._meta.concrete_fields:
        if field.column in given or field.null or field.has_db_default():
            continue
        columns.append(field.column)
        values.append("%s")
        parameters.append(field.get_db_prep_save(field.get_default(), connection))
    # `%` of the given expressions is an operator, not a parameter.
    safe = [value if value == "%s" else value.replace("%", "%%") for value in values]
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(safe)} FROM {source}",
        parameters,
    )


def analyze() -> None:
    """Statistics, and visibility maps where it may: not within a transaction."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)")


def measure(folder: Path, sizes: Sizes, small: str, large: str) -> list[Figure]:
    """Both databases beside each other."""
    with ExitStack() as stack:
        few = stack.enter_context(worker(folder, DASHBOARDS, str(TODAY), database=small))
        many = stack.enter_context(worker(folder, DASHBOARDS, str(TODAY), database=large))
        plans = [one.ask(do="explain", times=EXPLAINED) for one in (few, many)]
        tails: list[tuple[float, float]] = []
        for one in (few, many):
            one.ask(do="ask", times=ASKED)
        for _ in range(max(sizes.rounds, ROUNDS_OF_ASKING)):
            one, other = (process.ask(do="ask", times=ASKED)["times"] for process in (few, many))
            tails.append((p95(one), p95(other)))
    ratio = statistics.median(other / one for one, other in tails)
    middle = [statistics.median(pair[place] for pair in tails) for place in (0, 1)]
    words = f"{middle[0]:.2f} → {middle[1]:.2f} ms"
    name = f"{sizes.few} → {sizes.customers} customers"
    found = [
        told("PostgreSQL", settings_in_words()),
        at_most(f"{name}: p95 of balance, 12 invoices, year of readings", 1.2, ratio, words),
    ]
    before, after = plans
    total = [sum(plan[question]["buffers"] for question in plan) for plan in plans]
    for question in before:
        one, other = before[question], after[question]
        found += [
            Figure(
                f"  queries for {question}", "the same", f"{one['queries']} → {other['queries']}",
                one["queries"] == other["queries"] and len(one["queries"]) == 1, firm=True,
            ),
            told(f"  buffers for {question}", f"{one['buffers']:.1f} → {other['buffers']:.1f}"),
            Figure(
                f"  tables {question} reads from end to end", "none", ", ".join(other["scans"]) or "none",
                not other["scans"], firm=True,
            ),
        ]  # fmt: skip
    found += [
        at_most(
            "  buffers of all three", 1.3, total[1] / total[0], f"{total[0]:.1f} → {total[1]:.1f}", firm=True
        ),
        at_most("  buffers of all three, larger town", 40, total[1], unit="blocks", firm=True),
    ]
    return found


def main() -> None:
    """Make both databases and write the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--fill", type=int)
    sizes.add_arguments(parser)
    options = parser.parse_args()

    import django

    django.setup()
    if options.fill:
        fill(options.fill, checked=False)
        analyze()
        return
    wanted = sizes.chosen(options)
    small = os.environ["DATABASE_URL"]
    large = f"{small}_large"
    try:
        make(small, large, wanted, options.folder)
        found = measure(options.folder, wanted, small, large)
    except CannotMeasure as error:
        sys.exit(f"Stopped: {error}")
    figures.write(options.into, found)


def make(small: str, large: str, sizes: Sizes, folder: Path) -> None:
    """Fill the database of this process with the smaller town, and one beside it with the larger."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    _copy_database()
    for url, customers in ((small, sizes.few), (large, sizes.customers)):
        say(f"Town of {customers} customers …")
        arguments = ("--folder", str(folder), "--into", os.devnull, "--fill", str(customers))
        run_module(folder, "tests.bench.growing", *arguments, database=url)


def _copy_database() -> None:
    """Make `<name>_large` like the database of this process, which nobody may be connected to then."""
    from django.db import connection

    settings = connection.settings_dict
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # of the PostgreSQL backend
    wanted = {"host": settings["HOST"], "user": settings["USER"], "dbname": "postgres"}
    with psycopg.connect(**wanted, autocommit=True) as server:
        name, large = sql.Identifier(settings["NAME"]), sql.Identifier(f"{settings['NAME']}_large")
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(large, name))


if __name__ == "__main__":
    main()
