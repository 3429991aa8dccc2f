"""Where allauth, which speaks OIDC and SAML, hands over what it has read.

allauth's own tables of identities stay empty: links, consent, matching and the journal are the same for every
way to sign in, so the adapter takes over before allauth would look for an account or make one.
"""

from __future__ import annotations

import logging
from typing import Any

import jwt
from allauth.account.internal.decorators import login_not_required
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.socialaccount.providers.saml.views import finish_acs
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from lxml.etree import LxmlError
from onelogin.saml2.errors import OneLogin_Saml2_Error
from requests import RequestException
from xmlsec import Error as XmlsecError

from ebok.accounts.federation import flow
from ebok.accounts.federation.languages import remembered
from ebok.accounts.federation.rules import asserts_second_factor
from ebok.accounts.federation.ways import Way, configured_ways
from ebok.ports import IdentityRefused, ProvenIdentity

logger = logging.getLogger(__name__)

SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Never a symmetric one: whoever knows a public key could sign."""
LEEWAY = 60
"""Seconds by which two clocks may differ."""


class PortalSocialAccountAdapter(DefaultSocialAccountAdapter):
    """Turns every identity and every failure of OIDC and SAML into ours."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """An identity alone opens no account."""
        return False

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[Any]:
        """Only those of the settings: nobody adds an identity provider by writing into a table."""
        from allauth.socialaccount.adapter import _build_apps_from_settings  # noqa: PLC0415 (beside its use)

        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Take over. Always raises `ImmediateHttpResponse`."""
        way = _way(sociallogin.account.provider)
        with remembered(request):
            try:
                identity = _identity(way, sociallogin)
                response = flow.arrive(request, way, identity, str(sociallogin.state.get("next") or ""))
            except IdentityRefused as refused:
                response = flow.refuse(request, way.key, str(refused))
        raise ImmediateHttpResponse(response)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: BaseException | None = None,
        extra_context: Any = None,
    ) -> None:
        """Our page instead of allauth's. Always raises `ImmediateHttpResponse`."""
        key = provider.app.provider_id if provider.app else provider.id
        reason = (extra_context or {}).get("saml_last_error_reason") or exception or error
        logger.warning("Sign-in through %s failed: %s", key, reason)
        if isinstance(exception, RequestException):
            response = flow.refuse(request, key, flow.away(), status=503)
        elif error == AuthError.CANCELLED:
            response = flow.refuse(request, key, _("You have broken off signing in. Nothing has changed."))
        else:
            response = flow.refuse(request, key, _unproven())
        raise ImmediateHttpResponse(response)


class VerifyingAdapter(OpenIDConnectOAuth2Adapter):
    """allauth's, but the ID token's signature is always verified, also when it came over TLS."""

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """The claims. Raises `OAuth2Error` for a token that proves nothing.

        A token without a key id is accepted where the provider has one key only (OpenID Connect Core 10.1).
        """
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=_key_of(id_token, answer.json()),
                algorithms=SIGNATURES,
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise OAuth2Error("Invalid id_token") from error
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != app.client_id:
            raise OAuth2Error("Invalid id_token: issued to somebody else")
        return claims


@login_not_required
def oidc_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the OIDC provider sends people back to."""
    if provider_id not in {way.key for way in configured_ways()}:
        raise Http404
    try:
        view = OAuth2CallbackView.adapter_view(VerifyingAdapter(request, provider_id))
        # Outside of the person's language: the address must be spelled as it was when they left.
        response: HttpResponse = view(request)
    except (RequestException, OAuth2Error, LookupError, ValueError) as error:
        # What allauth reads before its own `try`: a description that is away, or not what it should be.
        logger.warning("Sign-in through %s failed: %r", provider_id, error)
        return flow.refuse(request, provider_id, flow.away(), status=503)
    return response


@login_not_required
def saml_finish(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Where allauth reads what the SAML directory has posted; what cannot be read at all is refused."""
    try:
        response: HttpResponse = finish_acs(request, organization_slug=organization_slug)
    except (LxmlError, XmlsecError, OneLogin_Saml2_Error, ValueError, LookupError) as error:
        logger.warning("Sign-in through saml failed: %r", error)
        return flow.refuse(request, "saml", _unproven())
    return response


def _key_of(token: str, published: Any) -> Any:
    keys = jwt.PyJWKSet.from_dict(published).keys
    wanted = jwt.get_unverified_header(token).get("kid")
    fitting = [key for key in keys if key.key_id == wanted] if wanted else keys
    if len(fitting) != 1:
        raise jwt.InvalidKeyError("No key, or more than one, fits the token")
    return fitting[0].key


def _way(key: str) -> Way:
    for way in configured_ways():
        if way.key == key:
            return way
    raise Http404


def _identity(way: Way, sociallogin: SocialLogin) -> ProvenIdentity:
    found: Any = sociallogin.account.extra_data
    said: dict[str, Any] = found if isinstance(found, dict) else {}
    claims: Any = said.get("id_token") or {}
    if sociallogin.provider.id == "openid_connect" and not _is_one_person(claims, said.get("userinfo")):
        raise IdentityRefused(_unproven())
    email = next((address for address in sociallogin.email_addresses if address.primary), None)
    email = email or next(iter(sociallogin.email_addresses), None)
    user = sociallogin.user
    return ProvenIdentity(
        subject=str(sociallogin.account.uid),
        name=f"{user.first_name} {user.last_name}".strip() if user else "",
        email=email.email if email else "",
        email_verified=bool(email and str(email.verified).lower() == "true"),
        second_factor=isinstance(claims, dict) and asserts_second_factor(claims, way.second_factor),
    )


def _is_one_person(claims: Any, userinfo: Any) -> bool:
    # OpenID Connect Core 5.3.2: what the directory tells must be about the person of the signed token.
    if not isinstance(claims, dict) or not claims.get("sub"):
        return False
    return userinfo is None or (isinstance(userinfo, dict) and userinfo.get("sub") == claims["sub"])


def _unproven() -> str:
    return _("This answer does not prove who you are. Begin again from the sign-in page.")
