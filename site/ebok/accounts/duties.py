"""What a person must do before going on: a second step for staff, a new password, new terms.

One middleware asks before a page of a zone or of the administrator's panel is made. The account's own pages
are never held up, so that the duty can be done, and neither are public pages. What was typed is not lost:
only pages that are asked for lead to a duty, except that staff without a second step change nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ebok.accounts import roles, sessions
from ebok.accounts.models import User
from ebok.plugins.registry import registry

ADMIN = "/admin/"
DUE = "ebok_due"
"""Session key: names of what is due, judged at sign-in and then once a minute."""

PASSWORD, CONSENTS = "password", "consents"
WHERE = {PASSWORD: "account_password_due", CONSENTS: "account_consents_due"}


class DutiesMiddleware:
    """Leads people to what is due. Costs no query for a session in order. Must stand after the gate."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Send away, or let pass (None)."""
        zone = _zone_of(request)
        if not (zone or request.path.startswith(ADMIN)) or not request.user.is_authenticated:
            return None
        if needs_second_step(request, zone):
            return _lead(request, "account_second_step")
        if _is_page(request) and (due := _first(request)):
            return _lead(request, WHERE[due])
        return None


def needs_second_step(request: HttpRequest, zone: str) -> bool:
    """Whether this place is for staff, the person is let in, and this session lacks a second step.

    Whoever is not let in anyway goes on to the "not found" that hides the place.
    """
    if not settings.EBOK_STAFF_SECOND_FACTOR or sessions.has_second_step(request):
        return False
    if not zone:
        return request.user.has_perm(roles.WAGTAIL_ADMIN)
    declared = registry.zones[zone][0]
    return declared.for_staff and declared.may_enter(request)


def judge(request: HttpRequest, user: User) -> None:
    """Note in the session what is due. Two queries; at sign-in, then once a minute."""
    # Both know the session, which knows this module.
    from ebok.accounts.consents import is_asked  # noqa: PLC0415 (see above)
    from ebok.accounts.passwords import is_due  # noqa: PLC0415 (see above)

    due = [name for name, asks in ((PASSWORD, is_due), (CONSENTS, is_asked)) if asks(request, user)]
    if due != request.session.get(DUE, []):
        request.session[DUE] = due


def done(request: HttpRequest, name: str) -> None:
    """The person has done it."""
    request.session[DUE] = [due for due in request.session.get(DUE, []) if due != name]


def _first(request: HttpRequest) -> str:
    noted = request.session.get(DUE)
    return next((name for name in noted if name in WHERE), "") if isinstance(noted, list) else ""


def _zone_of(request: HttpRequest) -> str:
    match = request.resolver_match
    name = match.namespaces[0] if match and match.namespaces else ""
    return name if name in registry.zones else ""


def _is_page(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and request.accepts("text/html")


def _lead(request: HttpRequest, name: str) -> HttpResponse:
    address = reverse(name)
    if request.method in ("GET", "HEAD"):
        address += "?" + urlencode({"next": request.get_full_path()})
    return redirect(address)
