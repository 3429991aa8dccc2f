"""Letters with a one-time link that the portal sends on its own, outside a page of allauth."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from ebok.accounts.models import User

FIRST_PASSWORD = "accounts/first_password"  # noqa: S105 (the name of a letter)
NEW_PASSWORD = "accounts/password_by_staff"  # noqa: S105 (the name of a letter)

logger = logging.getLogger(__name__)

Letter = Callable[[User, HttpRequest | None], None]


def after_commit(letter: Letter, user: User, request: HttpRequest | None) -> None:
    """Send the letter once the change is stored; a mail server that is down is logged, the change stays."""
    transaction.on_commit(partial(_send_or_log, letter, user, request))


def _send_or_log(letter: Letter, user: User, request: HttpRequest | None) -> None:
    try:
        letter(user, request)
    except OSError:
        # Whatever smtplib and sockets raise; whoever made the account can send the link again.
        logger.exception("A letter about the account %s could not be sent.", user.pk)


def first_password(user: User, request: HttpRequest | None) -> None:
    """The letter of a new account: a link to set its first password."""
    _send(FIRST_PASSWORD, user, request)


def new_password(user: User, request: HttpRequest | None) -> None:
    """A link to set a new password, sent by staff."""
    _send(NEW_PASSWORD, user, request)


def _send(name: str, user: User, request: HttpRequest | None) -> None:
    with translation.override(user.language or settings.LANGUAGE_CODE):
        link = link_to_password(user, request)
        words = {"request": request, "email": user.email, "user": user, "password_reset_url": link}
        get_adapter(request).render_mail(name, user.email, words).send()


def link_to_password(user: User, request: HttpRequest | None) -> str:
    """Where the person sets a password: works once, and for `PASSWORD_RESET_TIMEOUT`."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    path = reverse("account_reset_password_from_key", kwargs=key)
    if request is not None:
        return request.build_absolute_uri(path)
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"
