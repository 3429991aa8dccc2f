"""A viewing event beside the dashboard it tells of: `python -m tests.bench journal`.

Run as a module it measures inside one process, on the bench's own database, and prints one JSON object:
processor seconds of a dashboard of a signed-in client, of a gathered viewing with everything that follows
until it is in the tables, and of sealing it (which another process does).
"""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure, at_most, told
from tests.bench.servers import ROOT, CannotMeasure, environment, prepare, say

DASHBOARD = "/moje-konto/"
ROUNDS = 40
WARM = 10


def measure(folder: Path) -> list[Figure]:
    """The ratio of issue and `docs/performance.md`: at most 3 %."""
    say("Viewings in the journal …")
    prepare(folder)
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.viewing"],
        cwd=ROOT, env=environment(folder), capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    if done.returncode:
        raise CannotMeasure(f"Viewings could not be measured: {done.stderr.strip()[-300:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    ratio = found["viewing"] / found["dashboard"]
    words = f"{found['viewing'] * 1e6:.0f} µs of {found['dashboard'] * 1e3:.1f} ms"
    return [
        at_most(
            f"a viewing / a dashboard, CPU, {found['batch']} in a batch", 3, ratio * 100, words, unit="%"
        ),
        told("  when it is alone in its batch", f"{found['alone'] * 1e6:.0f} µs"),
        told("  of it gathering, in the request", f"{found['gathering'] * 1e6:.0f} µs"),
        told("  sealing it, by the timer", f"{found['sealing'] * 1e6:.0f} µs"),
    ]  # fmt: skip


def main() -> None:
    """Measure; print."""
    import django

    django.setup()
    from ebok.journal import chain, shipping, spool

    request, page = _signed_in()
    times = []
    for number in range(WARM + ROUNDS):
        began = time.process_time()
        page()
        if number >= WARM:
            times.append(time.process_time() - began)
    dashboard = statistics.median(times)
    # What comes together in the time between two shipments when a process does nothing but dashboards.
    batch = max(1, int(shipping.EVERY / dashboard))

    shipping.gatherer.start = lambda: None  # type: ignore[method-assign]  # each batch is shipped below
    gathering, whole = _costs(request, batch)
    _alone, alone = _costs(request, 1)
    assert spool.oldest() is None
    began = time.process_time()
    sealed = chain.write_pending()
    print(
        json.dumps(
            {
                "dashboard": dashboard,
                "viewing": whole,
                "gathering": gathering,
                "alone": alone,
                "sealing": (time.process_time() - began) / sealed,
                "batch": batch,
            }
        )
    )


def _costs(request: Any, batch: int) -> tuple[float, float]:
    """Seconds of gathering one viewing, and of that with writing it, when so many come together."""
    from ebok.journal import viewing

    gathering, whole = [], []
    for number in range(WARM + ROUNDS):
        began = time.process_time()
        for _ in range(batch):
            viewing.record_view("journal.item_changed", text="Obejrzano pulpit", request=request)
        gathered = time.process_time()
        assert viewing.flush() == batch
        if number >= WARM:
            gathering.append((gathered - began) / batch)
            whole.append((time.process_time() - began) / batch)
    return statistics.median(gathering), statistics.median(whole)


def _signed_in() -> tuple[Any, Any]:
    """A request of a signed-in client, and a call that answers the dashboard to them."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.core.wsgi import get_wsgi_application
    from django.test import RequestFactory

    from ebok.accounts import roles, sessions
    from ebok.testing.people import person

    user = person("bench-viewer@example.org", groups=[roles.CLIENTS], first_name="Anna", last_name="Ławka")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[sessions.SINCE] = session[sessions.SEEN] = int(time.time())
    session.save()
    application = get_wsgi_application()

    def answer() -> None:
        statuses: list[str] = []
        started: Any = lambda status, headers, exc_info=None: statuses.append(status)  # noqa: E731
        body: Any = application(
            {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": DASHBOARD,
                "QUERY_STRING": "",
                "SCRIPT_NAME": "",
                "SERVER_NAME": "localhost",
                "SERVER_PORT": "80",
                "SERVER_PROTOCOL": "HTTP/1.1",
                "HTTP_HOST": "localhost",
                "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={session.session_key}",
                "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                "REMOTE_ADDR": "127.0.0.1",
                "wsgi.url_scheme": "http",
                "wsgi.input": io.BytesIO(),
                "wsgi.errors": sys.stderr,
            },
            started,
        )
        b"".join(body)
        body.close()
        if not statuses[-1].startswith("200"):
            raise SystemExit(f"{DASHBOARD} answers {statuses[-1]}.")

    request = RequestFactory().get(
        DASHBOARD, headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0"}
    )
    request.user = user
    return request, answer


if __name__ == "__main__":
    main()
