"""One stored page: its ready answers in each content coding, and how old it may become."""

from __future__ import annotations

import gzip
import hashlib

import brotli  # type: ignore[import-untyped]  # ships no types

from ebok.pagecache.policy import Headers, Policy, without

IDENTITY, GZIP, BROTLI = 0, 1, 2
CODINGS = ("", "gzip", "br")

# Below this a header costs more than compression saves (a packet holds about 1400 bytes anyway).
_SMALLEST_COMPRESSED = 512
_TEXTUAL = ("text/", "application/json", "application/xml", "application/atom+xml", "image/svg+xml")
_GZIP_LEVEL = 6
_BROTLI_QUALITY = 5
# Rough cost of the Python objects around the bytes, for the memory bound.
_OVERHEAD = 4096
_LONGEST_CONDITION = 1024

# Written anew for every answer, or meaningless for a kept one.
_OWN_HEADERS = (
    "age",
    "cache-control",
    "connection",
    "content-length",
    "date",
    "etag",
    "keep-alive",
    "transfer-encoding",
    "vary",
    "x-accel-expires",
    "x-cache",
    "x-ebok-queries",
)
_HEADERS_OF_304 = ("etag", "vary", "cache-control", "age", "x-cache", "x-accel-expires", "x-look")


class Form:
    """A page in one content coding.

    `dressed` is (age, headers of a hit): rebuilt once a second, replaced whole, read without a lock.
    """

    __slots__ = ("body", "dressed", "etag", "headers")

    def __init__(self, headers: Headers, body: bytes, etag: str) -> None:
        self.headers = headers
        self.body = body
        self.etag = etag
        self.dressed: tuple[int, Headers] = (-1, [])


class Page:
    """Ready answers of one key.

    `born` is on the cache's own clock, `sequence` the generation in which rendering began,
    `used` when it was last given out, `retry_at` set while rendering fails: not to be tried before.
    """

    __slots__ = (
        "born",
        "downstream",
        "etags",
        "forms",
        "fresh_until",
        "policy",
        "retry_at",
        "sequence",
        "size",
        "used",
    )

    def __init__(
        self,
        *,
        headers: Headers,
        body: bytes,
        policy: Policy,
        look: str,
        born: float,
        sequence: int,
        downstream: int,
    ) -> None:
        self.policy = policy
        self.born = born
        self.used = born
        self.sequence = sequence
        self.fresh_until = born + policy.seconds
        self.retry_at: float | None = None
        self.downstream = downstream if policy.downstream else 0
        self.forms = _forms(without(headers, *_OWN_HEADERS), body, look)
        self.etags = frozenset(form.etag for form in self.forms)
        self.size = sum({id(form): len(form.body) for form in self.forms}.values()) + _OVERHEAD
        for form in {id(form): form for form in self.forms}.values():
            form.headers.append(("X-Accel-Expires", str(self.downstream)))

    def headers(self, form: Form, age: int, verdict: str) -> Headers:
        """Headers of an answer that is `age` seconds old; `verdict` goes into X-Cache.

        Caches in front of us subtract Age from s-maxage, so the lifetime they get is counted from now.
        They may show a copy while fetching the next one for as long again, no longer: else a page
        that nobody asked for since yesterday would come out as it was yesterday.
        """
        if self.downstream:
            control = (
                f"public, max-age=0, s-maxage={age + self.downstream}, "
                f"stale-while-revalidate={self.downstream}, stale-if-error={self.policy.if_error}"
            )
        else:
            control = "public, max-age=0, s-maxage=0, must-revalidate"
        return [*form.headers, ("Cache-Control", control), ("Age", str(age)), ("X-Cache", verdict)]

    def matches(self, if_none_match: str) -> bool:
        """Whether the visitor already has this page in any coding (RFC 9110, 13.1.2: weak comparison)."""
        if if_none_match in self.etags or if_none_match == "*":
            return True
        if len(if_none_match) > _LONGEST_CONDITION:
            return False
        return any(tag.strip().removeprefix("W/") in self.etags for tag in if_none_match.split(","))


def headers_of_304(headers: Headers) -> Headers:
    """The headers that a "not modified" answer repeats (RFC 9110, 15.4.5)."""
    return [(name, value) for name, value in headers if name.lower() in _HEADERS_OF_304]


def best_coding(accept_encoding: str) -> int:
    """Index into `CODINGS` of the smallest form that an Accept-Encoding header allows."""
    allowed = set()
    for part in accept_encoding.lower().split(","):
        name, _, quality = part.partition(";")
        if quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            allowed.add(name.strip())
    if "br" in allowed:
        return BROTLI
    return GZIP if "gzip" in allowed or "*" in allowed else IDENTITY


def _forms(headers: Headers, body: bytes, look: str) -> tuple[Form, Form, Form]:
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    digest = hashlib.sha256(body).hexdigest()[:24]
    plain = _form(headers, body, f'"{digest}-{look}"')
    if len(body) < _SMALLEST_COMPRESSED or not kind.lower().startswith(_TEXTUAL):
        return plain, plain, plain
    zipped = gzip.compress(body, _GZIP_LEVEL, mtime=0)
    squeezed = brotli.compress(body, quality=_BROTLI_QUALITY)
    return (
        plain,
        _form([*headers, ("Content-Encoding", "gzip")], zipped, f'"{digest}-{look}-gzip"'),
        _form([*headers, ("Content-Encoding", "br")], squeezed, f'"{digest}-{look}-br"'),
    )


def _form(headers: Headers, body: bytes, etag: str) -> Form:
    own = [("Content-Length", str(len(body))), ("ETag", etag), ("Vary", "Accept-Encoding")]
    return Form([*headers, *own], body, etag)
