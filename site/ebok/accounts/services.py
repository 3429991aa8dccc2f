"""What is done to accounts: made, locked, unlocked, deleted, given a new password, and their profile.

Each function is one transaction with one journal event, and raises `Refused` with a sentence for the person
who asked when it must not be done. `actor` is who does it (a user, or a word for a part of the portal);
letters go out after the transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.accounts import erasing, live_sessions, rules, sending, sessions, signals
from ebok.accounts.models import User
from ebok.accounts.rules import Refusal, Standing
from ebok.journal.services import record

Actor = User | str

SENTENCES: Mapping[str, str | Promise] = {
    Refusal.YOURSELF: gettext_lazy("You cannot do this to your own account. Ask another administrator."),
    Refusal.ABOVE_YOU: gettext_lazy(
        "Only a superadministrator may do this to a superadministrator's account."
    ),
    Refusal.DELETED: gettext_lazy("This account has been deleted."),
    Refusal.LAST_ONE: gettext_lazy("This is the last superadministrator. Make another one first."),
    Refusal.TAKEN: gettext_lazy("Somebody already has an account with this e-mail address."),
    Refusal.NO_REASON: gettext_lazy("Give the reason."),
    Refusal.ADDRESS: gettext_lazy("This is not an e-mail address."),
}


class Refused(Exception):
    """It must not be done; `sentence` says why, `code` is one of `rules.Refusal`."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.sentence = str(SENTENCES[code])
        super().__init__(self.sentence)


def create_account(
    email: str,
    *,
    first_name: str = "",
    last_name: str = "",
    groups: Iterable[Group | str] = (),
    actor: Actor,
    request: HttpRequest | None = None,
) -> User:
    """Make an account without a password and send a letter with a one-time link to set one.

    `groups` are groups or their names; a name nobody knows raises `Group.DoesNotExist`. Raises
    `Refused` for an address that is none, or that somebody has already.
    """
    user = User(
        email=User.objects.normalize_email(email.strip()),
        first_name=first_name.strip()[:150],
        last_name=last_name.strip()[:150],
    )
    user.set_unusable_password()
    with transaction.atomic():
        _store_new(user)
        user.groups.set(
            [group if isinstance(group, Group) else Group.objects.get(name=group) for group in groups]
        )
        record(
            "accounts.account_made",
            text=_("Account made: %(who)s") % {"who": user.email},
            actor=actor,
            request=request,
            obj=user,
            payload={"groups": sorted(user.groups.values_list("name", flat=True))},
        )
        signals.account_created.send(User, user=user)
    sending.send(sending.FIRST_PASSWORD, user, request)
    return user


def _store_new(user: User) -> None:
    try:
        User._meta.get_field("email").clean(user.email, user)
    except ValidationError as error:
        raise Refused(Refusal.ADDRESS) from error
    taken = User.objects.filter(email__iexact=user.email).exists()
    if taken or EmailAddress.objects.filter(email__iexact=user.email, verified=True).exists():
        raise Refused(Refusal.TAKEN)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        # Somebody was quicker between the question and the answer.
        raise Refused(Refusal.TAKEN) from error
    EmailAddress.objects.create(user=user, email=user.email.lower(), primary=True, verified=False)


@transaction.atomic
def lock_account(user: User, *, reason: str, actor: Actor, request: HttpRequest | None = None) -> None:
    """Let nobody in with this account any more, and sign it out everywhere. Locking twice changes nothing."""
    user = _held(user)
    reason = reason.strip()[:500]
    _refuse(_why_not_shut_out(actor, user) or ("" if reason else Refusal.NO_REASON))
    if not user.is_active:
        return
    user.is_active, user.locked_at, user.lock_reason = False, timezone.now(), reason
    user.save(update_fields=["is_active", "locked_at", "lock_reason"])
    _sign_out(user, actor)
    record(
        "accounts.account_locked",
        text=_("Account locked: %(who)s. Reason: %(reason)s") % {"who": user.email, "reason": reason},
        actor=actor,
        request=request,
        obj=user,
        payload={"reason": reason},
    )
    signals.account_locked.send(User, user=user)


@transaction.atomic
def unlock_account(user: User, *, actor: Actor, request: HttpRequest | None = None) -> None:
    """Let the person in again, with the password they had. Unlocking an open account changes nothing."""
    user = _held(user)
    _refuse(rules.why_not_touch(_standing(actor), standing_of(user)))
    if user.is_active:
        return
    user.is_active, user.locked_at, user.lock_reason = True, None, ""
    user.save(update_fields=["is_active", "locked_at", "lock_reason"])
    record(
        "accounts.account_unlocked",
        text=_("Account unlocked: %(who)s") % {"who": user.email},
        actor=actor,
        request=request,
        obj=user,
    )
    signals.account_unlocked.send(User, user=user)


@transaction.atomic
def delete_account(user: User, *, reason: str, actor: Actor, request: HttpRequest | None = None) -> None:
    """Erase who the account belonged to; keep its row, locked for good, for what refers to it.

    Name, address, password, second factors, sessions, groups and rights go, and so do the journal's
    details that the person may have forgotten; the e-mail address is free again. Billing data are kept
    by a legal duty and are not touched. A person may delete their own account.
    """
    user = _held(user)
    reason = reason.strip()[:500]
    own = isinstance(actor, User) and actor.pk == user.pk
    _refuse(_why_not_shut_out(actor, user, own_wish=own) or ("" if reason else Refusal.NO_REASON))
    signals.account_deleted.send(User, user=user)
    _sign_out(user, actor)
    erasing.erase_person(user)
    record(
        "accounts.account_deleted",
        # Without the address: the sentence stays when the person is forgotten.
        text=_("Account number %(number)d deleted. Reason: %(reason)s")
        % {"number": user.pk, "reason": reason},
        actor=_("the person") if own else actor,
        request=request,
        obj=user,
        payload={"reason": reason, "own_wish": own},
    )


def send_password_reset(user: User, *, actor: Actor, request: HttpRequest | None) -> None:
    """Send a letter with a one-time link to set a new password; the old one works until it is used."""
    with transaction.atomic():
        user = _held(user)
        _refuse(rules.why_not_touch(_standing(actor), standing_of(user)))
        record(
            "accounts.password_reset_sent",
            text=_("Link to a new password sent to %(who)s") % {"who": user.email},
            actor=actor,
            request=request,
            obj=user,
        )
    sending.send(sending.NEW_PASSWORD, user, request)


def standing_of(user: User) -> Standing:
    """What the rules need to know of the account."""
    return Standing(
        pk=user.pk, is_superadministrator=user.is_superuser, is_deleted=user.deleted_at is not None
    )


def _standing(actor: Any) -> Standing | None:
    return standing_of(actor) if isinstance(actor, User) else None


def _why_not_shut_out(actor: Actor, user: User, *, own_wish: bool = False) -> str:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).count()
    return rules.why_not_shut_out(_standing(actor), standing_of(user), others_above=others, own_wish=own_wish)


def _held(user: User) -> User:
    """The same account as it is now, held until the transaction ends, so that two people do not collide."""
    return User.objects.select_for_update().get(pk=user.pk)


def _refuse(code: str) -> None:
    if code:
        raise Refused(code)


def _sign_out(user: User, actor: Actor) -> None:
    live_sessions.end_all(user, sessions.REVOKED, actor=actor)


@transaction.atomic
def change_profile(
    user: User, *, first_name: str, last_name: str, language: str, request: HttpRequest | None = None
) -> bool:
    """Change what the person says about themselves; False when nothing differs."""
    new = {"first_name": first_name, "last_name": last_name, "language": language}
    user = _held(user)
    old = {name: getattr(user, name) for name in new}
    if old == new:
        return False
    for name, value in new.items():
        setattr(user, name, value)
    user.save(update_fields=list(new))
    record(
        "accounts.profile_changed",
        text=_("Account details changed: %(who)s") % {"who": user.email},
        actor=user,
        request=request,
        obj=user,
        payload={"old": old, "new": new},
    )
    return True
