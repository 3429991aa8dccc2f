"""Where a request came from: address and device, and the request being answered just now."""

from __future__ import annotations

import ipaddress
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest

DEVICE_LENGTH = 300

current_request: ContextVar[HttpRequest | None] = ContextVar("ebok_journal_request", default=None)
"""Set by `middleware.OriginMiddleware`, so that events recorded deep inside know their origin."""


def address_of(request: HttpRequest) -> str | None:
    """The client's IP address, or None when it cannot be told.

    `EBOK_TRUSTED_PROXY_COUNT` proxies stand before us; each appends the address it saw to
    X-Forwarded-For, so the client is that many entries from the right. What stands further left was
    written by the client and is not believed.
    """
    proxies = settings.EBOK_TRUSTED_PROXY_COUNT
    forwarded = [
        part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()
    ]
    if proxies and len(forwarded) >= proxies:
        candidate = forwarded[-proxies]
    else:
        candidate = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(candidate)
    except ValueError:
        return None
    # One machine must not look like two: ::ffff:192.0.2.1 is 192.0.2.1.
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address).split("%")[0]


def device_of(request: HttpRequest) -> str:
    """What the browser says it is, cut to 300 characters."""
    return request.headers.get("user-agent", "")[:DEVICE_LENGTH]
