"""The zone's own records."""

from ebok_plugins.client_zone.models.arrangement import CardArrangement, OwnCards
from ebok_plugins.client_zone.models.requests import AccountRequest, RequestKind, RequestState

__all__ = ["AccountRequest", "CardArrangement", "OwnCards", "RequestKind", "RequestState"]
