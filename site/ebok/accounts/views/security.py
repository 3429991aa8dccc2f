"""The page that leads to everything about the account's security, and the duty to set up a second step."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from ebok.accounts import live_sessions, sessions
from ebok.accounts.second_step import steps_of
from ebok.accounts.views.pages import AccountPage, next_address


class Security(AccountPage):
    """Password, address, second step, sessions: how it stands, and where it is changed."""

    template_name = "accounts/security.html"
    title = _("Security of the account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Three queries, however much there is."""
        addresses = EmailAddress.objects.filter(user=self.user)
        return super().get_context_data(
            steps=steps_of(self.user),
            waiting_address=next((one.email for one in addresses if not one.verified), ""),
            session_count=len(live_sessions.of(self.user)),
            **kwargs,
        )


class SecondStep(AccountPage):
    """Staff without a second step read why they need one; with one, they are asked to show it."""

    template_name = "accounts/second_step.html"
    title = _("Second step of signing in")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Go on when it is done; ask for the code or key when the session lacks it; explain otherwise."""
        wanted = next_address(request)
        if sessions.has_second_step(request):
            return redirect(wanted)
        steps = steps_of(self.user)
        if steps.any:
            name = "mfa_reauthenticate" if steps.has_codes else "mfa_reauthenticate_webauthn"
            return redirect(f"{reverse(name)}?{urlencode({'next': wanted})}")
        return super().get(request, *args, **kwargs)
