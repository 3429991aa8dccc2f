"""Forgetting a person: what of an account is erased, and what stays."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils import timezone

from ebok.accounts.models import User
from ebok.journal import kinds
from ebok.journal.erasing import erase_details
from ebok.journal.models import Event
from ebok.ports import Erasure

NOWHERE = "deleted.invalid"
"""A domain that will never exist (RFC 2606), for the address an account must have."""
AT_ONCE = 1_000


def erase_person(user: User) -> None:
    """Take everything personal out of the account's row and from what hangs on it; call in a transaction."""
    erase_traces(user)
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()
    user.email = f"{user.public_id}@{NOWHERE}"
    user.first_name = user.last_name = user.language = user.lock_reason = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.locked_at = user.deleted_at = timezone.now()
    user.set_unusable_password()
    user.save()


def erase_traces(user: User) -> int:
    """Delete the journal's details about the person that may be deleted; returns how many."""
    erasable = [kind.key for kind in kinds.declared() if kind.erasure is Erasure.ERASE_DETAIL]
    about = Q(actor_id=user.pk) | Q(object_type=User._meta.label_lower, object_id=str(user.pk))
    ids = list(Event.objects.filter(about, kind__in=erasable).values_list("id", flat=True))
    return sum(erase_details(ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))
