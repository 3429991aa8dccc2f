"""What the portal decides for django-allauth."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from ebok.accounts.federation.stages import with_federation
from ebok.accounts.letters import LETTERS, write
from ebok.journal.origin import address_of

UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 (a word for "unknown", nothing listens here)


class PortalAccountAdapter(DefaultAccountAdapter):
    """E-mail sign-in for clients, employees and administrators alike."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody opens an account by an e-mail address alone; the page says how to get one."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where a person goes who did not want to go anywhere in particular."""
        return reverse("account_home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The home page in the person's language."""
        language = get_language()
        return "/" if language in (None, settings.LANGUAGE_CODE) else f"/{language}/"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Have the letter written; one we have no words for goes out at once, as allauth words it."""
        if template_prefix in LETTERS:
            write(template_prefix, email, context, allauth_context.request)
        else:
            super().send_mail(template_prefix, email, context)

    def get_login_stages(self) -> list[str]:
        """allauth's steps, and those that know of identities proven elsewhere."""
        return with_federation(super().get_login_stages())

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address the journal would write down too, so that limits and traces agree."""
        return address_of(request) or UNKNOWN_ADDRESS
