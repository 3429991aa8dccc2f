"""Which other ways to sign in there are here: those of the settings, and those that plugins bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ebok.accounts.federation.languages import neutral
from ebok.plugins.activation import enabled_keys
from ebok.plugins.registry import registry
from ebok.ports import IdentityProvider

DIRECTORY = _("the address and the name that the company's directory knows you by")
"""What is taken over from OIDC and SAML."""


@dataclass(frozen=True)
class Way:
    """One button of the sign-in page, and what stands behind it."""

    key: str
    title: Any
    method: str
    consent: Any
    issuer: str = ""
    match_domains: tuple[str, ...] = ()
    second_factor: tuple[str, ...] = ()
    provider: IdentityProvider | None = None
    """Of a plugin; None when allauth speaks the protocol."""

    def start(self, request: HttpRequest, next_url: str, return_url: str) -> HttpResponse:
        """Send the person there. May raise what the protocol raises when the provider is away."""
        if self.provider is not None:
            return self.provider.start(request, return_url)
        provider = get_adapter().get_provider(request, self.key)
        with neutral():
            response: HttpResponse = provider.redirect(request, AuthProcess.LOGIN, next_url=next_url or None)
        return response


def ways_of(request: HttpRequest) -> list[Way]:
    """The ways that work here and now: configured, and of plugins that are on and lack nothing."""
    site = Site.find_for_request(request)
    return [*configured_ways(), *(way for way in _of_plugins() if _is_open(way, request, site))]


def way_or_404(request: HttpRequest, key: str) -> Way:
    """The way with this key if it works here. Raises `Http404`."""
    for way in ways_of(request):
        if way.key == key:
            return way
    raise Http404


def title_of(key: str) -> Any:
    """What people call the provider; its key when it is gone."""
    return next((way.title for way in (*configured_ways(), *_of_plugins()) if way.key == key), key)


def configured_ways() -> list[Way]:
    """Those of the settings."""
    names = {
        app["provider_id"]: app["name"]
        for provider in settings.SOCIALACCOUNT_PROVIDERS.values()
        for app in provider.get("APPS", [])
    }
    return [
        Way(
            key=key,
            title=names[key],
            method=key,
            consent=DIRECTORY,
            issuer=policy["issuer"],
            match_domains=tuple(policy["match_domains"]),
            second_factor=tuple(policy["second_factor"]),
        )
        for key, policy in settings.EBOK_FEDERATION.items()
        if key in names
    ]


def _of_plugins() -> list[Way]:
    return [
        Way(
            key=provider.key,
            title=provider.title,
            method=provider.method,
            consent=provider.consent,
            provider=provider,
        )
        for _owner, provider in registry.contributions("identity_providers")
    ]


def _is_open(way: Way, request: HttpRequest, site: Site | None) -> bool:
    known: frozenset[str] | None = getattr(request, "ebok_enabled", None)
    on = known if known is not None else enabled_keys(site)
    owner = way.key.partition(".")[0]
    return (
        site is not None
        and owner in on
        and way.provider is not None
        and not way.provider.missing_settings(site)
    )
