"""Signing in: what one costs, and whether other pages notice a flood of it: `python -m tests.bench sign-in`.

The flood comes from many addresses, so that no limit for one address stops it; each try names somebody
nobody knows, which costs a hash like any other. The other pages are one that is rendered each time, a search
for something else, and one from memory.
"""

from __future__ import annotations

import http.client
import random
import statistics
import threading
import time
import urllib.parse
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher

from tests.bench.figures import Figure, at_least, at_most, told
from tests.bench.servers import CannotMeasure, Server, portal, prepare, say

KEPT = "/szukaj/?q=woda"
LOGIN = "/konto/login/"
ASKED = 150
EVERY = 0.1
"""Seconds between two questions for the other page: the flood is the load, not they."""
CONNECTIONS = 16
PASSWORD = "Zupelnie-obojetne-7"


def measure(folder: Path) -> list[Figure]:
    """The ratio of hashing, then the other page alone and in the flood."""
    say("Signing in …")
    figures = _hashing()
    prepare(folder)
    with portal(folder, EBOK_TRUSTED_PROXY_COUNT="1") as server:
        # Asked often enough, every worker has loaded what these need.
        for path in (*_searches(40), *(KEPT, LOGIN) * 40):
            server.get(path)
        alone = _both(server)
        with _flood(server) as answers:
            time.sleep(1)
            flooded = _both(server)
    rendered, kept = zip(flooded, alone, strict=True)
    return [
        *figures,
        at_most(
            "a rendered page's p95, in a flood of sign-ins / alone", 1.5, rendered[0] / rendered[1],
            _milliseconds(rendered),
        ),
        told("  a page from memory", _milliseconds(kept)),
        told("  answers of the flood", f"{sum(answers.values())}, of them sent away {answers[503]}"),
    ]  # fmt: skip


def _both(server: Server) -> list[float]:
    """The p95 of pages that are rendered, and of one from memory."""
    return [_p95(_times(server, paths)) for paths in (_searches(ASKED), [KEPT] * ASKED)]


def _milliseconds(pair: tuple[float, float]) -> str:
    return " and ".join(f"{seconds * 1e3:.1f}" for seconds in pair) + " ms"


def _searches(number: int) -> list[str]:
    """Pages nobody asked for before, so that each is rendered."""
    return [f"/szukaj/?q={uuid.uuid4().hex[:8]}" for _search in range(number)]


def _hashing() -> list[Figure]:
    import django

    django.setup()
    from ebok.accounts.hashers import PortalArgon2PasswordHasher

    ours = _seconds(PortalArgon2PasswordHasher(), 15)
    djangos = _seconds(Argon2PasswordHasher(), 5)
    default = _seconds(PBKDF2PasswordHasher(), 5)
    return [
        at_least(
            "Django's default hasher (PBKDF2) / ours, processor time of a hash",
            10,
            default / ours,
            f"{default * 1e3:.0f} ms and {ours * 1e3:.1f} ms",
        ),
        told("  Django's Argon2 / ours", f"{djangos / ours:.1f}"),
        told("  sign-ins a second for each core, hashing alone", f"{1 / ours:.0f}"),
    ]


def _seconds(hasher: Argon2PasswordHasher | PBKDF2PasswordHasher, rounds: int) -> float:
    times = []
    for _round in range(rounds):
        began = time.process_time()
        hasher.encode(PASSWORD, "salt-of-the-bench-1234")
        times.append(time.process_time() - began)
    return statistics.median(times)


def _times(server: Server, paths: list[str]) -> list[float]:
    times = []
    for path in paths:
        began = time.perf_counter()
        status, _headers, _body = server.get(path)
        if status != 200:
            raise CannotMeasure(f"{path} answers {status}.")
        times.append(time.perf_counter() - began)
        time.sleep(EVERY)
    return times


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


@contextmanager
def _flood(server: Server) -> Iterator[Counter[int]]:
    stop, answers = threading.Event(), Counter[int]()
    token = _token(server)
    threads = [
        threading.Thread(target=_sign_in_for_ever, args=(server, token, stop, answers), daemon=True)
        for _number in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        stop.set()
        for thread in threads:
            thread.join(15)


def _token(server: Server) -> str:
    _status, headers, _body = server.get(LOGIN)
    return headers["set-cookie"].partition("csrftoken=")[2].partition(";")[0]


def _sign_in_for_ever(server: Server, token: str, stop: threading.Event, answers: Counter[int]) -> None:
    drawn = random.Random()
    while not stop.is_set():
        who = f"{drawn.getrandbits(40):x}@example.org"
        form = urllib.parse.urlencode({"login": who, "password": PASSWORD, "csrfmiddlewaretoken": token})
        address = ".".join(str(drawn.randint(1, 250)) for _part in range(4))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={token}",
            "X-Forwarded-For": address,
        }
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        try:
            connection.request("POST", LOGIN, form, headers)
            answer = connection.getresponse()
            answer.read()
            answers[answer.status] += 1
            if answer.status == 503:
                # People read the page before they come again; a flood of impatient ones waits this long.
                stop.wait(float(answer.headers["Retry-After"]) * drawn.random())
        except OSError:
            answers[0] += 1
        finally:
            connection.close()
