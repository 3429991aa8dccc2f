"""Which stored page a request asks for, and which requests the page cache does not touch.

A key is made of scheme, host, path, allowed query names and the look. No other header, and no
other cookie, may change what a public page says.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

LOOK_COOKIE = "ebok_look"
LOOKS = (
    "light-100",
    "light-120",
    "light-150",
    "contrast-100",
    "contrast-120",
    "contrast-150",
)
DEFAULT_LOOK = LOOKS[0]

MAX_HOST = 255
MAX_PATH = 512
MAX_QUERY = 256

# Added by mail programs and social networks to links that people share. During an outage nearly
# every visitor comes by such a link, so they must not make a page of their own.
TRACKING_NAMES = frozenset({"fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "twclid"})
TRACKING_PREFIX = "utm_"

# What differs from visitor to visitor and is not a page: htmx asks for fragments, and a request
# that proves who sends it is none of a public cache's business.
PERSONAL_HEADERS = ("HTTP_HX_REQUEST", "HTTP_AUTHORIZATION")


class Key(NamedTuple):
    """Identity of one stored page; equal to the plain tuple that the hit path builds."""

    scheme: str
    host: str
    path: str
    query: str
    look: str


def look_of(cookie_header: str | None) -> str:
    """The look a Cookie header asks for, one of `LOOKS`; anything unknown is the default.

    Of several cookies of that name the last one counts, as in Django.
    """
    look = DEFAULT_LOOK
    if cookie_header is None or LOOK_COOKIE not in cookie_header:
        return look
    for pair in cookie_header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name.strip() == LOOK_COOKIE:
            value = value.strip().strip('"')
            look = value if value in LOOKS else DEFAULT_LOOK
    return look


def with_look(cookie_header: str | None, look: str) -> str:
    """The Cookie header with exactly one look cookie, so that Django reads what the key says."""
    kept = [
        pair.strip()
        for pair in (cookie_header or "").split(";")
        if pair.strip() and pair.partition("=")[0].strip() != LOOK_COOKIE
    ]
    return "; ".join([*kept, f"{LOOK_COOKIE}={look}"])


def without_tracking(query: str) -> str:
    """The query string without the names that only tell where a link was clicked."""
    if not query:
        return query
    return "&".join(part for part in query.split("&") if part and not _is_tracking(part.partition("=")[0]))


def canonical_query(query: str, allowed: Iterable[str]) -> str | None:
    """The query string in the one order it is stored under, or None when a name is not allowed.

    Works on the raw text: a name that arrives percent-encoded is not allowed, each name may
    appear once, and control characters (also encoded ones) are refused.
    """
    parts = without_tracking(query).split("&") if query else []
    parts = [part for part in parts if part]
    names = [part.partition("=")[0] for part in parts]
    if len(set(names)) != len(names) or not set(names) <= set(allowed):
        return None
    if any(_is_weird(part) for part in parts):
        return None
    return "&".join(sorted(parts))


class KeyReader:
    """Reads the key of a request as Django would understand the request.

    `secure_header` is Django's SECURE_PROXY_SSL_HEADER, `host_header` the name in the environment
    that Django takes the host from. Whether a host is one of ours is Django's decision
    (ALLOWED_HOSTS): a request for another one is answered 400, and nothing of it is kept.
    """

    def __init__(
        self,
        *,
        secure_header: tuple[str, str] | None = None,
        host_header: str = "HTTP_HOST",
    ) -> None:
        self.secure_header = secure_header
        self.host_header = host_header

    def read(self, environ: WSGIEnvironment) -> Key | None:
        """The key, its query without tracking names but not yet checked; None means: do not touch."""
        if any(name in environ for name in PERSONAL_HEADERS):
            return None
        host = self._host(environ)
        path = environ.get("PATH_INFO", "")
        query = environ.get("QUERY_STRING", "")
        if not host or not path.startswith("/") or len(path) > MAX_PATH or len(query) > MAX_QUERY:
            return None
        if _has_control(path) or _is_weird(query):
            return None
        return Key(
            self.scheme(environ), host, path, without_tracking(query), look_of(environ.get("HTTP_COOKIE"))
        )

    def scheme(self, environ: WSGIEnvironment) -> str:
        """ "https" or "http", by Django's rule for `HttpRequest.scheme`."""
        if self.secure_header is not None:
            name, secure = self.secure_header
            value = environ.get(name)
            if value is not None:
                return "https" if value.split(",", 1)[0].strip() == secure else "http"
        return str(environ.get("wsgi.url_scheme", "http"))

    def _host(self, environ: WSGIEnvironment) -> str | None:
        host = environ.get(self.host_header) or environ.get("HTTP_HOST")
        if not host or len(host) > MAX_HOST or not host.isascii():
            return None
        return str(host).lower()


def _is_tracking(name: str) -> bool:
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIX)


def _has_control(text: str) -> bool:
    return any(character < " " or character == "\x7f" for character in text)


def _is_weird(query: str) -> bool:
    lowered = query.lower()
    return _has_control(query) or "%0" in lowered or "%1" in lowered or "%7f" in lowered
