"""A page cache over an application that counts, and a visitor who asks it."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ebok.pagecache.generation import Generation
from ebok.pagecache.wsgi import PageCache

PUBLIC = "public, max-age=0, s-maxage=60, stale-while-revalidate=600, stale-if-error=86400"


@dataclass
class Got:
    """What a visitor received."""

    status: int
    headers: dict[str, str]
    body: bytes
    names: list[str]

    @property
    def verdict(self) -> str:
        return self.headers["x-cache"]


@dataclass
class Renderer:
    """The application behind the cache: counts renderings and can be slow, different or broken."""

    renders: int = 0
    status: str = "200 OK"
    headers: list[tuple[str, str]] = field(default_factory=lambda: [("Cache-Control", PUBLIC)])
    body: Callable[[dict[str, Any], int], bytes] = lambda environ, number: b"page %d" % number
    broken: Exception | None = None
    seconds: float = 0.0
    gate: threading.Event | None = None
    closed: int = 0
    seen: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        with self._lock:
            self.renders += 1
            number = self.renders
            self.seen.append(environ)
        if self.seconds:
            time.sleep(self.seconds)
        if self.gate is not None:
            self.gate.wait(10)
        if self.broken is not None:
            raise self.broken
        start_response(self.status, [("Content-Type", "text/html; charset=utf-8"), *self.headers])
        return _Body(self, self.body(environ, number))


class _Body:
    def __init__(self, renderer: Renderer, body: bytes) -> None:
        self._renderer = renderer
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        yield self._body

    def close(self) -> None:
        self._renderer.closed += 1


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def renderer() -> Renderer:
    return Renderer()


@pytest.fixture
def generation(tmp_path: Path) -> Generation:
    return Generation(tmp_path / "generation")


@pytest.fixture
def cache(renderer: Renderer, generation: Generation, clock: Clock) -> PageCache:
    return PageCache(renderer, generation=generation, clock=clock, watch_interval=None)


Ask = Callable[..., Got]


@pytest.fixture
def ask(cache: PageCache) -> Ask:
    return lambda path="/", **more: request(cache, path, **more)


def request(app: Any, path: str = "/", *, method: str = "GET", **environ: str) -> Got:
    """One request; `environ` in WSGI names (QUERY_STRING, HTTP_COOKIE, …)."""
    started: list[Any] = []
    body = app(
        {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "HTTP_HOST": "testserver",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SCRIPT_NAME": "",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **environ,
        },
        lambda status, headers, exc_info=None: started.append((status, headers)),
    )
    content = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    status, headers = started[-1]
    names = [name.lower() for name, _ in headers]
    return Got(int(status[:3]), {name.lower(): value for name, value in headers}, content, names)


def eventually(is_true: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for what another thread does; fails when it does not happen."""
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)
