"""Letters shown inside a page: in a frame of their own, with styles, without scripts, forms or requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'; sandbox allow-popups "
    "allow-popups-to-escape-sandbox"
)


def framed(template: str, context: Mapping[str, Any], *, html: str = "") -> HttpResponse:
    """A page for a frame on our own pages; kept by nobody."""
    response = HttpResponse(html or render_to_string(template, dict(context)))
    response["Content-Security-Policy"] = POLICY
    response._csp_exempt = True  # type: ignore[attr-defined]  # read by django-csp
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
