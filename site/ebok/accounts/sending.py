"""Letters with a one-time link that the portal sends on its own, outside a page of allauth."""

from __future__ import annotations

import logging

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from ebok.accounts.models import User

FIRST_PASSWORD = "accounts/first_password"  # noqa: S105 (the name of a letter)
NEW_PASSWORD = "accounts/password_by_staff"  # noqa: S105 (the name of a letter)

logger = logging.getLogger(__name__)


def send(name: str, user: User, request: HttpRequest | None) -> None:
    """Send the letter of this name in the person's language.

    A mail server that is down is logged and undoes nothing: whoever asked can send the link again.
    """
    with translation.override(user.language or settings.LANGUAGE_CODE):
        link = link_to_password(user, request)
        words = {"request": request, "email": user.email, "user": user, "password_reset_url": link}
        try:
            get_adapter(request).render_mail(name, user.email, words).send()
        except OSError:
            # Whatever smtplib and sockets raise.
            logger.exception("A letter about the account %s could not be sent.", user.pk)


def link_to_password(user: User, request: HttpRequest | None) -> str:
    """Where the person sets a password: works once, and for `PASSWORD_RESET_TIMEOUT`."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    path = reverse("account_reset_password_from_key", kwargs=key)
    if request is not None:
        return request.build_absolute_uri(path)
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"
