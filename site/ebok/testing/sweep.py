"""Walking every address with every method and with input nobody should send.

`tests/sweep/` runs this over the whole portal; a plugin author can run it over theirs with
`urls_of(key)`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest import mock
from urllib.parse import quote, urlencode

from django.http import QueryDict
from django.test import Client

from ebok.pagecache import kept as keeping
from ebok.testing.samples import SampleWorld, sample_arguments
from ebok.testing.urls import NamedUrl

HUGE_NUMBER = "9" * 40
BAD_TEXTS = (
    "\x00",
    "a\x00b",
    "x" * 5_000,
    HUGE_NUMBER,
    f"-{HUGE_NUMBER}",
    "-1",
    "0",
    "1.5",
    "1e400",
    "NaN",
    "",
    " ",
    "None",
    "[]",
    "{}",
    "../../etc/passwd",
    "%00",
    "%s%n",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "=1+1",
    "ąęśżźćńłó 💧 \u202e",
    "\ud800",
    "2026-02-30",
    "9999999-01-01",
    "00000000-0000-0000-0000-000000000000",
)
"""NUL, huge, wrong type, negative, injections, half a surrogate pair, impossible dates."""

UNREAD_TEXTS = ("\x00", HUGE_NUMBER, "\ud800")
"""Enough where a view looks at nothing of what is sent: these break what stands before it."""

COMMON_PARAMETERS = ("page", "q", "id", "sort", "next", "format")
"""Tried everywhere, beside those that a view is seen to read."""


@dataclass(frozen=True)
class Attempt:
    """One request of the sweep, as it is shown when it fails."""

    method: str
    path: str
    status: int

    def __str__(self) -> str:
        return f"{self.method} {self.path[:200]} → {self.status}"


def bad_paths(url: NamedUrl, world: SampleWorld) -> Iterator[str]:
    """The address with each parameter in turn replaced by each bad text."""
    arguments = sample_arguments(url, world)
    for parameter in url.parameters:
        for text in BAD_TEXTS:
            if text:
                yield url.path_with(arguments, parameter, _encodable(text))


def bad_queries(parameters: set[str]) -> Iterator[str]:
    """Query strings with each bad text in all parameters at once, and some malformed ones.

    `parameters`: what the view was seen to read; a view that reads nothing gets a few texts only.
    """
    names = sorted({*parameters, *COMMON_PARAMETERS})
    for text in BAD_TEXTS if parameters else UNREAD_TEXTS:
        yield urlencode([(name, text.encode("utf-8", "surrogatepass")) for name in names])
    yield "&".join(f"{quote(name)}=1&{quote(name)}=2" for name in names)
    yield "&".join(quote(name) for name in names)
    yield "%ff%fe=%ff&&&==&unknown[]=1"


def bad_bodies(parameters: set[str]) -> Iterator[tuple[str, bytes]]:
    """Content type and body pairs: bad fields, unknown fields, broken JSON and multipart.

    `parameters`: what the view was seen to read; a view that reads nothing gets a few texts only.
    """
    names = sorted({*parameters, "unknown"})
    for text in BAD_TEXTS if parameters else UNREAD_TEXTS:
        pairs = [(name, text.encode("utf-8", "surrogatepass")) for name in names]
        yield "application/x-www-form-urlencoded", urlencode(pairs).encode()
    yield "application/json", json.dumps({name: [1, {"a": None}] for name in names}).encode()
    yield "application/json", b"{"
    yield "application/json", b"[" * 2_000
    yield "multipart/form-data; boundary=x", b"--x\r\nbroken"
    yield "multipart/form-data", b""
    yield "text/plain; charset=nobody-knows", b"\xff\xfe"


@contextmanager
def parameters_read() -> Iterator[set[str]]:
    """Collects the names under which views look into GET and POST, so that none is missed."""
    seen: set[str] = set()

    def remember(method: Any) -> Any:
        def wrapped(self: QueryDict, key: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(key, str):
                seen.add(key)
            return method(self, key, *args, **kwargs)

        return wrapped

    names = ("__getitem__", "get", "getlist", "__contains__")
    patches = [mock.patch.object(QueryDict, name, remember(getattr(QueryDict, name))) for name in names]
    for patch in patches:
        patch.start()
    try:
        yield seen
    finally:
        for patch in patches:
            patch.stop()


@contextmanager
def frame_kept() -> Iterator[None]:
    """While many requests follow each other and nothing else happens, what pages share is made once.

    In operation it is; in a test everything happens in a transaction, in which it is made anew each time and
    takes half of the time of a page.
    """
    keeping.forget()
    with mock.patch.object(keeping, "connection", SimpleNamespace(in_atomic_block=False)):
        try:
            yield
        finally:
            keeping.forget()


def ask(client: Client, method: str, path: str, **extra: Any) -> Attempt:
    """Send one request and note the status."""
    response = client.generic(method, path, **extra)
    content_of(response)
    return Attempt(method, path, response.status_code)


def content_of(response: Any) -> bytes:
    """The whole body; a file that is sent in parts is read to its end, and thereby closed."""
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


def _encodable(text: str) -> str:
    # An address can carry bytes that are no text; `quote` wants text, so the pair is left as escapes.
    return text.encode("utf-8", "replace").decode()
