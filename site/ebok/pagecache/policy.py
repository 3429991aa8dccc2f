"""What a response says about being kept, read from its headers."""

from __future__ import annotations

from dataclasses import dataclass

Headers = list[tuple[str, str]]

# Names that an application adds to the key of its page; taken out before the response leaves.
QUERIES_HEADER = "X-Ebok-Queries"
# nginx reads it (and removes it); 0 says that no cache in front of us may keep the page.
DOWNSTREAM_HEADER = "X-Accel-Expires"

_FORBIDDEN = ("private", "no-store", "no-cache")
# Limits of a lifetime in seconds, so that a typing error does not keep a page for a century.
_MAX_SECONDS = 7 * 86400


@dataclass(frozen=True, slots=True)
class Policy:
    """How long a page may be kept. All in seconds, counted one after the other from rendering.

    `seconds`: fresh. `stale`: still given out while a new one is being rendered. `if_error`:
    still given out while rendering fails. `queries`: query names that belong to the key.
    `downstream`: whether a cache in front of this one may keep the page too.
    """

    seconds: int
    stale: int
    if_error: int
    queries: frozenset[str]
    downstream: bool


def read_policy(status: str, headers: Headers) -> Policy | None:
    """The policy of a response, or None when it must not be kept.

    Kept is only a plain 200 with `Cache-Control: public` and `s-maxage`, without Set-Cookie,
    without a Vary that we do not know, and not compressed already.
    """
    if not status.startswith("200"):
        return None
    found = {name.lower(): value for name, value in headers}
    if "set-cookie" in found or "content-encoding" in found or "content-range" in found:
        return None
    if found.get("vary", "accept-encoding").strip().lower() != "accept-encoding":
        return None
    directives = _directives(found.get("cache-control", ""))
    if "public" not in directives or any(name in directives for name in _FORBIDDEN):
        return None
    seconds = _seconds(directives.get("s-maxage"))
    if seconds == 0:
        return None
    names = (name.strip() for name in found.get(QUERIES_HEADER.lower(), "").split(","))
    return Policy(
        seconds=seconds,
        stale=_seconds(directives.get("stale-while-revalidate")),
        if_error=_seconds(directives.get("stale-if-error")),
        queries=frozenset(name for name in names if name),
        downstream=found.get(DOWNSTREAM_HEADER.lower()) != "0",
    )


def without(headers: Headers, *names: str) -> Headers:
    """The headers without those of these names (given in lower case)."""
    return [(name, value) for name, value in headers if name.lower() not in names]


def _directives(value: str) -> dict[str, str]:
    pairs = (part.strip().lower().partition("=") for part in value.split(","))
    return {name.strip(): text.strip() for name, _, text in pairs if name.strip()}


def _seconds(text: str | None) -> int:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
        return 0
    return min(int(text), _MAX_SECONDS)
