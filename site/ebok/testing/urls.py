"""Every named address of the portal, read from the resolver, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern

from ebok.plugins.registry import registry

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
"""Every method of RFC 9110 that a view may be asked with (CONNECT is for proxies), and PATCH."""

ADMIN_PREFIX = "admin/"


@dataclass(frozen=True)
class NamedUrl:
    """One named address: full name with namespaces, route as written, its parameters."""

    name: str
    route: str
    parameters: Mapping[str, str] = field(hash=False)
    """Parameter name to the class name of its converter; groups without a name are "0", "1", …"""
    callback: Callable[..., Any] = field(hash=False, compare=False)
    is_route: bool = True
    """False for a regular expression, whose parts cannot be filled in as they are written."""

    @property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces, outermost first: ("client", "e_dokument")."""
        return tuple(self.name.split(":")[:-1])

    @property
    def zone(self) -> str:
        """The outermost namespace, or "" for an address of the core."""
        return self.namespaces[0] if self.namespaces else ""

    @property
    def plugin(self) -> str:
        """The key of the plugin the address belongs to, or ""."""
        return self.namespaces[1] if len(self.namespaces) > 1 else ""

    @property
    def permission(self) -> str:
        """The permission its class-based view states as `permission_required`, or ""."""
        view = getattr(self.callback, "view_class", None)
        stated = getattr(view, "permission_required", "")
        return stated if isinstance(stated, str) else ""

    @property
    def is_personal(self) -> bool:
        """Whether its permission alone opens nothing (`ZoneMixin.is_personal`)."""
        return getattr(getattr(self.callback, "view_class", None), "is_personal", False)

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes of which its class-based view asks one (`CustomerMixin.scopes`), or none."""
        view = getattr(self.callback, "view_class", None)
        return frozenset(getattr(view, "scopes", ()))

    def path(self, arguments: Mapping[str, object] | None = None) -> str:
        """The address in the active language. Raises `NoReverseMatch` for missing arguments."""
        given = dict(arguments or {})
        if any(name.isdigit() for name in given):
            return reverse(self.name, args=[given[name] for name in sorted(given)])
        return reverse(self.name, kwargs=given or None)

    def path_with(self, arguments: Mapping[str, object], parameter: str, text: str) -> str:
        """The address with one parameter replaced by any text, even one no converter would accept."""
        if not self.is_route:
            return self.path(arguments).replace(quote(str(arguments[parameter])), quote(text, safe=""))
        filled = "/" + self.route
        for name, converter_and_name in _written_parameters(self.route):
            value = text if name == parameter else str(arguments[name])
            filled = filled.replace(converter_and_name, quote(value, safe=""))
        return filled


def named_urls() -> list[NamedUrl]:
    """Every named address outside the Wagtail admin, in the active language, each name once."""
    found: dict[str, NamedUrl] = {}
    for url in _walk(get_resolver(), "", (), {}, is_route=True):
        found.setdefault(url.name, url)
    return [found[name] for name in sorted(found)]


def zone_urls() -> list[NamedUrl]:
    """Every named address of a zone or of the public zone that belongs to a plugin."""
    zones = {*registry.zones, "public"}
    return [url for url in named_urls() if url.zone in zones and url.plugin]


def urls_of(plugin_key: str) -> list[NamedUrl]:
    """The addresses of one plugin in all zones, without its webhooks."""
    return [url for url in zone_urls() if url.plugin == plugin_key]


def webhook_urls(plugin_key: str = "") -> list[NamedUrl]:
    """The webhooks of one plugin, or of all."""
    return [
        url for url in named_urls() if url.zone == "webhooks" and (not plugin_key or url.plugin == plugin_key)
    ]


def _walk(
    resolver: URLResolver,
    prefix: str,
    namespaces: tuple[str, ...],
    inherited: Mapping[str, str],
    *,
    is_route: bool,
) -> Iterator[NamedUrl]:
    for pattern in resolver.url_patterns:
        written = prefix + str(pattern.pattern)
        plain = is_route and (
            isinstance(pattern.pattern, RoutePattern) or str(pattern.pattern) in ("", "en/")
        )
        parameters = {**inherited, **_parameters(pattern)}
        if isinstance(pattern, URLResolver):
            if written == ADMIN_PREFIX:
                continue
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern, written, inner, parameters, is_route=plain)
        elif pattern.name:
            yield NamedUrl(
                ":".join([*namespaces, pattern.name]), written, parameters, pattern.callback, plain
            )


def _parameters(pattern: URLPattern | URLResolver) -> dict[str, str]:
    if isinstance(pattern.pattern, RoutePattern):
        return {name: type(converter).__name__ for name, converter in pattern.pattern.converters.items()}
    regex = getattr(pattern.pattern, "regex", None)
    if regex is None:
        return {}
    return dict.fromkeys(regex.groupindex or [str(place) for place in range(regex.groups)], "regex")


def _written_parameters(route: str) -> Iterator[tuple[str, str]]:
    for part in route.split("<")[1:]:
        inside = part.split(">")[0]
        yield inside.rpartition(":")[2], f"<{inside}>"
