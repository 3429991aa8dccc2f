"""The portal's own pages about the account: where to go, and who is signed in."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from ebok.accounts.doors import doors_of
from ebok.accounts.middleware import FLAG_COOKIE


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Send a person through their only door; let them choose between several."""
    doors = doors_of(request)
    if len(doors) == 1:
        return no_store(redirect(doors[0].url))
    return no_store(render(request, "accounts/doors.html", {"doors": doors}))


@require_GET
def who(request: HttpRequest) -> HttpResponse:
    """The piece of HTML the public header shows to a person who is signed in.

    Public pages are the same for everybody, so their script asks here, and only with the flag cookie.
    A flag without a session behind it is taken away.
    """
    response = no_store(render(request, "accounts/who.html", {"doors": doors_of(request)}))
    if not request.user.is_authenticated:
        response.delete_cookie(FLAG_COOKIE, samesite="Lax")
    return response


def admin_login_redirect(request: HttpRequest) -> HttpResponseBase:
    """The Wagtail admin has no sign-in of its own: it would know no second factor and no limits."""
    wanted = request.GET.get("next", "")
    # The sign-in page itself refuses addresses of other hosts.
    query = urlencode({"next": wanted or reverse("wagtailadmin_home")})
    return redirect(f"{reverse('account_login')}?{query}")


def no_store(response: HttpResponse) -> HttpResponse:
    """The response, kept by nobody."""
    response["Cache-Control"] = "no-store"
    return response
