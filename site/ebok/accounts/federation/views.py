"""Pages of signing in through somebody else: going there, coming back, linking and unlinking."""

from __future__ import annotations

import logging
from urllib.parse import urlencode

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from requests import RequestException

from ebok.accounts.federation import flow
from ebok.accounts.federation import pending as waiting
from ebok.accounts.federation.languages import neutral, remember, remembered
from ebok.accounts.federation.models import IdentityLink, LinkWay
from ebok.accounts.federation.queries import links_of
from ebok.accounts.federation.services import link_identity, unlink_identity
from ebok.accounts.federation.ways import Way, title_of, way_or_404, ways_of
from ebok.ports import IdentityRefused, IdentityUnavailable

logger = logging.getLogger(__name__)
NEXT = "ebok_identity_next"
LONGEST_ANSWER = 4000
"""Characters of an answer that came as a form and is asked for again as an address."""


@never_cache
@require_POST
def start(request: HttpRequest, key: str) -> HttpResponseBase:
    """Send the person to the provider."""
    way = way_or_404(request, key)
    if limited := ratelimit.consume_or_429(request, action="login"):
        return limited
    next_url = flow.safe(request, request.POST.get("next", ""))
    request.session[NEXT] = next_url
    remember(request)
    with neutral():
        return_url = request.build_absolute_uri(reverse("account_identity_return", args=[key]))
    try:
        return way.start(request, next_url, return_url)
    except (IdentityUnavailable, RequestException, ValueError, KeyError) as error:
        # ValueError and KeyError: the provider's description is not what it should be.
        logger.warning("Sign-in through %s cannot begin: %r", key, error)
        return flow.refuse(request, key, flow.away(), status=503)


# The form comes from another host, so it can carry no token of ours; it is only asked for again by GET.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def come_back(request: HttpRequest, key: str) -> HttpResponseBase:
    """Where a provider of a plugin sends people back to."""
    way = way_or_404(request, key)
    if way.provider is None:
        return redirect("account_login")
    if request.method == "POST":
        # Our session's cookie does not come with a form of another host.
        short = [(name, text) for name, text in request.POST.items() if len(text) < LONGEST_ANSWER]
        query = urlencode(short)[: 2 * LONGEST_ANSWER]
        return HttpResponse(status=303, headers={"Location": f"{request.path}?{query}"})
    if limited := ratelimit.consume_or_429(request, action="login"):
        return limited
    with remembered(request):
        return _finish(request, way)


def _finish(request: HttpRequest, way: Way) -> HttpResponseBase:
    assert way.provider is not None
    try:
        identity = way.provider.finish(request)
        return flow.arrive(request, way, identity, request.session.pop(NEXT, ""))
    except IdentityRefused as refused:
        return flow.refuse(request, way.key, str(refused))
    except IdentityUnavailable as error:
        logger.warning("Sign-in through %s cannot end: %s", way.key, error)
        return flow.refuse(request, way.key, flow.away(), status=503)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponseBase:
    """Say what would be linked and kept; link only when the person agrees."""
    pending = waiting.kept(request)
    if pending is None:
        messages.info(request, _("There is nothing to link. Begin with one of the buttons."))
        return redirect("account_identities")
    way = way_or_404(request, pending.provider)
    if request.method != "POST":
        shown = {"way": way, "pending": pending, "consent": consent_of(way)}
        return render(request, "accounts/federation/link.html", shown)
    waiting.forget(request)
    if "agree" not in request.POST:
        messages.info(request, _("Nothing was linked."))
        return redirect("account_identities")
    try:
        link_identity(
            pending,
            request.user,  # type: ignore[arg-type]  # signed in
            way=LinkWay.CONSENT,
            consent=consent_of(way),
            request=request,
        )
    except IdentityRefused as refused:
        return flow.refuse(request, way.key, str(refused))
    messages.success(request, _("Linked. From now on you can sign in through %(way)s.") % {"way": way.title})
    return redirect(pending.next_url or "account_identities")


@never_cache
@login_required
@require_safe
def identities(request: HttpRequest) -> HttpResponseBase:
    """What is linked with the account, and what could be."""
    linked = links_of(request.user)  # type: ignore[arg-type]
    titles = {str(row.title) for row in linked}
    offered = [way for way in ways_of(request) if str(way.title) not in titles]
    return render(request, "accounts/federation/identities.html", {"linked": linked, "offered": offered})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unlink(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask, then unlink. Somebody else's link answers 404."""
    found = get_object_or_404(IdentityLink.objects.select_related("user"), pk=pk, user=request.user)
    if request.method != "POST":
        return render(request, "accounts/federation/unlink.html", {"title": title_of(found.provider)})
    unlink_identity(found, request=request)
    messages.success(request, _("Unlinked. It can no longer be used to sign in to your account."))
    return redirect("account_identities")


def back_to_sign_in(request: HttpRequest, **_parameters: str) -> HttpResponseBase:
    """Addresses of allauth that have no use here, because links are ours."""
    return redirect("account_login")


def consent_of(way: Way) -> str:
    """The sentence a person agrees to; stored with the link as it read."""
    return _(
        "I agree that the portal links %(way)s with my account. It takes over %(what)s. Of my identity it"
        " keeps only a keyed hash, by which it knows me again. I can unlink it at any time."
    ) % {"way": way.title, "what": way.consent}
