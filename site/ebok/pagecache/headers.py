"""How a view says whether its response is the same for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.http.response import HttpResponseBase

from ebok.pagecache.policy import DOWNSTREAM_HEADER, QUERIES_HEADER, read_policy

Response = TypeVar("Response", bound=HttpResponseBase)

NO_STORE = "no-store"


def make_public(
    response: Response,
    seconds: int = 60,
    stale: int = 600,
    if_error: int = 86_400,
    queries: Iterable[str] = (),
) -> Response:
    """Promise that everybody gets these bytes, and let the page cache keep them. Returns the response.

    `seconds`: how long they are fresh; what is published renews them at once anyway, so this bounds
    only what changes by the clock. `stale`: how much longer the old bytes may be shown while new ones
    are rendered; `if_error`: while rendering fails (both in seconds). `queries`: the names of query
    parameters that give other pages; with any other parameter the page is rendered each time.

    Rendering must not touch the session, the user or a CSRF token: see `PublicBytesMiddleware`.
    """
    response["Cache-Control"] = (
        f"public, max-age=0, s-maxage={int(seconds)}, "
        f"stale-while-revalidate={int(stale)}, stale-if-error={int(if_error)}"
    )
    names = sorted(set(queries))
    if names:
        response[QUERIES_HEADER] = ",".join(names)
    _forget_vary(response)
    return response


def make_private(response: Response) -> Response:
    """Have nobody keep the response, not even the visitor's browser. Returns the response."""
    response["Cache-Control"] = NO_STORE
    for name in (QUERIES_HEADER, DOWNSTREAM_HEADER):
        if response.has_header(name):
            del response[name]
    return response


def is_public(response: HttpResponseBase) -> bool:
    """Whether the response promises the same bytes for everybody (whatever cookies it still carries)."""
    promised = [("Cache-Control", response.get("Cache-Control", ""))]
    return read_policy("200", promised) is not None


def keep_out_of_proxies(response: HttpResponseBase) -> None:
    """Keep a public response in our own page cache only, where switching a module bars it at once."""
    response[DOWNSTREAM_HEADER] = "0"


def _forget_vary(response: HttpResponseBase) -> None:
    if response.has_header("Vary"):
        del response["Vary"]
