"""Letters with a one-time link that the portal sends on its own, outside a page of allauth."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from ebok.accounts.letters import write
from ebok.accounts.models import User

FIRST_PASSWORD = "accounts/first_password"  # noqa: S105 (the name of a letter)
NEW_PASSWORD = "accounts/password_by_staff"  # noqa: S105 (the name of a letter)


def send(name: str, user: User, request: HttpRequest | None) -> None:
    """Have the letter of this name written in the person's language."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        link = link_to_password(user, request)
        words = {"email": user.email, "user": user, "password_reset_url": link}
        write(name, user.email, words, request)


def link_to_password(user: User, request: HttpRequest | None) -> str:
    """Where the person sets a password: works once, and for `PASSWORD_RESET_TIMEOUT`."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    path = reverse("account_reset_password_from_key", kwargs=key)
    if request is not None:
        return request.build_absolute_uri(path)
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"
