"""Load with wrk, and what it reports."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass

_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Load:
    """Result of one run of wrk: requests a second, 99th percentile in milliseconds, and what went wrong."""

    rate: float
    p99: float
    requests: int
    errors: int


def wrk(url: str, *, connections: int, seconds: int, accepted: str = "") -> Load:
    """Ask one address with so many connections for so many whole seconds (wrk knows no others).

    `accepted` is what is sent as Accept-Encoding.
    """
    header = ["-H", f"Accept-Encoding: {accepted}"] if accepted else []
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "10s", *header, url],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done)
    tail = re.search(r"99%\s+([\d.]+)(us|ms|s|m)", done)
    count = re.search(r"(\d+) requests in", done)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", done)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", done)
    return Load(
        rate=float(rate[1]) if rate else 0.0,
        p99=float(tail[1]) * _UNITS[tail[2]] if tail else 0.0,
        requests=int(count[1]) if count else 0,
        errors=(int(wrong[1]) if wrong else 0) + (sum(map(int, broken.groups())) if broken else 0),
    )
