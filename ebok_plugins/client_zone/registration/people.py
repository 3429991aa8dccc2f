"""Accounts: finding one by a mailbox, making one with a proven mailbox, giving one new sign-in data."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db.models.functions import Lower

from ebok.accounts import live_sessions, roles, sessions
from ebok.accounts.models import User


def account_of(email: str) -> User | None:
    """Whose mailbox it is: as sign-in address, or as a further address that was confirmed. Two queries."""
    typed = email.lower()
    # By the index of the constraint, which knows small letters only.
    found: User | None = User.objects.alias(small=Lower("email")).filter(small=typed).first()
    address = EmailAddress.objects.filter(email=typed, verified=True).select_related("user").first()
    return found or (address.user if address else None)


def has_mailbox(user: User, email: str) -> bool:
    """Whether the person has proven to read that mailbox."""
    return bool(email) and EmailAddress.objects.filter(user=user, email=email.lower(), verified=True).exists()


def make_account(email: str, hashed_password: str) -> User:
    """An account with a proven mailbox. Raises `IntegrityError` when somebody has one meanwhile."""
    user = User(email=email.lower(), password=hashed_password)
    user.save(force_insert=True)
    user.groups.add(*Group.objects.filter(name=roles.CLIENTS))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def give_sign_in_data(user: User, email: str, hashed_password: str) -> None:
    """Another mailbox and password; every session of the account ends. The second factor stays.

    Raises `IntegrityError` when the mailbox is somebody else's meanwhile.
    """
    user.email = email.lower()
    user.password = hashed_password
    user.save(update_fields=["email", "password"])
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    # Their key depends on the password, so they are over anyway; the list of sessions shall say so too.
    live_sessions.end_all(user, sessions.REVOKED, actor=user)


def is_staff_account(user: User) -> bool:
    """Whether an account opens more than the client zone: such a one is never recovered by an invoice."""
    in_groups = user.groups.exclude(name=roles.CLIENTS).exists()
    return in_groups or user.is_staff or user.is_superuser or user.user_permissions.exists()
