"""What the kartoteka knows about an identity that is about to be linked with an account."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from ebok.accounts.federation.signals import IdentityRefused, about_to_link
from ebok.accounts.models import User
from ebok.customers.access import accesses_of
from ebok.customers.models import AccessRole


def connect() -> None:
    """Connect the receiver; called once when Django is ready."""
    about_to_link.connect(compare_number, dispatch_uid="ebok-customers-identity")


def compare_number(sender: object, *, user: User, personal_number_hash: str, **_said: Any) -> None:
    """Refuse an identity whose PESEL is not that of the account's own contract.

    Compared are hashes, and only for customers whose holder the person is: who acts for somebody else has
    another number, and a customer without a number (a company, an old record) cannot be compared.
    """
    if not personal_number_hash:
        return
    held = accesses_of(user).filter(role=AccessRole.OWNER).exclude(customer__pesel_hash="")
    known = set(held.values_list("customer__pesel_hash", flat=True))
    if known and personal_number_hash not in known:
        raise IdentityRefused(
            _("This identity has another PESEL number than your contract. Nothing was linked. Call us.")
        )
