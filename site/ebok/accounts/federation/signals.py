"""What other rooms may say before an identity is linked."""

from django.dispatch import Signal

from ebok.ports import IdentityRefused

about_to_link = Signal()
"""Sent inside the transaction, before an identity is linked with an account.

Arguments: `user`, `provider` (key), `personal_number_hash` (as the kartoteka keeps it, or empty). A receiver
that knows better raises `IdentityRefused` with a sentence for the person; nothing is linked then.
"""

__all__ = ["IdentityRefused", "about_to_link"]
