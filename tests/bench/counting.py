"""The portal as the bench starts it: it counts its renderings and queries in a file, one letter for each.

Environment: `BENCH_COUNTS` names the file, `BENCH_SECONDS` (optional) replaces the lifetime of public pages.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ebok.settings.dev")
django_application = get_wsgi_application()

from ebok.pagecache.wsgi import PageCache  # noqa: E402 (needs the settings loaded above)

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

# Appending one byte is atomic, whatever process or thread does it.
_counts = os.open(os.environ["BENCH_COUNTS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
_seconds = os.environ.get("BENCH_SECONDS", "")


def _count_query(execute: Callable[..., Any], *args: Any) -> Any:
    os.write(_counts, b"q")
    return execute(*args)


def _connected(connection: Any, **kwargs: Any) -> None:
    if _count_query not in connection.execute_wrappers:
        connection.execute_wrappers.append(_count_query)


connection_created.connect(_connected, weak=False)


def counted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Django, with each rendering counted."""
    os.write(_counts, b"r")

    def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
        if _seconds:
            headers = [
                (name, re.sub(r"s-maxage=\d+", f"s-maxage={_seconds}", value)) for name, value in headers
            ]
        return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

    return django_application(environ, started)


application = PageCache.wrap(counted)
