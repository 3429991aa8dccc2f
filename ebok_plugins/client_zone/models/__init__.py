"""What the client zone keeps of its own: how people get in, letters that let them in, requests."""

from ebok_plugins.client_zone.models.arrangement import CardArrangement, OwnCards
from ebok_plugins.client_zone.models.joining import Claim, ClaimKind, ClaimState, Registration
from ebok_plugins.client_zone.models.letters import AccessLetter, LetterBatch, LetterFile
from ebok_plugins.client_zone.models.requests import AccountRequest, RequestKind, RequestState
from ebok_plugins.client_zone.models.site_settings import JoiningSettings

__all__ = [
    "AccessLetter",
    "AccountRequest",
    "CardArrangement",
    "Claim",
    "ClaimKind",
    "ClaimState",
    "JoiningSettings",
    "LetterBatch",
    "LetterFile",
    "OwnCards",
    "Registration",
    "RequestKind",
    "RequestState",
]
