"""A process in which clients send readings, through all layers but the socket: an order and an answer a line.

Orders: {"do": "sign-in", "first": n, "count": n} and {"do": "send", "rate": a second, "seconds": n}.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import time_machine

from tests.bench.reading_day import HOST, NOON, READ


def main() -> None:
    """Load the portal, then answer until the input ends."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    # As in production: queries are not kept.
    settings.DEBUG = False

    waiting: Iterator[tuple[Client, int]] = iter(())
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        with time_machine.travel(datetime.fromisoformat(NOON), tick=True):
            if order["do"] == "sign-in":
                waiting = iter(signed_in(order["first"], order["count"]))
                answer = {}
            else:
                answer = send(waiting, order["rate"], order["seconds"])
        print(json.dumps(answer), flush=True)


def signed_in(first: int, count: int) -> list[tuple[Any, int]]:
    """(browser, customer) of so many people, the first of them by number."""
    from django.test import Client

    from ebok.accounts.models import User

    found = []
    portal = Client().handler  # one for all, as in operation: it takes long to put together
    for number in range(first, first + count):
        browser = Client(headers={"host": HOST})
        browser.handler = portal
        browser.force_login(User.objects.get(email=f"odczyt{number}@example.org"))
        found.append((browser, number))
    return found


def send(waiting: Iterator[tuple[Any, int]], rate: float, seconds: float) -> dict[str, Any]:
    """Each person sends one reading, one after another at this rate.

    `times` are milliseconds of the work; `late` counts from the moment a reading was due, so that one who had
    to wait for those before is not forgotten. `worked` is processor time of one, without the database's.
    """
    times: list[float] = []
    late: list[float] = []
    stored, worked = 0, time.process_time()
    began = time.perf_counter()
    for place in range(int(rate * seconds)):
        browser, number = next(waiting)
        due = began + place / rate
        if (pause := due - time.perf_counter()) > 0:
            time.sleep(pause)
        start = time.perf_counter()
        form = {"klucz": str(uuid.uuid4()), "dzien": "", f"m{number}-1": READ}
        answer = browser.post("/moje-konto/odczyty/podaj/", form)
        end = time.perf_counter()
        times.append((end - start) * 1000)
        late.append((end - due) * 1000)
        stored += answer.status_code == 302 and "/wyslane/" in answer["Location"]
    return {
        "times": times,
        "late": late,
        "stored": stored,
        "took": time.perf_counter() - began,
        "worked": (time.process_time() - worked) * 1000 / max(len(times), 1),
    }


if __name__ == "__main__":
    main()
