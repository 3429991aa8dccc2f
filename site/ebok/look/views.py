"""Addresses of the look: the reader's choice, and the site's colours as a stylesheet."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ebok.look.context import look as look_context
from ebok.look.variants import COOKIE, Look, parse

YEAR = 365 * 24 * 60 * 60


@never_cache
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Remember text size (`tekst` 100|120|150) and contrast (`kontrast` 0|1), then go back (`wroc`).

    A plain GET form: public pages are the same bytes for everyone and carry no token, and the
    worst a forged link can do is enlarge somebody's letters. Without a choice it shows the
    choices on a page. Unknown values change nothing; foreign return addresses lead home.
    """
    chosen = _chosen(request)
    back = _safe_return(request)
    if chosen is None:
        return render(request, "look/choose.html", {"back": back})
    response = HttpResponseRedirect(back)
    response.set_cookie(
        COOKIE,
        chosen.key,
        max_age=YEAR,
        path="/",
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
    return response


def _chosen(request: HttpRequest) -> Look | None:
    text, contrast = request.GET.get("tekst"), request.GET.get("kontrast")
    if text is None and contrast is None:
        return None
    chosen = parse(request.COOKIES.get(COOKIE)).with_text(text or "")
    return chosen.with_theme({"1": "contrast", "0": "light"}.get(contrast or "", ""))


def _safe_return(request: HttpRequest) -> str:
    """The address to go back to, if it lies on this site; else the front page."""
    back = request.GET.get("wroc", "")
    allowed = back.startswith("/") and url_has_allowed_host_and_scheme(
        back, allowed_hosts=None, require_https=request.is_secure()
    )
    return back if allowed and back.isprintable() else "/"


@require_safe
def colours(request: HttpRequest) -> HttpResponse:
    """The site's five colours as CSS custom properties.

    Kept for a year under the address that pages name (`v` is a digest of the contents); under
    any other only for a minute, so that an old link never pins old colours.
    """
    theme = look_context(request)["theme"]
    response = HttpResponse(theme.css, content_type="text/css; charset=utf-8")
    if request.GET.get("v") == theme.css_version:
        patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=60)
    return response
