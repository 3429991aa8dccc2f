"""What an uncached page costs, measured inside one process: prints one JSON object for each page.

Run by the bench as `python -m tests.bench.page_cost PATH...` on the bench's own database. Beside the
given addresses it measures the floor: a bare Wagtail page of one title, through the same middleware.

`queries` and `first_milliseconds` are of the first page after a publication, when nothing of the frame
is kept (`ebok.pagecache.kept`); `milliseconds` of the ones that follow.
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import time
from typing import Any

from django.core.wsgi import get_wsgi_application

ROUNDS = 60
BARE = "bench-bare-page"


def main(paths: list[str]) -> None:
    """Measure the bare page and all paths, interleaved; print one line each."""
    application = get_wsgi_application()
    # Both need the apps loaded above.
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from ebok.pagecache import kept

    bare = _bare_page()
    measured = [bare, *paths]
    times: dict[str, list[float]] = {path: [] for path in measured}
    firsts: dict[str, list[float]] = {path: [] for path in measured}
    queries: dict[str, int] = {}
    for path in measured:
        status = _ask(application, path)
        if status != 200:
            raise SystemExit(f"{path} answers {status}.")
        _ask(application, path)
        kept.forget()
        with CaptureQueriesContext(connection) as captured:
            _ask(application, path)
        queries[path] = len(captured)
    for _ in range(ROUNDS):
        for path in measured:
            kept.forget()
            for into in (firsts, times):
                before = time.process_time()
                _ask(application, path)
                into[path].append(time.process_time() - before)
    for path in measured:
        print(
            json.dumps(
                {
                    "path": "bare" if path == bare else path,
                    "queries": queries[path],
                    "first_milliseconds": statistics.median(firsts[path]) * 1000,
                    "milliseconds": statistics.median(times[path]) * 1000,
                }
            )
        )


def _bare_page() -> str:
    """Address of a plain `wagtailcore.Page` with nothing but a title."""
    from wagtail.models import Page, Site

    site = Site.objects.select_related("root_page").get(is_default_site=True)
    if not Page.objects.filter(slug=BARE).exists():
        site.root_page.add_child(instance=Page(title="Bare", slug=BARE))
    return f"/{BARE}/"


def _ask(application: Any, path: str) -> int:
    statuses: list[str] = []
    body = application(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
        },
        lambda status, headers, exc_info=None: statuses.append(status),
    )
    b"".join(body)
    body.close()
    return int(statuses[-1][:3])


if __name__ == "__main__":
    main(sys.argv[1:])
