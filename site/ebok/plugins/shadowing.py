"""Whether the addresses of one plugin hide those of another that lies below its mount.

Two plugins in a zone may share a beginning: the plugin that opens the zone is mounted at "" and every
other one lies below it. Django takes the first pattern that fits, so an address of the outer plugin
such as `<slug:name>/` would swallow the inner plugin's front page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.urls import Resolver404, URLPattern, URLResolver
from django.urls.resolvers import RegexPattern, RoutePattern

Patterns = Sequence[URLPattern | URLResolver]

PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?\w+>")
SAMPLES = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000", "path": "a/a"}
"""What stands for a parameter of each converter; a letter fits slugs, strings and most of our own."""


def shadowed_address(outer: Patterns, inner_mount: str, inner: Patterns) -> str:
    """An address, counted from the outer plugin's mount, that both plugins would answer; "" for none.

    `inner_mount` is the inner plugin's mount counted from the outer one's.
    """
    for route in _routes(outer):
        if inner_mount and PARAMETER.split(route)[0].startswith(inner_mount):
            return route
    resolver = URLResolver(RegexPattern(""), outer)
    for address in (inner_mount, *(inner_mount + _sample(route) for route in _routes(inner))):
        try:
            resolver.resolve(address)
        except Resolver404:
            continue
        return address
    return ""


def _sample(route: str) -> str:
    return PARAMETER.sub(lambda found: SAMPLES.get(found["converter"] or "str", "a"), route)


def _routes(patterns: Patterns, above: str = "") -> Iterator[str]:
    """Every route below; those written as regular expressions cannot be told and are left out."""
    for pattern in patterns:
        if not isinstance(pattern.pattern, RoutePattern):
            continue
        route = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route
