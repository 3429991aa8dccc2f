"""Remembers the request being answered, so that any event recorded meanwhile knows its origin."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ebok.journal.origin import current_request


class OriginMiddleware:
    """Costs one context variable; asks neither the session nor the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with its origin known."""
        token = current_request.set(request)
        try:
            return self.get_response(request)
        finally:
            current_request.reset(token)
