"""Which identities belong to which account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ebok.accounts.federation.models import IdentityLink
from ebok.accounts.federation.pending import Pending
from ebok.accounts.federation.ways import title_of
from ebok.accounts.models import User


@dataclass(frozen=True)
class LinkRow:
    """A link as the account page shows it."""

    pk: int
    title: Any
    linked_at: Any


def link_to(pending: Pending) -> IdentityLink | None:
    """The link of this identity, with its account."""
    return (
        IdentityLink.objects.filter(provider=pending.provider, subject_hash=pending.subject_hash)
        .select_related("user")
        .first()
    )


def links_of(user: User) -> list[LinkRow]:
    """What is linked with the account, the oldest first."""
    links = IdentityLink.objects.filter(user=user).order_by("linked_at", "pk")
    return [LinkRow(pk=link.pk, title=title_of(link.provider), linked_at=link.linked_at) for link in links]


def account_with(email: str) -> User | None:
    """The account that signs in with this address; further addresses of an account do not count."""
    return User.objects.filter(email__iexact=email).first() if email and "\x00" not in email else None
