"""Records signing in, signing out and failed tries, and starts the session's clock."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as allauth_signals
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa_signals
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import pre_delete
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.accounts import duties, live_sessions, second_step, sessions
from ebok.accounts.models import User
from ebok.journal.digests import keyed_fingerprint
from ebok.journal.services import record


def connect() -> None:
    """Connect the receivers; called once when Django is ready."""
    user_logged_in.connect(signed_in, dispatch_uid="ebok-accounts-signed-in")
    user_logged_out.connect(signed_out, dispatch_uid="ebok-accounts-signed-out")
    user_login_failed.connect(sign_in_failed, dispatch_uid="ebok-accounts-failed")
    for signal in (
        allauth_signals.password_changed,
        allauth_signals.password_set,
        allauth_signals.password_reset,
    ):
        signal.connect(password_changed, dispatch_uid="ebok-accounts-password")
    allauth_signals.password_reset.connect(address_proven, dispatch_uid="ebok-accounts-proven")
    allauth_signals.email_changed.connect(email_changed, dispatch_uid="ebok-accounts-email")
    mfa_signals.authenticator_added.connect(second_step.added, dispatch_uid="ebok-accounts-step-added")
    mfa_signals.authenticator_removed.connect(second_step.removed, dispatch_uid="ebok-accounts-step-removed")
    mfa_signals.authenticator_reset.connect(second_step.codes_made, dispatch_uid="ebok-accounts-codes")
    mfa_signals.authentication_failed.connect(second_step.failed, dispatch_uid="ebok-accounts-step-failed")
    pre_delete.connect(purged, sender=UserSession, dispatch_uid="ebok-accounts-purged")


def signed_in(sender: object, request: HttpRequest | None, user: User, **_kwargs: Any) -> None:
    """A person is in: start the session's clock and record with which proofs."""
    methods: list[str] = []
    if request is not None:
        sessions.start(request)
        request.ebok_signed_in = True  # type: ignore[attr-defined]
        methods = sessions.methods_of(request)
        live_sessions.opened(request, user, methods)
        duties.judge(request, user)
    record(
        "accounts.signed_in",
        text=_("Signed in: %(who)s") % {"who": user.email},
        actor=user,
        request=request,
        obj=user,
        payload={"methods": methods},
    )


def signed_out(sender: object, request: HttpRequest | None, user: User | None, **_kwargs: Any) -> None:
    """A person is out; `sessions.end()` said how before."""
    if request is not None:
        request.ebok_signed_in = False  # type: ignore[attr-defined]
    if user is None or not user.is_authenticated:
        return
    manner = sessions.manner_of(request)
    if request is not None:
        live_sessions.forget(request)
    live_sessions.journal_end(user, manner, request=request)


def sign_in_failed(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **_kwargs: Any
) -> None:
    """A try failed. The password is never looked at; an unknown login is kept only masked.

    People type their password into the wrong field, so what matches no account may be one.
    """
    login = str(credentials.get("email") or credentials.get("username") or "").strip()
    user = User.objects.filter(email__iexact=login).first() if "\x00" not in login else None
    shown = user.email if user else masked(login)
    record(
        "accounts.sign_in_failed",
        text=_("Failed sign-in: %(who)s") % {"who": shown},
        actor="",
        request=request,
        obj=user,
        payload={"known": user is not None, "shown": shown, "login": keyed_fingerprint(login.lower())},
    )


def password_changed(sender: object, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """A person has a new password: whoever else is in with the old one is out."""
    record(
        "accounts.password_changed",
        text=_("Password changed: %(who)s") % {"who": user.email},
        actor=user,
        request=request,
        obj=user,
    )
    mine = None
    if request.user == user:
        live_sessions.moved(request)
        mine = request.session.session_key
    live_sessions.end_all(user, sessions.REVOKED, actor=user, but=mine)


def address_proven(sender: object, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """A link that was sent to the account's only address was used, so the address is the person's."""
    addresses = list(EmailAddress.objects.filter(user=user)[:2])
    if len(addresses) == 1 and addresses[0].email.lower() == user.email.lower():
        EmailAddress.objects.filter(pk=addresses[0].pk).update(verified=True)


def email_changed(
    sender: object,
    request: HttpRequest,
    user: User,
    from_email_address: EmailAddress | None,
    to_email_address: EmailAddress,
    **_kwargs: Any,
) -> None:
    """A person signs in with another address from now on."""
    old = from_email_address.email if from_email_address else ""
    record(
        "accounts.email_changed",
        text=_("E-mail address changed from %(old)s to %(new)s")
        % {"old": old, "new": to_email_address.email},
        actor=user,
        request=request,
        obj=user,
        payload={"old": old, "new": to_email_address.email},
    )


def purged(sender: object, instance: UserSession, origin: object, **_kwargs: Any) -> None:
    """allauth drops rows of sessions that are gone when their owner signs in; the journal hears of it.

    Our own endings do not pass here. A row that goes with its account is no sign-out.
    """
    if origin is instance:
        manner = live_sessions.manner_of_end(instance, timezone.now())
        live_sessions.journal_end(instance.user, manner, actor="", session=instance)


def masked(login: str) -> str:
    """The login with all but its first letter and the domain hidden: "j…@example.pl"."""
    if not login:
        return "…"
    name, at, domain = login.partition("@")
    return f"{name[:1]}…{at}{domain[:60]}"
