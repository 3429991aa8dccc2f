"""How a view says that its response is the same for everyone, or for one person only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.http.response import HttpResponseBase

from ebok.pagecache.policy import QUERIES_HEADER

Response = TypeVar("Response", bound=HttpResponseBase)

PUBLIC_MARK = "_ebok_public"
"""Attribute of a response that promised to be the same for everyone."""


def make_public(
    response: Response,
    seconds: int = 60,
    stale: int = 600,
    if_error: int = 86_400,
    queries: Iterable[str] = (),
) -> Response:
    """Promise that the response holds the same bytes for everyone, and may be kept.

    `seconds`: fresh; `stale`: shown after that while a new one is rendered; `if_error`: shown while
    rendering fails. `queries`: names of the query string that change the page; an address with any
    other name is not kept. Browsers always ask again (max-age=0) and get a 304.
    """
    response.headers["Cache-Control"] = (
        f"public, max-age=0, s-maxage={seconds}, stale-while-revalidate={stale}, stale-if-error={if_error}"
    )
    response.headers[QUERIES_HEADER] = ",".join(sorted(queries))
    setattr(response, PUBLIC_MARK, True)
    return response


def make_private(response: Response) -> Response:
    """Say that the response is for one person, once: nobody keeps it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers.pop(QUERIES_HEADER, None)
    setattr(response, PUBLIC_MARK, False)
    return response


def is_public(response: HttpResponseBase) -> bool:
    """Whether the response promised to be the same for everyone."""
    return bool(getattr(response, PUBLIC_MARK, False))
