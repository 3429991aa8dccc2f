"""Tables of this room: people, the consents they gave, and the rules of signing in."""

from ebok.accounts.models.consents import Channel, Consent, ConsentKind, ConsentText
from ebok.accounts.models.person import User, UserManager
from ebok.accounts.models.policy import SignInRules

# Needs the user above.
from ebok.accounts.federation.models import IdentityLink  # isort: skip

__all__ = [
    "Channel",
    "Consent",
    "ConsentKind",
    "ConsentText",
    "IdentityLink",
    "SignInRules",
    "User",
    "UserManager",
]
