"""Linking an identity with an account and taking the link back; one event each."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.accounts.federation.models import IdentityLink, LinkWay
from ebok.accounts.federation.pending import Pending
from ebok.accounts.federation.signals import about_to_link
from ebok.accounts.federation.ways import title_of
from ebok.accounts.models import User
from ebok.journal.services import record
from ebok.ports import IdentityRefused


def link_identity(
    pending: Pending, user: User, *, way: str, consent: str = "", request: HttpRequest | None = None
) -> IdentityLink:
    """Let the identity sign in to the account from now on.

    Gives no access to any customer: the account may do what it may do. Raises `IdentityRefused` with a
    sentence when the identity or the account is linked already, or another room objects (`about_to_link`).
    """
    try:
        with transaction.atomic():
            # Two windows that agree at once wait for each other here.
            User.objects.select_for_update().get(pk=user.pk)
            _refuse_second(pending, user)
            about_to_link.send(
                sender=IdentityLink,
                user=user,
                provider=pending.provider,
                personal_number_hash=pending.personal_number_hash,
            )
            link = IdentityLink.objects.create(
                user=user,
                provider=pending.provider,
                subject_hash=pending.subject_hash,
                way=way,
                consent=consent,
                linked_at=timezone.now(),
            )
            record(
                "accounts.identity_linked",
                text=_("%(provider)s linked with the account %(who)s")
                % {"provider": title_of(pending.provider), "who": user.email},
                actor=user,
                request=request,
                obj=user,
                payload={"provider": pending.provider, "way": way, "consent": consent},
            )
    except IntegrityError:
        # Another account took the identity between our look and our write.
        raise IdentityRefused(_taken()) from None
    _tell("socialaccount/email/account_connected", user)
    return link


def unlink_identity(link: IdentityLink, *, request: HttpRequest | None = None) -> bool:
    """The identity no longer signs in to the account; False when it was unlinked before."""
    user = link.user
    with transaction.atomic():
        deleted, _rows = IdentityLink.objects.filter(pk=link.pk).delete()
        if deleted:
            record(
                "accounts.identity_unlinked",
                text=_("%(provider)s unlinked from the account %(who)s")
                % {"provider": title_of(link.provider), "who": user.email},
                request=request,
                obj=user,
                payload={"provider": link.provider},
            )
    if deleted:
        _tell("socialaccount/email/account_disconnected", user)
    return bool(deleted)


def _refuse_second(pending: Pending, user: User) -> None:
    if IdentityLink.objects.filter(provider=pending.provider, subject_hash=pending.subject_hash).exists():
        raise IdentityRefused(_taken())
    if IdentityLink.objects.filter(user=user, provider=pending.provider).exists():
        raise IdentityRefused(
            _("Another identity of this kind is linked with your account. Unlink it first.")
        )


def _taken() -> str:
    return _("This identity is already linked with an account.")


def _tell(letter: str, user: User) -> None:
    # A notice that cannot be sent must not undo what the person has done.
    transaction.on_commit(
        lambda: get_adapter().send_notification_mail(letter, user, {}, email=user.email), robust=True
    )


__all__ = ["IdentityRefused", "LinkWay", "link_identity", "unlink_identity"]
