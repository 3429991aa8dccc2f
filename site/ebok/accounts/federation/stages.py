"""Steps of allauth's sign-in that know of identities proven elsewhere."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.stages import LoginStage
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ebok.accounts.federation.rules import required_provider
from ebok.accounts.federation.ways import title_of

ELSEWHERE = "identity_provider"
"""Kind of a second step that the provider has asked for."""
FRESH = 5 * 60
"""Seconds for which what the provider said counts in a sign-in that is still going on."""

FIRST = "ebok.accounts.federation.stages.RequiredProviderStage"
OURS = {"allauth.mfa.stages.AuthenticateStage": "ebok.accounts.federation.stages.SecondStepStage"}


def with_federation(stages: list[str]) -> list[str]:
    """allauth's steps with ours: the company's own sign-in first, and a second step that may be done."""
    return [
        FIRST,
        *(OURS.get(path, path) for path in stages),
    ]


def note_second_factor(request: HttpRequest, user: Any) -> None:
    """The provider has asked for two proofs; the journal tells it as a second step."""
    record_authentication(request, user, "mfa", type=ELSEWHERE)


class SecondStepStage(AuthenticateStage):
    """allauth's second step, left out when the identity provider has just asked for one itself."""

    def _should_handle(self, request: HttpRequest) -> bool:
        if any(
            _fresh(noted, "mfa", ELSEWHERE) for noted in get_authentication_records(request, self.login.user)
        ):
            return False
        return bool(super()._should_handle(request))


class RequiredProviderStage(LoginStage):
    """People of some domains sign in through their company only, whatever password they know."""

    key = "required_identity_provider"

    def handle(self) -> tuple[Any, bool]:
        """Let pass, or send back to the sign-in page with a sentence."""
        user: Any = self.login.user
        wanted = required_provider(user.email, settings.EBOK_FEDERATION) if user else ""
        noted = get_authentication_records(self.request, user)
        if not wanted or any(_fresh(proof, wanted) for proof in noted):
            return None, True
        messages.error(
            self.request,
            _("People with your address sign in through “%(provider)s”. Use its button below.")
            % {"provider": title_of(wanted)},
        )
        return redirect("account_login"), False


def _fresh(noted: dict[str, Any], method: str, kind: str = "") -> bool:
    return (
        noted.get("method") == method
        and (not kind or noted.get("type") == kind)
        and time.time() - float(noted.get("at", 0)) < FRESH
    )
