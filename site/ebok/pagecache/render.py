"""Asking the application behind the cache, and what came back."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from ebok.pagecache.key import Key, with_look
from ebok.pagecache.policy import Headers

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication, WSGIEnvironment


class Answer:
    """What the application answered: status, headers and a body that is not read yet."""

    __slots__ = ("_written", "body", "exc_info", "headers", "status")

    def __init__(self) -> None:
        self.status = ""
        self.headers: Headers = []
        self.exc_info: Any = None
        self.body: Iterable[bytes] = ()
        self._written: list[bytes] = []

    def start(self, status: str, headers: Headers, exc_info: Any = None, /) -> Callable[[bytes], object]:
        """The `start_response` of PEP 3333 that the application is given."""
        self.status = status
        self.headers = list(headers)
        self.exc_info = exc_info
        return self._written.append

    @property
    def failed(self) -> bool:
        """Whether it is a server error."""
        return self.status.startswith("5")

    def read(self, limit: int) -> bytes | None:
        """The whole body, and the response is closed; None when it is longer than `limit` bytes.

        In that case `body` still gives all of it.
        """
        pieces: list[bytes] = []
        length = 0
        iterator = iter(self.body)
        for piece in iterator:
            pieces.append(piece)
            length += len(piece)
            if length > limit:
                self.body = _Chained(chain(pieces, iterator), self.body)
                return None
        self.close()
        return b"".join(pieces)

    def close(self) -> None:
        """Give the application its resources back (PEP 3333)."""
        close = getattr(self.body, "close", None)
        if close is not None:
            close()


class _Chained:
    """An iterable body of which a part was read already."""

    def __init__(self, pieces: Iterator[bytes], original: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._original = original

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        close = getattr(self._original, "close", None)
        if close is not None:
            close()


def ask(app: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """Call the application until its status and headers are known."""
    answer = Answer()
    answer.body = app(environ, answer.start)
    if not answer.status:
        # PEP 3333 lets an application call start_response as late as with its first piece of body.
        iterator = iter(answer.body)
        pieces = []
        for piece in iterator:
            pieces.append(piece)
            if answer.status:
                break
        answer.body = _Chained(chain(pieces, iterator), answer.body)
    if answer._written:
        answer.body = _Chained(chain(answer._written, answer.body), answer.body)
    return answer


# What a server tells about itself, not about the visitor.
_SERVER_NAMES = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE", "SCRIPT_NAME")
_SERVER_PREFIX = "wsgi."


def server_part(environ: WSGIEnvironment) -> WSGIEnvironment:
    """The part of a request's environment that is the same for every request."""
    kept = {
        name: value
        for name, value in environ.items()
        if name in _SERVER_NAMES or name.startswith(_SERVER_PREFIX)
    }
    kept["wsgi.errors"] = sys.stderr
    kept.pop("wsgi.file_wrapper", None)
    return kept


def clean_environ(
    server: WSGIEnvironment, key: Key, *, host_header: str, secure_header: tuple[str, str] | None
) -> WSGIEnvironment:
    """A request for the page of a key by nobody in particular: no cookie but the look, no address."""
    environ = server | {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": key.path,
        "QUERY_STRING": key.query,
        "HTTP_HOST": key.host,
        host_header: key.host,
        "HTTP_COOKIE": with_look(None, key.look),
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": "0",
        "wsgi.url_scheme": key.scheme,
        "wsgi.input": io.BytesIO(),
    }
    if secure_header is not None:
        name, secure = secure_header
        environ[name] = secure if key.scheme == "https" else "http"
    return environ


def visitors_environ(environ: WSGIEnvironment, key: Key) -> WSGIEnvironment:
    """The visitor's own request, with host and look as the key says them, so that both always agree."""
    asked = dict(environ)
    asked["HTTP_COOKIE"] = with_look(environ.get("HTTP_COOKIE"), key.look)
    return asked
