"""Public pages: from memory beside nginx, at the end of their lifetime, without a database, uncached."""

from __future__ import annotations

import http.client
import json
import math
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.bench.figures import Figure
from tests.bench.load import Load, wrk
from tests.bench.servers import (
    ROOT,
    WORKERS,
    CannotMeasure,
    Server,
    environment,
    manage,
    nginx,
    portal,
    prepare,
    require_tools,
    say,
)

FEW, MANY = 32, 1000
BROWSERS = "gzip, deflate, br, zstd"
"""What every browser accepts; without it a page goes out at its full length."""


@dataclass(frozen=True)
class Plan:
    """How long to measure."""

    rounds: int
    seconds: int
    expiry_seconds: int


FULL = Plan(rounds=5, seconds=3, expiry_seconds=10)
QUICK = Plan(rounds=3, seconds=1, expiry_seconds=4)


def measure(folder: Path, plan: Plan) -> list[Figure]:
    """Everything, on a demo database in the folder."""
    require_tools("nginx", "wrk")
    say("Preparing a demo database of its own …")
    prepare(folder)
    listed, outage = _outage_pages(folder)
    say("Cached pages beside nginx …")
    figures = cached(folder, ["/", outage], plan)
    say("Lifetime of one second, cookies, database away …")
    figures += expiry_and_hits(folder, plan)
    say("Uncached pages …")
    return figures + uncached(folder, ["/", listed, outage])


# P1 ----------------------------------------------------------------------------------------


def cached(folder: Path, paths: list[str], plan: Plan) -> list[Figure]:
    """Home and outage page from memory, beside nginx with the same bytes as files; interleaved.

    Asked for as browsers do, compressed, and in full length.
    """
    figures: list[Figure] = []
    files = folder / "files"
    with portal(folder) as own:
        own.warm(paths)
        for path in paths:
            for accepted in (BROWSERS, ""):
                target = files / _beside(path, accepted).strip("/") / "index.html"
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(own.get(path, Accept_Encoding=accepted or "identity")[2])
        with nginx(folder, files, own) as (static, proxy):
            for path in paths:
                for connections in (FEW, MANY):
                    for accepted in (BROWSERS, ""):
                        figures += _beside_nginx(path, connections, accepted, own, static, proxy, plan)
    return figures


def _beside(path: str, accepted: str) -> str:
    """Where nginx has the file with the bytes of this page."""
    return f"/compressed{path}" if accepted else path


def _beside_nginx(
    path: str, connections: int, accepted: str, own: Server, static: Server, proxy: Server, plan: Plan
) -> list[Figure]:
    servers = (static, own, proxy)
    loads: dict[str, list[Load]] = {server.name: [] for server in servers}
    used: dict[str, float] = {}

    def load(server: Server, seconds: int) -> Load:
        url = server.url(_beside(path, accepted) if server is static else path)
        return wrk(url, connections=connections, seconds=seconds, accepted=accepted)

    for server in servers:
        load(server, 1)
    for _ in range(plan.rounds):
        for server in servers:
            before = server.cpu_seconds()
            loads[server.name].append(load(server, plan.seconds))
            used[server.name] = used.get(server.name, 0.0) + server.cpu_seconds() - before
    length = "as browsers ask" if accepted else "in full length"
    name = f"{'home' if path == '/' else 'outage'} page {length}, {connections} connections"

    def ratio(server: Server) -> float:
        pairs = zip(loads[server.name], loads[static.name], strict=True)
        return statistics.median(load.rate / max(1.0, beside.rate) for load, beside in pairs)

    def told(server: Server) -> str:
        rate = statistics.median(load.rate for load in loads[server.name])
        tail = statistics.median(load.p99 for load in loads[server.name])
        requests = sum(load.requests for load in loads[server.name]) or 1
        return f"{rate:,.0f}/s, p99 {tail:.1f} ms, {used[server.name] / requests * 1e6:.0f} µs CPU"

    errors = sum(load.errors for server in servers for load in loads[server.name])
    return [
        Figure(f"{name}: nginx file", "", told(static), None),
        Figure(
            f"{name}: portal / nginx file", "≥ 0.75", f"{ratio(own):.2f} ({told(own)})", ratio(own) >= 0.75,
        ),
        Figure(
            f"{name}: behind nginx / nginx file", "≥ 0.95", f"{ratio(proxy):.2f} ({told(proxy)})",
            ratio(proxy) >= 0.95,
        ),
        Figure(f"{name}: failed requests", "0", str(errors), errors == 0),
    ]  # fmt: skip


# P2 and P3 ---------------------------------------------------------------------------------


def expiry_and_hits(folder: Path, plan: Plan) -> list[Figure]:
    """Renderings at a lifetime of one second; hits whatever the cookies; pages without a database."""
    counts = folder / "counts"
    counts.touch()
    figures: list[Figure] = []
    app = "tests.bench.counting:application"
    with portal(folder, app, BENCH_COUNTS=str(counts)) as own:
        own.warm(["/"])
        figures += _hits(own, counts)
    url = f"sqlite:///{folder / 'ebok.sqlite3'}?CONN_MAX_AGE=0"
    with portal(folder, app, BENCH_COUNTS=str(counts), BENCH_SECONDS="1", DATABASE_URL=url) as own:
        own.warm(["/"])
        with nginx(folder, folder / "files", own) as (_, proxy):
            figures += _expiry(own, proxy, counts, plan)
        figures += _without_database(own, folder)
    return figures


def _hits(own: Server, counts: Path) -> list[Figure]:
    before = counts.stat().st_size
    hits = 0
    connection = http.client.HTTPConnection("127.0.0.1", own.port, timeout=30)
    for number in range(1000):
        # Every tenth on a new connection, so that all workers are asked.
        if number % 10 == 0:
            connection.close()
        connection.request("GET", "/", headers={"Cookie": f"consent={number}; visitor=v{number}"})
        hits += _is_hit(connection)
    with_session = 0
    for number in range(100):
        connection.close()
        cookie = f"sessionid=s{number:031d}; csrftoken=c{number:031d}"
        connection.request("GET", "/", headers={"Cookie": cookie})
        with_session += _is_hit(connection)
    connection.close()
    work = counts.read_bytes()[before:]
    return [
        Figure("hits with 1000 different cookies", "100 %", f"{hits / 10:.1f} %", hits == 1000, firm=True),
        Figure("hits with a session cookie", "100 %", f"{with_session} %", with_session == 100, firm=True),
        Figure("queries on 1100 hits", "0", str(work.count(b"q")), b"q" not in work, firm=True),
        Figure("renderings on 1100 hits", "0", str(work.count(b"r")), b"r" not in work, firm=True),
    ]


def _is_hit(connection: http.client.HTTPConnection) -> bool:
    response = connection.getresponse()
    response.read()
    return response.status == 200 and response.getheader("X-Cache") == "HIT"


def _expiry(own: Server, proxy: Server, counts: Path, plan: Plan) -> list[Figure]:
    before, began = counts.stat().st_size, time.monotonic()
    load = wrk(own.url("/"), connections=64, seconds=plan.expiry_seconds)
    seconds = math.ceil(time.monotonic() - began)
    renders = counts.read_bytes()[before:].count(b"r")
    beside = wrk(proxy.url("/"), connections=64, seconds=plan.expiry_seconds)
    limit = WORKERS * seconds
    return [
        Figure(
            f"lifetime 1 s, {seconds} s of load: renderings", f"≤ {limit}", str(renders), renders <= limit,
            firm=True,
        ),
        Figure(
            "lifetime 1 s: p99 / p99 of nginx", "≤ 3", f"{load.p99 / max(beside.p99, 0.01):.1f} "
            f"({load.p99:.1f} ms, {beside.p99:.1f} ms)", load.p99 <= 3 * beside.p99,
        ),
        Figure("lifetime 1 s: failed requests", "0", str(load.errors), load.errors == 0, firm=True),
    ]  # fmt: skip


def _without_database(own: Server, folder: Path) -> list[Figure]:
    """The database file is put out of reach; the pages are long past their lifetime of one second.

    The server opens a connection for each request, else it would go on reading the file it has open.
    """
    own.warm(["/"])
    database, hidden = folder / "ebok.sqlite3", folder / "hidden.sqlite3"
    database.rename(hidden)
    # A folder of that name: SQLite cannot make a new, empty database in its place.
    database.mkdir()
    try:
        time.sleep(4)
        answers = [own.get("/") for _ in range(100)]
        away = own.get("/pomoc/bench-not-cached/")[0]
    finally:
        database.rmdir()
        hidden.rename(database)
    served = sum(status == 200 for status, _, _ in answers)
    return [
        Figure("database away: an uncached page answers", "5xx", str(away), away >= 500, firm=True),
        Figure("database away: home page served, of 100", "100", str(served), served == 100, firm=True),
    ]


# P4 ----------------------------------------------------------------------------------------


def uncached(folder: Path, paths: list[str]) -> list[Figure]:
    """Queries and processor time of pages that are rendered, beside a bare page of one title."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.page_cost", *paths],
        cwd=ROOT, env=environment(folder), capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    if done.returncode:
        raise CannotMeasure(f"Uncached pages could not be measured: {done.stderr.strip()[-300:]}")
    found = {row["path"]: row for row in map(json.loads, done.stdout.splitlines())}
    bare = found.pop("bare")
    cost = bare["milliseconds"]
    told = f"{bare['queries']} queries, {cost:.1f} ms CPU (just after a publication {_first(bare)})"
    figures = [Figure("bare Wagtail page of one title", "", told, None)]
    for path, row in found.items():
        name = {"/": "home page", paths[1]: "outage list"}.get(path, "outage page")
        figures += [
            Figure(f"{name} uncached: queries", "≤ 12", str(row["queries"]), row["queries"] <= 12, firm=True),
            Figure(
                f"{name} uncached: CPU", "< 10 ms", f"{row['milliseconds']:.1f} ms "
                f"({row['milliseconds'] / cost:.1f} × the bare page; just after a publication {_first(row)})",
                row["milliseconds"] < 10,
            ),
        ]  # fmt: skip
    return figures


def _first(row: dict[str, Any]) -> str:
    return f"{row['first_milliseconds']:.1f} ms"


def _outage_pages(folder: Path) -> list[str]:
    """Addresses of the list of outages and of one that names water points, the dearest public page."""
    code = (
        "from page_types.models import OutageIndexPage;"
        "from snippets.outages.models import Outage;"
        "index = OutageIndexPage.objects.live().order_by('path').first();"
        "shown = Outage.objects.filter(live=True, water_points__isnull=False).order_by('pk').first();"
        "print(index.get_url());"
        "print(f'{index.get_url()}{shown.uid}/')"
    )
    found = manage(folder, "shell", "--no-imports", "-c", code).strip().splitlines()[-2:]
    return [urlsplit(address).path for address in found]
