"""What happens when somebody comes back from an identity provider."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ebok.accounts.federation import pending as waiting
from ebok.accounts.federation.models import IdentityLink, LinkWay
from ebok.accounts.federation.pending import Pending, pending_of
from ebok.accounts.federation.queries import account_with, link_to
from ebok.accounts.federation.rules import may_match
from ebok.accounts.federation.services import link_identity
from ebok.accounts.federation.stages import note_second_factor
from ebok.accounts.federation.ways import Way, title_of
from ebok.accounts.models import User
from ebok.journal.services import record
from ebok.ports import IdentityRefused, ProvenIdentity

TICKET = "ebok_identity_ticket"
"""Session key: what the provider wants back at sign-out, with the provider's key."""


def arrive(request: HttpRequest, way: Way, identity: ProvenIdentity, next_url: str = "") -> HttpResponse:
    """Decide what the identity may do here.

    1. Somebody who is signed in wants to link it: ask for consent.
    2. It is linked: sign its person in; allauth's stages (second step, account locked) follow.
    3. The deployment trusts verified addresses of its domain, and one account has it: link, sign in.
    4. Otherwise nothing is made: the person signs in as usual, and is asked then.
    """
    next_url = safe(request, next_url)
    arrived = pending_of(way, identity, next_url)
    link = link_to(arrived)
    if request.user.is_authenticated:
        return _wants_to_link(request, arrived, link)
    if link is None:
        link = _matched(request, way, identity, arrived)
    if link is None:
        waiting.keep(request, arrived)
        messages.info(
            request,
            _(
                "We do not know this identity yet. Sign in with your e-mail address, and you can link it"
                " with your account."
            ),
        )
        return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('account_identity_link')})}")
    return _sign_in(request, way, identity, link.user, next_url)


def refuse(request: HttpRequest, way_key: str, sentence: str, *, status: int = 403) -> HttpResponse:
    """A friendly page that says why nothing has happened; the journal remembers the try."""
    record(
        "accounts.identity_refused",
        text=_("Sign-in through %(provider)s refused: %(why)s")
        % {"provider": title_of(way_key), "why": sentence},
        request=request,
        payload={"provider": way_key, "status": status},
    )
    response = render(request, "accounts/federation/refused.html", {"sentence": sentence}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def away() -> str:
    """What a person reads when the provider does not answer."""
    return _(
        "This way of signing in does not answer at the moment. Try again in a while, or sign in with your"
        " password."
    )


def safe(request: HttpRequest, address: str) -> str:
    """The address when it leads inside the portal, otherwise nothing."""
    return address if address and get_adapter(request).is_safe_url(address) else ""


def _wants_to_link(request: HttpRequest, arrived: Pending, link: IdentityLink | None) -> HttpResponse:
    if link is not None:
        if link.user_id == request.user.pk:
            messages.info(request, _("This identity is linked with your account already."))
            return redirect("account_identities")
        raise IdentityRefused(_("This identity is already linked with an account."))
    waiting.keep(request, arrived)
    return redirect("account_identity_link")


def _matched(
    request: HttpRequest, way: Way, identity: ProvenIdentity, arrived: Pending
) -> IdentityLink | None:
    if not may_match(identity.email, way.match_domains, verified=identity.email_verified):
        return None
    user = account_with(identity.email)
    if user is None:
        return None
    return link_identity(arrived, user, way=LinkWay.EMAIL, request=request)


def _sign_in(
    request: HttpRequest, way: Way, identity: ProvenIdentity, user: User, next_url: str
) -> HttpResponse:
    waiting.forget(request)
    record_authentication(request, user, way.method, provider=way.key)
    if identity.second_factor:
        note_second_factor(request, user)
    request.session[TICKET] = {"provider": way.key, "ticket": dict(identity.ticket)}
    response: HttpResponse = perform_login(
        request, user, email_verification="none", redirect_url=next_url or None
    )
    return response
