"""What the office does with people's accounts (K06, K09-K11): make, lock, reset, delete. Each is journalled.

Billing data belong to customers, not to accounts: none of these touches them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from allauth.account import app_settings
from allauth.account.internal.flows.password_reset import get_reset_password_from_key_url
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.accounts.letters import Letter, bodies_of, subject_of
from ebok.accounts.models import User
from ebok.journal.services import record

if TYPE_CHECKING:
    from django.http import HttpRequest

FORGOTTEN = "usuniete-{public_id}@konto.invalid"
"""What stands in place of a forgotten person's address; `.invalid` is reserved, no letter can reach it."""

NEW_ACCOUNT = Letter(
    subject=gettext_lazy("Your account is ready"),
    sentences=(
        gettext_lazy("We have opened an account for %(email)s."),
        gettext_lazy("Set your own password and sign in; nobody else knows it."),
    ),
    action=gettext_lazy("Set the password"),
    address="password_reset_url",
    closing=gettext_lazy("The link works once and for three days."),
)
RESET = Letter(
    subject=gettext_lazy("Set a new password"),
    sentences=(gettext_lazy("The office sends you a link to a new password for %(email)s."),),
    action=gettext_lazy("Set a new password"),
    address="password_reset_url",
    closing=gettext_lazy("If you did not ask for it, do nothing: your password stays as it is."),
)


def create_account(
    email: str,
    *,
    first_name: str = "",
    last_name: str = "",
    groups: Iterable[str] = (),
    actor: User,
    request: HttpRequest,
) -> User:
    """A new account without a password; the person gets a letter with a link to set one.

    Raises `IntegrityError` when the address is taken, `Group.DoesNotExist` for a group that is not there.
    """
    with transaction.atomic():
        account = User.objects.create_user(email, first_name=first_name, last_name=last_name)
        EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=False)
        for name in groups:
            account.groups.add(Group.objects.get(name=name))
        _tell("account_made", _("Account %(email)s made"), account, actor, request, groups=sorted(groups))
    _send(NEW_ACCOUNT, account, request)
    return account


def send_password_reset(account: User, *, actor: User, request: HttpRequest) -> None:
    """Send the person a link to a new password; nothing changes until it is used."""
    with transaction.atomic():
        _tell("password_reset_sent", _("Link to a new password sent to %(email)s"), account, actor, request)
    _send(RESET, account, request)


@transaction.atomic
def lock_account(account: User, *, reason: str, actor: User, request: HttpRequest | None = None) -> None:
    """Let the person in no more, and end what is open; locking twice changes nothing."""
    if not account.is_active:
        return
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_sessions(account)
    _tell("account_locked", _("Account %(email)s locked: %(reason)s"), account, actor, request, reason=reason)


@transaction.atomic
def unlock_account(account: User, *, actor: User, request: HttpRequest | None = None) -> None:
    """Let the person in again."""
    if account.is_active:
        return
    account.is_active = True
    account.save(update_fields=["is_active"])
    _tell("account_unlocked", _("Account %(email)s unlocked"), account, actor, request)


@transaction.atomic
def delete_account(account: User, *, reason: str, actor: User, request: HttpRequest | None = None) -> None:
    """Forget the person: name, address, proofs and sessions go, the empty row stays for what points at it.

    The address can be used for a new account at once. Billing data stay with the customer.
    """
    _tell(
        "account_deleted", _("Account %(email)s deleted: %(reason)s"), account, actor, request, reason=reason
    )
    end_sessions(account)
    EmailAddress.objects.filter(user=account).delete()
    Authenticator.objects.filter(user=account).delete()
    account.groups.clear()
    account.user_permissions.clear()
    account.email = FORGOTTEN.format(public_id=account.public_id.hex)
    account.first_name = account.last_name = ""
    account.is_active = account.is_superuser = account.is_staff = False
    account.set_unusable_password()
    account.save()


def end_sessions(account: User, *, but: str = "") -> int:
    """End every session of the person, except the one with the key `but`; returns how many."""
    ended = 0
    for session in UserSession.objects.filter(user=account).exclude(session_key=but):
        session.end()
        ended += 1
    return ended


def _send(letter: Letter, account: User, request: HttpRequest) -> None:
    key = f"{user_pk_to_url_str(account)}-{app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(account)}"
    url = get_reset_password_from_key_url(request, key)
    text, html = bodies_of(letter, {"email": account.email, "password_reset_url": url}, request)
    message = EmailMultiAlternatives(subject_of(letter), text, to=[account.email])
    message.attach_alternative(html, "text/html")
    message.send()


def _tell(
    what: str, text: str, account: User, actor: User, request: HttpRequest | None, **payload: object
) -> None:
    values = {"email": account.email, **{name: str(value) for name, value in payload.items()}}
    record(f"accounts.{what}", text=text % values, actor=actor, request=request, obj=account, payload=payload)
